"""The keeper: the beat of all running calls, in the web process's own event loop.

`start` is the web application's start-up hook, `stop` its shutdown. Database work happens on one thread
of its own; a tick never waits for it. Jobs that only touch the record (no-show) run beside.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.conf import settings

from besuk.flow.checkin import jobs as checkin_jobs
from besuk.flow.live import jobs as live_jobs
from besuk.flow.live import reach
from besuk.flow.live.conductor import Conductor
from besuk.flow.live.records import OwnThread
from besuk.flow.live.unrecorded import Unrecorded
from besuk.flow.oversight import tasklist
from besuk.flow.oversight.handovers import HandoverKeeper
from besuk.flow.oversight.roster import RosterKeeper
from besuk.ground.kernel import clock
from besuk.ground.media.chosen import media
from besuk.ground.media.leases import LeaseWriter

log = logging.getLogger(__name__)
TICK_S = 0.5
JOBS_EVERY_S = 10.0


class Keeper:
    """Ticks one conductor until stopped. Nothing that goes wrong in a tick ends it."""

    def __init__(self, which: Conductor) -> None:
        self.conductor = which
        self._ticking: asyncio.Task[None] | None = None
        self._jobs: asyncio.Task[None] | None = None
        self._jobs_at: float | None = None
        self._roster = RosterKeeper(which)
        self._handovers = HandoverKeeper(which)

    async def start(self) -> None:
        """Take up what is open and begin to tick."""
        tasklist.keep_record(self.conductor)
        await self.conductor.start()
        self._ticking = asyncio.get_running_loop().create_task(self._run(), name="keeper")

    async def stop(self) -> None:
        """Close every floor, record what is waiting, let go."""
        for task in (self._ticking, self._jobs):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self.conductor.stop()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            try:
                await self.conductor.tick()
                self._handovers.look()
                self._start_jobs()
            except Exception:
                log.exception("the keeper stumbled and goes on")
            due = max(due + TICK_S, loop.time())
            await asyncio.sleep(due - loop.time())

    def _start_jobs(self) -> None:
        at = self.conductor.studio.monotonic()
        is_due = self._jobs_at is None or at - self._jobs_at >= JOBS_EVERY_S
        if is_due and (self._jobs is None or self._jobs.done()):
            self._jobs_at = at
            self._jobs = asyncio.get_running_loop().create_task(self._run_jobs(), name="keeper jobs")

    async def _run_jobs(self) -> None:
        try:
            await self._handovers.read()
            await self._roster.look()
        except Exception as error:  # noqa: BLE001  due again in ten seconds
            log.error("the shifts cannot be looked after: %r", error)
        for job in _JOBS:
            try:
                await self.conductor.studio.records.read(partial(job, self.conductor.studio.now()))
            except Exception as error:  # noqa: BLE001  a job that fails now is due again in ten seconds
                log.error("job %s failed: %r", job.__module__, error)


_JOBS: tuple[Callable[[datetime], int], ...] = (checkin_jobs.run, live_jobs.close_unheld)
_running: Keeper | None = None


async def start() -> Keeper:
    """Start the keeper of this process, in the running loop. Doing it again gives the running one."""
    global _running  # noqa: PLW0603  one a process is the point
    if _running is None:
        which = Conductor(
            media(),
            OwnThread(),
            now=clock.now,
            monotonic=clock.monotonic,
            leases=LeaseWriter(settings.BESUK_LEASES_DIR),
            notes=Unrecorded(settings.BESUK_DATA_DIR / "unrecorded"),
        )
        reach.install(which)
        _running = Keeper(which)
        await _running.start()
    return _running


async def stop() -> None:
    """Stop the keeper of this process, if it runs."""
    global _running  # noqa: PLW0603
    if _running is not None:
        reach.install(None)
        await _running.stop()
        _running = None
