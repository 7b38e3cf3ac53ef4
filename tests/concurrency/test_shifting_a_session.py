"""A session is shifted in the very moment in which somebody takes one of its new times."""

from collections import Counter

import pytest

from tests.concurrency.conftest import Arena, needs_postgres

pytestmark = pytest.mark.slow


@pytest.mark.postgres
def test_control_without_claims_two_visits_meet_at_one_station(arena: Arena) -> None:
    assert arena.play("shifting", "shifted_without_claims")["crossing"] > 0


@pytest.mark.postgres
@needs_postgres
def test_control_without_the_locks_a_visit_is_shifted_into_a_closed_time(arena: Arena) -> None:
    assert arena.play("shifting", "without_station_lock")["booked_and_closed"] > 0


@pytest.mark.postgres
def test_each_new_time_goes_to_one_of_the_two(arena: Arena) -> None:
    told = arena.play("shifting")
    said = Counter(told["said"])
    assert not [words for words in said if words.startswith("ERROR")]
    assert (told["crossing"], told["booked_and_closed"]) == (0, 0)
    assert said["shifted"] == told["moved"], "whoever was told that it moved finds it there"
    assert said["shifted"] + said["held"] + said["closed"] == told["places"], "each new time went to exactly one"
