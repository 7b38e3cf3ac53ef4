"""The station between calls: clock, whose turn is next, and the inmate's own "Saya siap"."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import actions
from besuk.flow.checkin.queries import attendance_of
from besuk.flow.live.queries import running_at
from besuk.flow.live.rules import PREPARE_BEFORE
from besuk.ground.accounts.capabilities import STATION_OWN
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.identity import STATION_COOKIE
from besuk.web.station.own_station import own_station
from besuk.web.station.pair import keep_key

LOOK_AHEAD = timedelta(hours=12)


@require_safe
@never_cache
@needs(STATION_OWN)
def idle(request: Asked) -> HttpResponseBase:
    """The idle page; when the call of this station is prepared and the inmate ready, the call itself."""
    station = own_station(request.actor)
    if _call_url(station):
        return redirect("station_call")
    return keep_key(_page(request, station), request.COOKIES[STATION_COOKIE])


@require_safe
@never_cache
@needs(STATION_OWN)
def poll(request: Asked) -> JsonResponse:
    """What the idle page asks every few seconds: has the call opened, has anything changed."""
    station = own_station(request.actor)
    now = clock.now()
    return JsonResponse({"call_url": _call_url(station), "changed": changed_of(station, now), "clock": now.isoformat()})


@require_POST
@needs(STATION_OWN)
def ready(request: Asked) -> HttpResponseBase:
    """The inmate accepts the rules and is ready."""
    station = own_station(request.actor)
    visit = next_visit(station, clock.now())
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
            now=clock.now(),
        )
    except Refused as refused:
        return _page(request, station, refused)
    return redirect("station_idle")


def next_visit(station: Station, now: datetime) -> Visit | None:
    """The booked visit that is on, or comes next within the day."""
    coming = Visit.objects.filter(station=station, state="booked", ends_at__gt=now, starts_at__lt=now + LOOK_AHEAD)
    return coming.select_related("inmate").order_by("starts_at").first()


def changed_of(station: Station, now: datetime) -> str:
    """Another word when the page should be read again."""
    visit = next_visit(station, now)
    if visit is None:
        return "none"
    return f"{visit.ref} {attendance_of(visit)['inmate'].state} {_is_due(visit, now)}"


def _is_due(visit: Visit, now: datetime) -> bool:
    return now >= visit.starts_at - PREPARE_BEFORE


def _call_url(station: Station) -> str | None:
    call = running_at(station.pk)
    if call is None:
        return None
    is_ready = attendance_of(call.visit)["inmate"].state == "ready"
    return reverse("station_call") if is_ready else None


def _page(request: Asked, station: Station, refused: Refused | None = None) -> HttpResponse:
    now = clock.now()
    visit = next_visit(station, now)
    state = attendance_of(visit)["inmate"].state if visit else ""
    policy = policy_of(station.facility_id)
    context: dict[str, Any] = {
        "station": station,
        "facility": station.facility,
        "now": now,
        "visit": visit,
        "state": state,
        "may_get_ready": visit is not None and (state == "present" or (state == "expected" and _is_due(visit, now))),
        "announcement": policy.announcement,
        "complaint_channel": policy.complaint_channel,
        "refusals": told(refused.reasons, to_staff=False) if refused else [],
        "page_data": {"poll_url": reverse("station_poll"), "changed": changed_of(station, now)},
    }
    return render(request, "station/idle.html", context, status=status_of(refused.reasons) if refused else 200)
