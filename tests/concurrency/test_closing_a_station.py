"""A station is closed for a hearing in the very moment in which somebody books it."""

from collections import Counter

import pytest

from tests.concurrency.conftest import Arena, needs_postgres

pytestmark = pytest.mark.slow


@pytest.mark.postgres
@needs_postgres
def test_control_without_the_locks_a_visit_stays_booked_at_a_closed_station(arena: Arena) -> None:
    assert arena.play("closing", "without_station_lock")["booked_and_closed"] > 0


def test_no_visit_is_booked_at_a_station_that_is_closed_then(arena: Arena) -> None:
    told = arena.play("closing")
    said = Counter(told["said"])
    assert not [words for words in said if words.startswith("ERROR")]
    assert told["booked_and_closed"] == 0
    assert said["closed"] + told["booked"] == told["slots"], "each slot went to exactly one of the two"
