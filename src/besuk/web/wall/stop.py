"""The two addresses of stop all: JSON in, JSON out. The wall's socket carries the same word (door/control.py)."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from besuk.flow.oversight.acts import stopping
from besuk.flow.oversight.acts.act import Answer
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.web.shared.access import Asked, facility_of, needs
from besuk.web.shared.refusals import json_answer
from besuk.web.wall.acts import body_of


@require_POST
@needs(CONDUCT)
def stop_all(request: Asked) -> HttpResponse:
    """End every supervised call of the officer's prison. Pressing again is harmless."""
    facility = facility_of(request, CONDUCT)
    return json_answer(lambda: stopping.stop_all_blocking(facility_id=facility.pk, actor=request.actor), to_staff=True)


@require_POST
@needs(CONDUCT)
def reopen(request: Asked) -> HttpResponse:
    """Let calls be admitted again, with a reason."""
    facility = facility_of(request, CONDUCT)

    def work() -> Answer:
        reason = str(body_of(request).get("reason", ""))
        return stopping.reopen_blocking(facility_id=facility.pk, reason=reason, actor=request.actor)

    return json_answer(work, to_staff=True)
