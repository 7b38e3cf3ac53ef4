"""Stories are played in the order of time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from besuk.run.demo.story import play, together
from besuk.testing.clock import THURSDAY


def told(name: str, minutes: list[int], into: list[str]) -> Iterator[datetime]:
    for n in minutes:
        yield THURSDAY + timedelta(minutes=n)
        into.append(f"{name}{n}")


def test_steps_of_many_stories_alternate_by_time() -> None:
    into: list[str] = []
    assert play([told("a", [1, 5, 9], into), told("b", [2, 5, 6], into)], THURSDAY + timedelta(hours=1)) == 6
    assert into == ["a1", "b2", "a5", "b5", "b6", "a9"]


def test_what_lies_in_the_future_is_not_played() -> None:
    into: list[str] = []
    assert play([told("a", [1, 5, 9], into)], THURSDAY + timedelta(minutes=5)) == 2
    assert into == ["a1", "a5"]


def test_stories_nest() -> None:
    into: list[str] = []
    inner = together([told("a", [3], into), told("b", [1], into)])
    play([inner, told("c", [2], into)], THURSDAY + timedelta(hours=1))
    assert into == ["b1", "c2", "a3"]
