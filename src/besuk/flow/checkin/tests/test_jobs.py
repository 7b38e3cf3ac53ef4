"""The round over visits that have begun costs the same, however many there are."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from besuk.flow.checkin import jobs
from besuk.flow.checkin.models import RingAttempt
from besuk.ground.facilities.models import ServiceStop
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast
from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("how_many", [1, 3])
def test_it_asks_as_often_for_many_as_for_one(
    cast: Cast, clock_at: FixedClock, how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site = cast.lapas
    people = (cast.siti, cast.budi, cast.yosina)
    for number in range(how_many):
        tie = approved_tie(people[number], site.inmates[number])
        booked_visit(tie, starts_at=clock_at.at, station=site.stations[number])
    with django_assert_num_queries(5):
        assert jobs.run(clock_at.at + timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    ("since", "lifted", "outcome"),
    [
        (-10, 5, "cancelled_by_facility"),
        (14, None, "cancelled_by_facility"),
        (-10, 0, "visitor_absent"),
        (15, None, "visitor_absent"),
    ],
)
def test_a_family_that_went_away_while_all_calls_stood_still_was_not_absent(
    cast: Cast, clock_at: FixedClock, since: int, lifted: int | None, outcome: str
) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=clock_at.at)
    officer = cast.lapas.staff["supervisor"]
    RingAttempt.objects.create(visit=visit, by=officer, at=clock_at.at, reached=True)
    until = None if lifted is None else clock_at.at + timedelta(minutes=lifted)
    at = clock_at.at + timedelta(minutes=since)
    ServiceStop.objects.create(facility=visit.facility, since=at, by=officer, lifted_at=until)
    assert jobs.run(visit.ends_at + timedelta(minutes=1)) == 1
    visit.refresh_from_db()
    assert visit.outcome == outcome
