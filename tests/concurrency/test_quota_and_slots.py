"""64 people want the same few slots, of inmates with two visits a week each.

First the positive controls: with one protection taken away, the same crowd breaks the promise. Only then
does it mean something that nothing breaks as the product is.
"""

import pytest

from tests.concurrency.conftest import Arena, needs_postgres, on_postgres
from tests.concurrency.crowd import INMATES, QUOTA, WORKERS

pytestmark = pytest.mark.slow


def errors(told: dict[str, dict[str, int]]) -> dict[str, int]:
    return {words: count for words, count in told["said"].items() if words.startswith("ERROR")}


@pytest.mark.postgres
@needs_postgres
def test_control_without_the_inmate_lock_the_quota_breaks(arena: Arena) -> None:
    told = arena.play("crowd", "without_inmate_lock")
    assert told["most_of_an_inmate"] > QUOTA


def test_control_with_facts_from_before_the_transaction_the_quota_breaks(arena: Arena) -> None:
    told = arena.play("crowd", "checked_outside")
    assert told["most_of_an_inmate"] > QUOTA
    assert told["most_of_a_slot"] == 1, "the claims still keep a slot for one"


def test_control_without_claims_a_slot_is_held_by_several(arena: Arena) -> None:
    assert arena.play("crowd", "without_claims")["most_of_a_slot"] > 1


@pytest.mark.skipif(on_postgres(), reason="PostgreSQL has no transaction mode to get wrong")
def test_control_with_deferred_transactions_sqlite_refuses_to_work(arena: Arena) -> None:
    told = arena.play("crowd", "deferred")
    assert any("locked" in words for words in errors(told))


def test_nobody_is_over_quota_no_slot_is_taken_twice_and_nothing_fails(arena: Arena) -> None:
    told = arena.play("crowd")
    assert errors(told) == {}
    assert (told["most_of_an_inmate"], told["most_of_a_slot"], told["most_units"]) == (QUOTA, 1, QUOTA)
    assert (told["booked"], told["held"]) == (INMATES * QUOTA, 0), "everything there was to have was given out"
    assert told["said"]["booked"] == told["entries"] == INMATES * QUOTA
    assert sum(told["said"].values()) == WORKERS
    assert told["claims"] == INMATES * QUOTA * (4 + 3 + 3)


def test_the_same_button_pressed_sixteen_times_at_once_books_once(arena: Arena) -> None:
    told = arena.play("double_click")
    assert errors(told) == {}
    assert list(told["said"].values()) == [16], "everybody got the same answer"
    assert (told["booked"], told["most_units"], told["entries"]) == (1, 1, 1)
