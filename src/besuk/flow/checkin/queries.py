"""Reading who has come."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch

from besuk.flow.bookings.models import Visit, VisitPerson
from besuk.flow.checkin import rules
from besuk.flow.checkin.models import Attendance
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel.models import Facility


@dataclass(frozen=True)
class DayRow:
    """One visit of a day as the desk sees it."""

    visit: Visit
    host: VisitPerson | None
    visitor: str
    inmate: str
    """States of attendance."""
    rung: int
    reached: bool
    is_late: bool
    """The late limit has passed and a side is missing."""
    is_to_be_reached: bool = False
    """The family has not come, and it is time to ring it."""


def attendance_of(visit: Visit) -> dict[str, Attendance]:
    """Attendance by side; missing rows are as good as expected."""
    found = {row.side: row for row in Attendance.objects.filter(visit=visit)}
    return {side: found.get(side) or Attendance(visit=visit, side=side) for side in ("visitor", "inmate")}


def waiting(facility: Facility, now: datetime) -> list[Visit]:
    """Booked visits whose family waits now, in the order of their slots."""
    here = Attendance.objects.filter(side="visitor", state__in=["present", "ready"]).values("visit")
    booked = Visit.objects.filter(facility=facility, state="booked", pk__in=here, ends_at__gt=now)
    return list(booked.select_related("inmate", "station").order_by("starts_at", "pk"))


def place_in_line(visit: Visit, now: datetime) -> int:
    """How many visits at the same station come before this one today, counting itself: 1 is next."""
    before = Visit.objects.filter(
        station=visit.station_id, state="booked", starts_at__lt=visit.starts_at, ends_at__gt=now
    )
    return before.count() + 1


def day_rows(facility: Facility, day: date, now: datetime) -> list[DayRow]:
    """All booked and concluded visits of a local day, in the order of time and station."""
    zone = zone_of(facility)
    begin, end = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
    visits = Visit.objects.filter(
        facility=facility, state__in=["booked", "concluded"], starts_at__gte=begin, starts_at__lt=end
    )
    people = VisitPerson.objects.select_related("visitor", "tie")
    rows = visits.select_related("inmate__block", "station").prefetch_related(
        "attendance", "ring_attempts", Prefetch("people", people)
    )
    late = timedelta(minutes=policy_of(facility.pk).late_minutes)
    return [_row(visit, late, now) for visit in rows.order_by("starts_at", "station__number")]


def _row(visit: Visit, late: timedelta, now: datetime) -> DayRow:
    states = {row.side: row.state for row in visit.attendance.all()}
    attempts = list(visit.ring_attempts.all())
    visitor, inmate = states.get("visitor", "expected"), states.get("inmate", "expected")
    missing = "expected" in {visitor, inmate}
    is_late = visit.state == "booked" and missing and now >= visit.starts_at + late
    reached = any(attempt.reached for attempt in attempts)
    to_reach = rules.is_to_be_reached(
        rules.VisitFacts(visit.state, visit.starts_at, visit.ends_at),
        [attempt.at for attempt in attempts],
        has_come=visitor != "expected",
        now=now,
    )
    return DayRow(visit, visit.host, visitor, inmate, len(attempts), reached, is_late, to_reach)
