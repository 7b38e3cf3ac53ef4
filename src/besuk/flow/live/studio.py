"""What all parts of the conductor share: the stages, the media server, the record, the lines, the time."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from besuk.flow.live import actions
from besuk.flow.live.floor import Floor
from besuk.flow.live.hub import Hub
from besuk.flow.live.records import Records
from besuk.flow.live.roster import Offer, OnDuty, Uncovered
from besuk.flow.live.stage import Stage
from besuk.flow.live.stops import Stops
from besuk.flow.live.taskbook import TaskBook
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.attempts import Attempts
from besuk.ground.media.port import MediaServer

log = logging.getLogger(__name__)


class Leases(Protocol):
    """Vouching for rooms towards the guard (`ground.media.leases.LeaseWriter`)."""

    def renew(self, room: str, now: float) -> None: ...

    def drop(self, room: str) -> None: ...


@dataclass
class Studio:
    """Lives in one event loop; nothing here is touched from a thread."""

    media: MediaServer
    records: Records
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    leases: Leases | None = None
    stages: dict[str, Stage] = field(default_factory=dict)
    hub: Hub = field(default_factory=Hub)
    stops: Stops = field(default_factory=Stops)
    roster: dict[int, OnDuty] = field(default_factory=dict)
    """Officers with an open shift, by primary key."""
    uncovered: dict[int, list[Uncovered]] = field(default_factory=dict)
    """By facility, what is due soon and has no officer."""
    offers: dict[int, Offer] = field(default_factory=dict)
    """Handovers under way, by primary key."""
    changed: set[str] = field(default_factory=set)
    """Calls of which something new is to be told."""
    tasks: set[asyncio.Task[object]] = field(default_factory=set)
    on_change: Callable[[], None] | None = None
    last: dict[str, float] = field(default_factory=dict)
    """When something regular was done, in monotonic seconds."""

    def __post_init__(self) -> None:
        self.floor = Floor(self.media)
        self.attempts = Attempts(self.monotonic)
        self.book = TaskBook()

    def touch(self, stage: Stage) -> None:
        """Something of this call is to be told to everybody concerned."""
        self.changed.add(stage.ref)
        if self.on_change is not None:
            self.on_change()

    def look_at_tasks(self) -> bool:
        """Fill the task list from what is known now. Whether it changed."""
        return self.book.look(list(self.stages.values()), self.now(), self.monotonic())

    def spawn(self, work: Coroutine[object, object, object], what: str) -> None:
        """Do something beside; a failure is logged and the next tick mends it."""
        task = asyncio.get_running_loop().create_task(work, name=what)
        self.tasks.add(task)
        task.add_done_callback(self._finished)

    def witness(self, stage: Stage, code: str, side: str = "", **data: str | int | bool) -> None:
        """Record a fact of the call when the database takes it."""
        work = partial(
            actions.witness, call_ref=stage.ref, code=code, actor=SYSTEM, now=self.now(), side=side, data=data
        )
        self.records.later(work, f"{code} of {stage.ref}")

    def attempt(self, participation_ref: str, what: str, why: str, who: Actor) -> bool:
        """Somebody tried what is not allowed. False when the same was put on record a moment ago."""
        # a made-up place is no kind of its own: whoever thinks up many fills no list with them
        place = participation_ref if any(participation_ref in one.seats for one in self.stages.values()) else ""
        times = self.attempts.take((place, what, why, who.subject))
        if times:
            work = partial(
                actions.note_attempt,
                participation_ref=participation_ref,
                what=what,
                why=why,
                who=who,
                times=times,
                actor=SYSTEM,
                now=self.now(),
            )
            self.records.later(work, f"attempt {why} at {participation_ref[:20]}")
        return times > 0

    def due(self, what: str, every_s: float) -> bool:
        """Whether it is time again for something regular; True counts as having done it."""
        at = self.monotonic()
        if what in self.last and at - self.last[what] < every_s - 0.01:
            return False
        self.last[what] = at
        return True

    def did(self, what: str) -> None:
        """It was done just now, out of turn."""
        self.last[what] = self.monotonic()

    def forget(self, what: str) -> None:
        """It is due at once."""
        self.last.pop(what, None)

    async def quiet(self) -> None:
        """Wait until nothing is under way (tests, shutdown)."""
        while self.tasks:
            await asyncio.gather(*self.tasks, return_exceptions=True)

    def _finished(self, task: asyncio.Task[object]) -> None:
        self.tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("%s failed", task.get_name(), exc_info=error)
