"""Waiting for something to become true, looked at again and again."""

import time
from collections.abc import Callable

EVERY_S = 0.05


def within(seconds: float, what: Callable[[], bool]) -> bool:
    """Whether `what` becomes true in time; looked at once more when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(EVERY_S)
    return what()


def until(what: Callable[[], bool], within_s: float = 10) -> float:
    """How many seconds it took until it was so. Raises AssertionError when it does not happen in time."""
    begun = time.monotonic()
    if not within(within_s, what):
        raise AssertionError("it did not happen")
    return time.monotonic() - begun
