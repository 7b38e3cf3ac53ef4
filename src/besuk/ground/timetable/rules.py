"""From weekly patterns to slots. Pure: local times in, UTC intervals out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from besuk.ground.kernel.interval import Interval


@dataclass(frozen=True)
class SessionShape:
    """A session template as the rules need it. `stations` empty: every station."""

    weekday: int
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None
    slot: timedelta
    buffer: timedelta
    stagger: timedelta
    who_may: str
    stations: frozenset[int] = frozenset()

    def applies_on(self, day: date) -> bool:
        """Whether the pattern holds on `day` (the last day of validity included)."""
        ended = self.valid_until is not None and day > self.valid_until
        return day.weekday() == self.weekday and self.valid_from <= day and not ended


@dataclass(frozen=True)
class StationShape:
    """A station in its order in the prison."""

    pk: int
    is_open: bool = True


@dataclass(frozen=True)
class ClosureShape:
    """A closed time; `station` None closes the whole facility."""

    interval: Interval
    station: int | None = None


@dataclass(frozen=True)
class Slot:
    """One bookable time at one station. `buffer` follows it. `closed` says by what it is closed, if it is."""

    station_id: int
    interval: Interval
    buffer: timedelta
    who_may: str
    closed: str = ""

    @property
    def taken(self) -> Interval:
        """The time it takes up, with the buffer."""
        return Interval(self.interval.start, self.interval.end + self.buffer)


def sessions_on(day: date, sessions: Sequence[SessionShape], zone: ZoneInfo) -> list[Interval]:
    """When the facility receives visits on a local day: patterns that overlap are one session, in order."""
    found: list[Interval] = []
    spans = {(_utc(day, one.starts, zone), _utc(day, one.ends, zone)) for one in sessions if one.applies_on(day)}
    for starts, ends in sorted(spans):
        if found and starts < found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, ends))
        else:
            found.append(Interval(starts, ends))
    return found


def slots_on(
    day: date,
    sessions: Sequence[SessionShape],
    stations: Sequence[StationShape],
    closures: Sequence[ClosureShape],
    zone: ZoneInfo,
) -> list[Slot]:
    """All slots of a local day, by start and station; closed ones carry a refusal code in `closed`.

    Each next station starts `stagger` later, so that not all inmates are fetched at once. The last slot
    of a session needs no buffer, but must end in time.
    """
    found: dict[tuple[datetime, int], Slot] = {}
    for session in sessions:
        if not session.applies_on(day):
            continue
        places = [one for one in stations if not session.stations or one.pk in session.stations]
        for position, station in enumerate(places):
            for interval in _starts(day, session, position, zone):
                closed = closed_by(interval, station, closures)
                slot = Slot(station.pk, interval, session.buffer, session.who_may, closed)
                found.setdefault((interval.start, station.pk), slot)
    return [found[key] for key in sorted(found)]


def _starts(day: date, session: SessionShape, position: int, zone: ZoneInfo) -> Iterator[Interval]:
    end = _utc(day, session.ends, zone)
    start = _utc(day, session.starts, zone) + position * session.stagger
    while start + session.slot <= end:
        yield Interval.lasting(start, session.slot)
        start += session.slot + session.buffer


def _utc(day: date, local: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, local, zone).astimezone(ZoneInfo("UTC"))


def closed_by(interval: Interval, station: StationShape, closures: Sequence[ClosureShape]) -> str:
    """The code of what closes the station in that time; empty: nothing does."""
    if not station.is_open:
        return "STATION_CLOSED"
    hits = [one for one in closures if one.station in {None, station.pk} and one.interval.overlaps(interval)]
    if not hits:
        return ""
    if any(one.station == station.pk for one in hits):
        return "STATION_CLOSED"
    whole_day = any(one.interval.length >= timedelta(hours=20) for one in hits)
    return "DATE_CLOSED" if whole_day else "SESSION_CLOSED"


def calls_a_week(monday: date, sessions: Sequence[SessionShape], stations: int) -> int:
    """How many calls a week has room for: what a change of the timetable buys."""
    zone = ZoneInfo("UTC")
    places = [StationShape(pk) for pk in range(1, stations + 1)]
    return sum(len(slots_on(monday + timedelta(days=n), sessions, places, (), zone)) for n in range(7))
