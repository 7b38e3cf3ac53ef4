"""The round over visits that have begun costs the same, however many there are."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from besuk.flow.checkin import jobs
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
    with django_assert_num_queries(4):
        assert jobs.run(clock_at.at + timedelta(minutes=1)) == 0
