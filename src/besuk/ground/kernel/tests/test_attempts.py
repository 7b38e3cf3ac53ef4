"""A flood of attempts leaves a few lines, with how many there were."""

from besuk.ground.kernel.attempts import AGAIN_AFTER_S, BACK_AFTER_S, BURST, MOST_KINDS, Attempts, knocks
from besuk.testing.clock import FixedClock


def test_the_same_kind_is_written_once_and_counted_until_the_next() -> None:
    clock = FixedClock()
    attempts = Attempts(clock.monotonic)
    assert [attempts.take("door") for _ in range(5)] == [1, 0, 0, 0, 0]
    assert attempts.take("wall") == 1
    clock.move(seconds=AGAIN_AFTER_S)
    assert attempts.take("door") == 5


def test_a_flood_of_ever_new_kinds_ends_in_one() -> None:
    clock = FixedClock()
    attempts = Attempts(clock.monotonic)
    written = sum(attempts.take(f"kind {n}") > 0 for n in range(10 * MOST_KINDS))
    assert written == MOST_KINDS + 1
    assert len(attempts._kept_back) <= MOST_KINDS + 1
    clock.move(seconds=AGAIN_AFTER_S)
    assert attempts.take("a new one") == 1
    assert len(attempts._written) == 1


def test_one_may_knock_often_but_not_without_end() -> None:
    at_the_door = knocks()
    assert all(at_the_door.take(0.0) for _ in range(BURST))
    assert not at_the_door.take(0.0)
    assert at_the_door.take(BACK_AFTER_S)
    assert not at_the_door.take(BACK_AFTER_S)
