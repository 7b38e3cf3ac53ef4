"""Shift the rest of a session: who is touched is shown first, and exactly they begin later."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.bookings.actions import Shown, shift_rest
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import Rest, rests_on
from besuk.flow.live.models import Call
from besuk.ground.accounts.capabilities import DESK_BOOK
from besuk.ground.facilities.models import Station
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.desk.day import chosen_day
from besuk.web.shared.access import Asked, facility_of, needs

CHOICES = tuple(range(5, 65, 5))
"""Minutes offered; the rules allow more."""


@dataclass(frozen=True)
class Shiftable:
    """What of one session can begin later."""

    rest: Rest
    visits: list[Visit]
    stations: list[Station]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(DESK_BOOK)
def day_shift(request: Asked) -> HttpResponseBase:
    """The sessions of a day with what is left of each. A POST shifts the visits that were shown."""
    facility = facility_of(request, DESK_BOOK)
    now = clock.now()
    on = chosen_day(request, facility, now)
    if request.method != "POST":
        return _page(request, facility, on, now)
    try:
        count = shift_rest(
            facility=facility,
            shown=_shown(facility, request.POST),
            minutes=_minutes(request.POST),
            reason=request.POST.get("reason", ""),
            key=request.POST.get("key", ""),
            actor=request.actor,
            now=now,
        )
    except Refused as refused:
        return _page(request, facility, on, now, refused)
    done = ngettext("{n} kunjungan digeser. Keluarga sudah dikabari.",
                    "{n} kunjungan digeser. Keluarga sudah dikabari.", count)  # fmt: skip
    messages.success(request, done.format(n=count))
    return redirect(f"/desk/day/?on={on.isoformat()}")


def shiftables(facility: Facility, on: date, now: datetime) -> list[Shiftable]:
    """The sessions of a local day that have visits whose call has not begun, in order."""
    rests = rests_on(facility, on)
    begun = _begun([visit for rest in rests for visit in rest.visits])
    found = []
    for rest in rests:
        visits = [visit for visit in rest.visits if visit.ends_at > now and visit.ref not in begun]
        stations = sorted({visit.station for visit in visits}, key=lambda station: station.number)
        if visits:
            found.append(Shiftable(rest, visits, stations))
    return found


def _begun(visits: list[Visit]) -> set[str]:
    calls = Call.objects.filter(visit__in=visits, admitted_at__isnull=False)
    return set(calls.values_list("visit__ref", flat=True))


def _shown(facility: Facility, given: QueryDict) -> Shown:
    """What the form carries: `ref@moment` of each visit, of which those at the chosen stations count.

    Raises Refused(FORM_INCOMPLETE).
    """
    try:
        pairs = dict(one.split("@", 1) for one in given.getlist("visit"))
        times = {ref: datetime.fromisoformat(at) for ref, at in pairs.items()}
        start = datetime.fromisoformat(given.get("session", ""))
    except ValueError:
        raise refuse("FORM_INCOMPLETE") from None
    stations = list(facility.stations.filter(ref__in=given.getlist("station")).values_list("pk", flat=True))
    if start.tzinfo is None or any(at.tzinfo is None for at in times.values()) or not stations:
        raise refuse("FORM_INCOMPLETE")
    visits = Visit.objects.filter(facility=facility, ref__in=times, station__in=stations)
    shown = {visit.ref: times[visit.ref] for visit in visits}
    there = Visit.objects.filter(facility=facility, station__in=stations, starts_at__gte=start, state="booked")
    return Shown(start, stations, shown, _begun(list(there)))


def _minutes(given: QueryDict) -> int:
    try:
        return int(given.get("minutes", ""))
    except ValueError:
        raise refuse("MINUTES_MISSING") from None


def _page(
    request: Asked, facility: Facility, on: date, now: datetime, refused: Refused | None = None
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "facility": facility,
        "on": on,
        "shiftables": shiftables(facility, on, now),
        "choices": CHOICES,
        "given": request.POST,
        "refusals": told(refused.reasons, to_staff=True) if refused else [],
    }
    return render(request, "desk/day_shift.html", context, status=status_of(refused.reasons) if refused else 200)
