"""Calls that have just ended, at the wall of who watched them: their outcomes are confirmed without leaving it."""

from datetime import datetime, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from besuk.flow.bookings.models import Visit
from besuk.flow.live.actions import confirm_outcome
from besuk.flow.live.queries import ended_under
from besuk.flow.oversight.acts.act import Answer
from besuk.ground.accounts.capabilities import OUTCOME_SETTLE
from besuk.ground.kernel import clock
from besuk.ground.kernel.models import Facility
from besuk.web.desk.day_outcome import Ended, ended_of
from besuk.web.shared.access import Asked, facility_of, fetch, needs
from besuk.web.shared.refusals import json_answer
from besuk.web.wall.acts import body_of

LISTED_FOR = timedelta(minutes=15)
"""Later an outcome is one of the day, and stands on the day page."""


@require_safe
@never_cache
@needs(OUTCOME_SETTLE)
def just_ended(request: Asked) -> HttpResponseBase:
    """The piece of the wall that lists them."""
    facility = facility_of(request, OUTCOME_SETTLE)
    context = {"facility": facility, "just_ended": ended_for(request, facility, clock.now())}
    return render(request, "wall/_just_ended.html", context)


@require_POST
@needs(OUTCOME_SETTLE)
def confirm(request: Asked, ref: str) -> HttpResponse:
    """Confirm the outcome of one visit, as it was `seen`. Doing it again is harmless."""

    def work() -> Answer:
        visit = fetch(request.actor, OUTCOME_SETTLE, Visit.objects.all(), ref=ref)
        seen = str(body_of(request).get("seen", ""))
        confirm_outcome(visit_ref=visit.ref, seen=seen, actor=request.actor, now=clock.now())
        return {}

    return json_answer(work, to_staff=True)


def ended_for(request: Asked, facility: Facility, now: datetime) -> list[Ended] | None:
    """What this officer watched and nobody has stood by yet; None for who settles no outcomes."""
    if not request.actor.can(OUTCOME_SETTLE, facility.pk):
        return None
    return ended_of(ended_under(facility, request.actor.pk, now - LISTED_FOR))
