"""The inmate asks for support: at the station, during the call or just after it."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from besuk.flow.checkin.queries import attendance_of
from besuk.flow.live.models import Call
from besuk.flow.oversight.actions import ask_support
from besuk.flow.oversight.actions.support import AT_THE_STATION
from besuk.flow.oversight.models import Support
from besuk.ground.accounts.capabilities import STATION_OWN
from besuk.ground.facilities.models import Station
from besuk.ground.kernel import clock
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.refusals import wants_json
from besuk.web.station.own_station import own_station

SAID_FOR = timedelta(minutes=1)


def last_call(station: Station, now: datetime) -> Call | None:
    """The newest call here whose inmate is, or just was, at this station.

    The next visit's call is prepared while the one before still sits here: it is nobody's until its inmate is ready.
    """
    fresh = Q(ended_at__isnull=True) | Q(ended_at__gt=now - AT_THE_STATION)
    calls = Call.objects.filter(fresh, station=station).select_related("visit").order_by("-prepared_at")
    return next((call for call in calls if call.ended_at or attendance_of(call.visit)["inmate"].state == "ready"), None)


def offered(call: Call | None, actor: Actor, now: datetime) -> str | None:
    """What the idle page says after `call`: "" to ask, the state just after asking, then nothing.

    Whoever sits here next need not read that somebody asked.
    """
    if call is None:
        return None
    mine = Support.objects.filter(call=call, by_subject=actor.subject).order_by("-pk").first()
    if mine is None:
        return ""
    return mine.state if now - mine.at <= SAID_FOR else None


@require_POST
@needs(STATION_OWN)
def ask(request: Asked) -> HttpResponseBase:
    """To the pendamping alone; the family does not read of it."""
    now = clock.now()
    call = last_call(own_station(request.actor), now)
    if call is None:
        raise refuse("CALL_NOT_OPEN")
    ask_support(call_ref=call.ref, words=request.POST.get("words", ""), actor=request.actor, now=now)
    return JsonResponse({"ok": True}) if wants_json(request) else redirect("station_idle")
