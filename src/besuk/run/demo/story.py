"""Many small stories played in the order of time, so that the log of the demo reads as a real one would.

A story is a generator: it yields the moment at which its next step happens, and does that step when resumed.
"""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

Story = Iterator[datetime]


def together(stories: Iterable[Story]) -> Story:
    """All of them as one story, step by step in the order of time. Of equals the first given goes first."""
    queue: list[tuple[datetime, int, Story]] = []

    def wait(number: int, story: Story) -> None:
        at = next(story, None)
        if at is not None:
            heapq.heappush(queue, (at, number, story))

    for number, story in enumerate(stories):
        wait(number, story)
    while queue:
        at, number, story = heapq.heappop(queue)
        yield at
        wait(number, story)


def play(stories: Iterable[Story], until: datetime) -> int:
    """Play every story up to `until`; returns how many steps were played."""
    steps = 0
    for at in together(stories):
        if at > until:
            break
        steps += 1
    return steps
