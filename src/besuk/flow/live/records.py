"""The way from the event loop to the database: one thread of its own, one queue, in order.

Closing acts are put in the queue with `later`, tried until the database takes them, and nobody waits.
Opening acts `write` and wait, behind everything that is still to be recorded: what opens a floor must
have reached the record first. Reads do not queue.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from besuk.flow.live.unrecorded import ClosingAct, Unrecorded
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.unit import unit

log = logging.getLogger(__name__)
R = TypeVar("R")

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
PROMPT_S = 2.0
"""What is worth no waiting is refused when it is not on record by then; an officer's page waits for six."""
NOTE_AFTER_S = 0.3
"""A closing act that is not on record after this long is noted, so that it outlives this process."""


class Database(Protocol):
    """Something that runs database work away from, or at, the event loop."""

    async def run(self, work: Callable[[], R]) -> R:
        """Do the work and give its result."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class OwnThread:
    """A thread and a connection for the calls alone: a slow page never delays a pause."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="besuk-calls")

    async def run(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _with_fresh_connection, work)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, connections.close_all)
        self._pool.shutdown(wait=False)


def _with_fresh_connection(work: Callable[[], R]) -> R:
    close_old_connections()
    return work()


@dataclass
class _Job:
    work: Callable[[], object]
    done: asyncio.Future[object]
    insists: bool
    what: str


class Records:
    """The queue. `start` it in the loop it serves."""

    def __init__(self, database: Database, notes: Unrecorded | None = None) -> None:
        self._database, self._notes = database, notes
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None
        self._worked_off = False
        self.behind = 0
        """Acts that are not recorded yet."""
        self._stuck = asyncio.Event()
        """The database did not take what insists; everything waits behind it."""

    def start(self) -> None:
        """Begin to work through the queue."""
        self._worker = asyncio.get_running_loop().create_task(self._run())

    async def stop(self, patience_s: float = 3.0) -> None:
        """Record what is still waiting, for `patience_s` at most, then let go."""
        try:
            async with asyncio.timeout(patience_s):
                await self._jobs.join()
        except TimeoutError:
            log.error("%d acts were not recorded in time", self.behind)
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        await self._database.close()

    async def read(self, work: Callable[[], R]) -> R:
        """Ask the database something, beside the queue."""
        return await self._database.run(work)

    async def write(self, work: Callable[[], R], what: str) -> R:
        """Record and wait for it. Raises what the work raises; it is not tried again.

        A database that is away is told as Refused(MEDIA_UNAVAILABLE). Whoever stops waiting does not undo it:
        the work runs, and its result counts.
        """
        results: list[R] = []
        try:
            await asyncio.shield(self._put(lambda: results.append(work()), insists=False, what=what))
        except (OperationalError, InterfaceError) as error:
            raise refuse("MEDIA_UNAVAILABLE") from error
        return results[0]

    async def write_promptly(self, work: Callable[[], R], what: str, then: Callable[[R], object]) -> R:
        """Record what is not worth waiting for, then let memory follow with `then`.

        Raises Refused(RECORD_BEHIND) as soon as the record is seen to be stuck, and after PROMPT_S at the latest;
        then the work is not done later either: what had begun is taken back.
        """
        results: list[R] = []
        given_up = False

        def in_time() -> None:
            if given_up:
                raise refuse("RECORD_BEHIND")
            with unit():
                result = work()
                if given_up:  # it waited for the database inside: who was told "not done" is told the truth
                    raise refuse("RECORD_BEHIND")
            results.append(result)

        recorded = self._put(in_time, insists=False, what=what)
        recorded.add_done_callback(lambda _done: then(results[0]) if results else None)
        stuck = asyncio.ensure_future(self._stuck.wait())
        either: set[asyncio.Future[Any]] = {recorded, stuck}
        try:
            await asyncio.wait(either, timeout=PROMPT_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stuck.cancel()
            given_up = not recorded.done()
        if given_up:
            raise refuse("RECORD_BEHIND")
        try:
            recorded.result()
        except (OperationalError, InterfaceError) as error:
            raise refuse("RECORD_BEHIND") from error
        return results[0]

    async def made(self, record: "asyncio.Future[object] | None", patience_s: float) -> bool:
        """Whether this record is made, after waiting for it a moment. None: there was nothing new to record."""
        if record is None:
            return self.behind == 0
        await asyncio.wait({record}, timeout=patience_s)
        return record.done() and not record.cancelled() and record.exception() is None

    def later(self, work: Callable[[], object], what: str) -> None:
        """Record as soon as the database takes it. A refusal is final: somebody else was faster."""
        _ = self._put(work, insists=True, what=what)

    def insist(self, work: Callable[[], object], what: str) -> "asyncio.Future[object]":
        """The same, for who wants to hear when it is done."""
        return self._put(work, insists=True, what=what)

    def insist_on(self, act: ClosingAct, what: str) -> "asyncio.Future[object]":
        """The same for what silences; an officer's word outlives this process."""
        done = self.insist(act.record, what)
        if self._notes is not None and act.is_noted:
            asyncio.get_running_loop().call_later(NOTE_AFTER_S, _note_unless, done, self._notes, act)
        return done

    async def work_off_notes(self) -> None:
        """Record what a process before this one could not. Raises what the database raises."""
        if self._notes is not None and not self._worked_off:
            await self.read(self._notes.work_off)
            self._worked_off = True

    async def settled(self) -> None:
        """Wait until everything that was asked so far is recorded."""
        await self._jobs.join()

    def _put(self, work: Callable[[], object], *, insists: bool, what: str) -> "asyncio.Future[object]":
        done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_heard)
        self.behind += 1
        self._jobs.put_nowait(_Job(work, done, insists, what))
        return done

    async def _run(self) -> None:
        while True:
            job = await self._jobs.get()
            try:
                await self._do(job)
            finally:
                self.behind -= 1
                self._stuck.clear()
                self._jobs.task_done()

    async def _do(self, job: _Job) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                _answer(job, await self._database.run(job.work))
                return
            except Refused as refused:
                log.info("%s: refused (%s)", job.what, refused)
                _fail(job, refused)
                return
            except (OperationalError, InterfaceError) as error:
                log.error("%s: not recorded yet: %r", job.what, error)
                if not job.insists:
                    _fail(job, error)
                    return
            except Exception as error:
                log.exception("%s: cannot be recorded", job.what)
                _fail(job, error)
                return
            self._stuck.set()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)


def _note_unless(done: "asyncio.Future[object]", notes: Unrecorded, act: ClosingAct) -> None:
    """What is on record by now, or refused for good, needs no note."""
    if done.done():
        return
    path = notes.note(act)
    if path is not None:
        done.add_done_callback(lambda _: notes.forget(path))


def _answer(job: _Job, result: object) -> None:
    if not job.done.done():
        job.done.set_result(result)


def _fail(job: _Job, error: Exception) -> None:
    if not job.done.done():
        job.done.set_exception(error)


def _heard(done: "asyncio.Future[object]") -> None:
    """A failure that nobody waits for was logged already."""
    if not done.cancelled():
        done.exception()
