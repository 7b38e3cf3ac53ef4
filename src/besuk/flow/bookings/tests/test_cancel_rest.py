"""Many visits lost at once: the timetable is looked at once for all of them, and what was theirs is free to choose."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import Shown, cancel_rest, shift_rest, take_station
from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.ground.facilities.models import FacilityPolicy, Station
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.interval import Interval
from besuk.ground.timetable.models import Closure
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast, new_inmate, new_visitor

pytestmark = pytest.mark.django_db
OF_THE_TIMETABLE = (
    'FROM "timetable_sessiontemplate"', 'FROM "timetable_closure"', 'FROM "facilities_station"',
    'FROM "facilities_facilitypolicy"',
)  # fmt: skip
MONDAY = date(2026, 11, 30)
"""Of the week of the clock, which shows Thursday, 09.20."""


@pytest.fixture
def many(cast: Cast, now: datetime) -> Callable[[int, int], list[Visit]]:
    """So many visits of different families in one session, some days from now; a place and time each."""

    def make(count: int, days: int) -> list[Visit]:
        stations = [*cast.lapas.stations]
        while len(stations) * 4 < count:
            number = Station.objects.filter(facility=cast.lapas.facility).count() + 1
            stations.append(Station.objects.create(facility=cast.lapas.facility, room=cast.lapas.room, number=number))
        families = [
            approved_tie(new_visitor(f"Keluarga {n}"), new_inmate(cast.lapas.facility, f"Warga {n}"))
            for n in range(count)
        ]
        times = [now + timedelta(days=days, minutes=20 * n) for n in range(4)]
        places = [(at, station) for at in times for station in stations][:count]
        return [
            booked_visit(tie, starts_at=at, station=station, now=now)
            for tie, (at, station) in zip(families, places, strict=True)
        ]

    return make


def looks(work: Callable[[], object]) -> int:
    """How often the timetable, its stations, closures and policy are read by this work."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return sum(any(table in one["sql"] for table in OF_THE_TIMETABLE) for one in asked.captured_queries)


def cancel(visits: Sequence[Visit], desk: Actor, now: datetime) -> int:
    refs = [one.ref for one in visits]
    return cancel_rest(
        facility_id=visits[0].facility_id, visit_refs=refs, reason="Padam", key=refs[0], actor=desk, now=now
    )


def test_forty_visits_cost_one_look_at_the_timetable(
    many: Callable[[int, int], list[Visit]], desk: Actor, now: datetime
) -> None:
    one, forty = many(1, 2), many(40, 4)
    of_one = looks(lambda: cancel(one, desk, now))
    assert of_one > 0
    assert looks(lambda: cancel(forty, desk, now)) == of_one
    assert LedgerEntry.objects.filter(kind="returned", units=1, goes_first=True).count() == 41


def test_each_of_them_costs_a_dozen_questions_and_writes(
    many: Callable[[int, int], list[Visit]], desk: Actor, now: datetime
) -> None:
    """The write lock is held for all of them together."""
    counted = []
    for visits in (many(1, 2), many(40, 4)):
        with CaptureQueriesContext(connection) as asked:
            cancel(visits, desk, now)
        counted.append(len(asked))
    assert (counted[1] - counted[0]) / 39 <= 13


def test_shifting_forty_visits_costs_one_look_as_well(
    many: Callable[[int, int], list[Visit]], desk: Actor, now: datetime
) -> None:
    def shift(visits: list[Visit]) -> int:
        start = visits[0].starts_at - timedelta(minutes=20)
        shown = Shown(start, {one.station_id for one in visits}, {one.ref: one.starts_at for one in visits})
        return shift_rest(
            facility=visits[0].facility, shown=shown, minutes=10, reason="Padam", key=visits[0].ref, actor=desk, now=now
        )

    one, forty = many(1, 4), many(40, 5)
    of_one = looks(lambda: shift(one))
    assert of_one > 0
    assert looks(lambda: shift(forty)) == of_one


def only_these_are_open(visits: Sequence[Visit]) -> None:
    """From now to the end of the week nothing is open but the hours of these visits, at their station."""
    facility, begin, end = visits[0].facility, visits[0].starts_at, visits[-1].ends_at
    sunday = end + timedelta(days=6 - end.weekday())
    for since, until in ((begin - timedelta(days=4), begin), (end, sunday)):
        Closure.objects.create(facility=facility, starts_at=since, ends_at=until, reason="Renovasi")
    for station in Station.objects.filter(facility=facility).exclude(pk=visits[0].station_id):
        Closure.objects.create(facility=facility, station=station, starts_at=begin, ends_at=end, reason="Rusak")
    FacilityPolicy.objects.update_or_create(facility=facility, defaults={"values": {"choice_for_a_return": 2}})


@pytest.fixture
def two(cast: Cast, tie: Tie, now: datetime) -> list[Visit]:
    """Two visits, one after the other, at one station, whose places are all that is open this week."""
    other = approved_tie(cast.budi, cast.lapas.inmates[1])
    at = now + timedelta(days=2)
    visits = [booked_visit(tie, starts_at=at, now=now)]
    visits.append(booked_visit(other, starts_at=at + timedelta(minutes=20), now=now))
    only_these_are_open(visits)
    return visits


def weeks() -> set[date]:
    return set(LedgerEntry.objects.filter(kind="returned").values_list("week", flat=True))


def test_places_that_are_cancelled_together_are_a_choice_for_all_of_them(
    two: list[Visit], desk: Actor, now: datetime
) -> None:
    """Cancelled one after the other, the first would not see that the second's place is free."""
    cancel(two, desk, now)
    assert weeks() == {MONDAY}


def test_places_of_a_station_that_is_taken_are_no_choice(two: list[Visit], desk: Actor, now: datetime) -> None:
    span = Interval(two[0].starts_at, two[1].ends_at)
    refs = [one.ref for one in two]
    take_station(station=two[0].station, span=span, visit_refs=refs, reason="Sidang", key="k", actor=desk, now=now)
    assert weeks() == {MONDAY + timedelta(days=7)}
