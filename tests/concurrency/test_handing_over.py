"""An offer is taken back in the moment in which it is accepted; a shift is begun at many walls at once."""

import pytest

from tests.concurrency.conftest import Arena, needs_postgres

pytestmark = pytest.mark.slow


@pytest.mark.postgres
@needs_postgres
def test_control_written_blindly_an_offer_is_taken_back_and_accepted(arena: Arena) -> None:
    assert arena.play("handing", "accepted_blindly")["both"] > 0


def test_what_was_taken_back_is_not_accepted(arena: Arena) -> None:
    told = arena.play("handing")
    assert told["errors"] == []
    assert told["both"] == 0
    assert told["accepted"] + told["withdrawn"] >= told["rounds"], "in each round somebody got through"


@pytest.mark.postgres
@needs_postgres
def test_control_without_the_constraint_an_officer_is_on_duty_at_two_walls(arena: Arena) -> None:
    assert arena.play("shifts", "without_shift_constraint")["open"] > 1


def test_an_officer_is_on_duty_at_one_wall(arena: Arena) -> None:
    told = arena.play("shifts")
    assert told["open"] == 1
    assert not [words for words in told["said"] if words.startswith("ERROR")]
    assert told["entries"] == told["rows"] == told["said"]["begun"]
