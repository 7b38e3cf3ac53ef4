"""A computer is needed for a hearing: who is touched is shown first, then the station is closed for that time."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.bookings.actions import take_station
from besuk.flow.bookings.queries import booked_at
from besuk.ground.accounts.capabilities import DESK_BOOK
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.interval import Interval
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.desk.day import chosen_day
from besuk.web.shared.access import Asked, facility_of, fetch, needs


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(DESK_BOOK)
def day_station(request: Asked) -> HttpResponseBase:
    """Which computer, from when until when; then who is touched; a POST does it."""
    facility = facility_of(request, DESK_BOOK)
    now = clock.now()
    on = chosen_day(request, facility, now)
    if request.method != "POST":
        return _page(request, facility, on, request.GET)
    given = request.POST
    try:
        station, span = _chosen(request, facility, on, given)
        take_station(
            station=station,
            span=span,
            visit_refs=given.getlist("visit"),
            reason=given.get("reason", ""),
            key=given.get("key", ""),
            actor=request.actor,
            now=now,
        )
    except Refused as refused:
        return _page(request, facility, on, given, refused)
    messages.success(request, gettext("Bilik ditutup untuk waktu itu. Keluarga yang terkena sudah dikabari."))
    return redirect(f"/desk/day/?on={on.isoformat()}")


def _chosen(request: Asked, facility: Facility, on: date, given: QueryDict) -> tuple[Station, Interval]:
    """Raises Refused(TIMES_WRONG) for no time or an end before its start."""
    rows = Station.objects.filter(facility=facility)
    station = fetch(request.actor, DESK_BOOK, rows, ref=given.get("station", ""))
    zone = zone_of(facility)
    try:
        start, end = (datetime.combine(on, time.fromisoformat(given.get(one, "")), zone) for one in ("from", "until"))
    except ValueError:
        raise refuse("TIMES_WRONG") from None
    if end <= start:
        raise refuse("TIMES_WRONG")
    return station, Interval(start, end)


def _page(
    request: Asked, facility: Facility, on: date, given: QueryDict, refused: Refused | None = None
) -> HttpResponseBase:
    context: dict[str, Any] = {"facility": facility, "on": on, "given": given, "chosen": None}
    context["stations"] = list(facility.stations.order_by("number"))
    reasons = refused.reasons if refused else ()
    if "station" in given:
        try:
            station, span = _chosen(request, facility, on, given)
            touched = booked_at(station, span).select_related("inmate__block").prefetch_related("people")
            context |= {"chosen": station, "touched": list(touched.order_by("starts_at"))}
        except Refused as incomplete:
            reasons = reasons or incomplete.reasons
    context["refusals"] = told(reasons, to_staff=True)
    return render(request, "desk/day_station.html", context, status=status_of(reasons) if reasons else 200)
