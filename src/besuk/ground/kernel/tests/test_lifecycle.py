"""A move that is not in the table does not exist."""

import pytest

from besuk.ground.kernel.lifecycle import Lifecycle, move

DOOR = Lifecycle(
    name="door",
    initial=("closed",),
    moves={
        "open": move("closed", to="open"),
        "close": move("open", to="closed"),
        "brick_up": move("closed", "open", to="wall"),
    },
)


def test_listed_moves_are_allowed_and_others_not() -> None:
    assert DOOR.allows("open", "closed")
    assert not DOOR.allows("open", "open")
    assert not DOOR.allows("close", "wall")
    assert DOOR.allows("brick_up", "open")


def test_an_unknown_verb_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        DOOR.allows("paint", "open")


def test_it_knows_all_states_and_the_last_ones() -> None:
    assert DOOR.states == {"closed", "open", "wall"}
    assert DOOR.final == {"wall"}


def test_a_move_from_a_state_that_nothing_reaches_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"door\.melt starts from"):
        Lifecycle(name="door", initial=("closed",), moves={"melt": move("frozen", to="closed")})
