"""Reading the timetable: the slots of some days, in four queries however many days."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel.interval import Interval
from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.models import Closure, SessionTemplate
from besuk.ground.timetable.rules import (
    ClosureShape,
    SessionShape,
    Slot,
    StationShape,
    closed_by,
    sessions_on,
    slots_on,
)


def slots_between(facility: Facility, first: date, last: date) -> list[Slot]:
    """All slots of the local days from `first` to `last` (included), by start and station."""
    zone = zone_of(facility)
    sessions = session_shapes(facility)
    stations = [StationShape(pk, is_open) for pk, is_open in _stations(facility)]
    closures = _closures(facility, first, last)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [slot for day in days for slot in slots_on(day, sessions, stations, closures, zone)]


def slot_at(facility: Facility, station_id: int, starts_at: datetime) -> Slot | None:
    """The slot of this station that starts at this moment, or none."""
    day = starts_at.astimezone(zone_of(facility)).date()
    for slot in slots_between(facility, day, day):
        if slot.station_id == station_id and slot.interval.start == starts_at:
            return slot
    return None


def session_shapes(facility: Facility) -> list[SessionShape]:
    """The facility's weekly patterns."""
    rows = SessionTemplate.objects.filter(facility=facility).prefetch_related("stations").order_by("pk")
    return [
        SessionShape(
            weekday=row.weekday,
            starts=row.starts,
            ends=row.ends,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            slot=timedelta(minutes=row.slot_minutes),
            buffer=timedelta(minutes=row.buffer_minutes),
            stagger=timedelta(minutes=row.stagger_minutes),
            who_may=row.who_may,
            stations=frozenset(station.pk for station in row.stations.all()),
        )
        for row in rows
    ]


def sessions_of(facility: Facility, day: date) -> list[Interval]:
    """The sessions of a local day, in order."""
    return sessions_on(day, session_shapes(facility), zone_of(facility))


def closings(facility: Facility, spans: Collection[tuple[int, Interval]]) -> set[str]:
    """The codes of what closes these stations in these spans of time; empty: nothing does. Two queries for all."""
    if not spans:
        return set()
    zone = zone_of(facility)
    days = [span.start.astimezone(zone).date() for _station, span in spans]
    are_open, closures = dict(_stations(facility)), _closures(facility, min(days), max(days))
    shapes = {pk: StationShape(pk, are_open.get(pk, False)) for pk, _span in spans}
    return {closed_by(span, shapes[pk], closures) for pk, span in spans} - {""}


def _stations(facility: Facility) -> Sequence[tuple[int, bool]]:
    return list(Station.objects.filter(facility=facility).order_by("number").values_list("pk", "is_open"))


def _closures(facility: Facility, first: date, last: date) -> list[ClosureShape]:
    zone = zone_of(facility)
    start = datetime.combine(first, datetime.min.time(), zone)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
    rows = Closure.objects.filter(facility=facility, starts_at__lt=end, ends_at__gt=start)
    return [ClosureShape(Interval(row.starts_at, row.ends_at), row.station_id) for row in rows]
