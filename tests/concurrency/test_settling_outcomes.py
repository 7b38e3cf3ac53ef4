"""Two officers settle the same outcome at once, and a unit is taken back while its family books with it."""

from collections import Counter

import pytest

from tests.concurrency.conftest import Arena, needs_postgres

pytestmark = pytest.mark.slow


@pytest.mark.postgres
@needs_postgres
def test_control_without_the_locks_both_officers_believe_that_they_confirmed(arena: Arena) -> None:
    told = arena.play("two_officers", "without_closing_locks")
    assert told["entries"] > told["visits"]


def test_one_officer_confirms_and_the_other_hears_it(arena: Arena) -> None:
    told = arena.play("two_officers")
    assert told["said"] == {"confirmed": told["visits"], "OUTCOME_SETTLED": told["visits"]}
    assert told["entries"] == told["visits"]


@pytest.mark.postgres
@needs_postgres
def test_control_without_the_locks_a_unit_is_booked_and_taken_back(arena: Arena) -> None:
    assert arena.play("take_back", "without_closing_locks")["overdrawn"] > 0


def test_a_unit_is_booked_or_taken_back_never_both(arena: Arena) -> None:
    told = arena.play("take_back")
    said = Counter(told["said"])
    assert not [words for words in said if words.startswith("ERROR")]
    assert told["overdrawn"] == 0
    assert said["booked"] == said["kept"], "what was booked stays, what was not is taken back"
    assert said["booked"] + said["taken back"] == told["families"]
