"""The station between calls: clock, whose turn is next, and the inmate's own "Saya siap"."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import actions
from besuk.flow.checkin.house_rules import version_for
from besuk.flow.checkin.queries import attendance_of
from besuk.flow.live.queries import running_at
from besuk.flow.live.rules import PREPARE_BEFORE
from besuk.ground.accounts.capabilities import STATION_OWN
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import is_stopped, policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.identity import STATION_COOKIE
from besuk.web.station.own_station import own_station
from besuk.web.station.pair import keep_key
from besuk.web.station.support import last_call, offered

LOOK_AHEAD = timedelta(hours=12)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(STATION_OWN)
def idle(request: Asked) -> HttpResponseBase:
    """The idle page, which fetches itself every few seconds; as soon as the call is prepared, the call.

    A POST is the inmate's "Saya siap", with the rules accepted.
    """
    station = own_station(request.actor)
    if request.method == "POST":
        return _ready(request, station)
    if call_is_open(station):
        return redirect("station_call")
    return keep_key(_page(request, station), request.COOKIES[STATION_COOKIE])


def _ready(request: Asked, station: Station) -> HttpResponseBase:
    now = clock.now()
    visit = next_visit(station, now)
    if visit is None or visit.ref != request.POST.get("visit"):
        return redirect("station_idle")
    accepted = "rules" in request.POST
    try:
        actions.get_ready(
            visit_ref=visit.ref,
            side="inmate",
            rules_accepted=accepted,
            will_not_record=accepted,
            actor=request.actor,
            now=now,
        )
    except Refused as refused:
        return _page(request, station, refused)
    return redirect("station_idle")


def next_visit(station: Station, now: datetime) -> Visit | None:
    """The booked visit that is on, or comes next within the day."""
    coming = Visit.objects.filter(station=station, state="booked", ends_at__gt=now, starts_at__lt=now + LOOK_AHEAD)
    return coming.select_related("inmate").order_by("starts_at").first()


def call_is_open(station: Station) -> bool:
    """Whether this station's call runs and its inmate is ready for it."""
    call = running_at(station.pk)
    return call is not None and attendance_of(call.visit)["inmate"].state == "ready"


def _page(request: Asked, station: Station, refused: Refused | None = None) -> HttpResponse:
    now = clock.now()
    visit = next_visit(station, now)
    state = attendance_of(visit)["inmate"].state if visit else ""
    is_due = visit is not None and now >= visit.starts_at - PREPARE_BEFORE
    policy, rules_version = policy_of(station.facility_id), version_for("inmate")
    paused = is_stopped(station.facility_id)
    support = offered(last_call(station, now), request.actor, now) if state in {"", "expected"} else None
    news = (visit.ref if visit else "", state, is_due, support, paused, rules_version, policy.announcement)
    context: dict[str, Any] = {
        "station": station,
        "facility": station.facility,
        "now": now,
        "visit": visit,
        "state": state,
        "may_get_ready": state == "present" or (state == "expected" and is_due),
        "support": support,
        "paused": paused,
        "announcement": policy.announcement,
        "complaint_channel": policy.complaint_channel,
        "changed": " ".join(map(str, news)),
        "refusals": told(refused.reasons, to_staff=False) if refused else [],
    }
    return render(request, "station/idle.html", context, status=status_of(refused.reasons) if refused else 200)
