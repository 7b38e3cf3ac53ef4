"""Many guesses at once are no more tries than one after the other."""

import pytest

from tests.concurrency.conftest import Arena

pytestmark = pytest.mark.slow


def test_control_counted_without_a_lock_everybody_may_guess(arena: Arena) -> None:
    told = arena.play("guessing", "counted_without_lock")
    assert told["said"].get("OWN_PIN_WRONG", 0) > told["tries"]


def test_no_more_guesses_are_looked_at_than_there_are_tries(arena: Arena) -> None:
    told = arena.play("guessing")
    assert told["said"] == {"OWN_PIN_WRONG": told["tries"], "TOO_MANY_TRIES": told["guesses"] - told["tries"]}
