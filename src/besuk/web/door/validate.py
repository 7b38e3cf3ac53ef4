"""What the client library asks when its connection through the door failed: is there any use in trying again?"""

from http import HTTPStatus

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from besuk.flow.live import actions, reach
from besuk.flow.live.actions import Entry
from besuk.ground.accounts.capabilities import ANYONE
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.media.door import validate
from besuk.ground.media.signalling import DoorPolicy
from besuk.web.door import who
from besuk.web.shared.access import Asked, needs


@require_GET
@needs(ANYONE)
def may_try_again(request: Asked, participation: str) -> HttpResponse:
    """403 is final for the library; 200 means that it may try again. Says nothing about why."""
    entry = _entry(request, participation)
    if entry is None:
        return HttpResponse("not allowed", status=HTTPStatus.FORBIDDEN, content_type="text/plain")
    policy = DoorPolicy(participation, entry.grant)
    status, text = validate(request.GET.dict(), policy, may_enter=not _put_out(entry))
    return HttpResponse(text, status=status, content_type="text/plain")


def _entry(request: Asked, participation: str) -> Entry | None:
    scope = {"session": request.session, "cookies": request.COOKIES, "client": (request.META.get("REMOTE_ADDR", ""),)}
    try:
        actor = who.acting(scope, participation)
        return actions.enter(participation_ref=participation, actor=actor, now=clock.now())
    except Refused:
        return None


def _put_out(entry: Entry) -> bool:
    """Whether the conductor put them out a moment ago: it acts first and records after."""
    try:
        stage = reach.current().studio.stages.get(entry.call_ref)
    except Refused:
        return False
    seat = stage.seats.get(entry.participation_ref) if stage else None
    return stage is not None and (stage.ending or (seat is not None and seat.ejected))
