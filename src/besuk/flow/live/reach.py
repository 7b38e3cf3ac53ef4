"""Reaching the conductor of this process: from views in threads, from other loops, from what has been committed."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import TypeVar

from besuk.flow.live.conductor import Conductor
from besuk.ground.kernel.errors import refuse
from besuk.ground.media.events import MediaEvent

R = TypeVar("R")
_current: Conductor | None = None


def current() -> Conductor:
    """The conductor of this process. Raises Refused(MEDIA_UNAVAILABLE) where no keeper runs."""
    if _current is None:
        raise refuse("MEDIA_UNAVAILABLE")
    return _current


def install(conductor: Conductor | None) -> None:
    """Make it (or nothing) the conductor of this process; done by the keeper."""
    global _current  # noqa: PLW0603  one a process is the point
    _current = conductor


def hint(event: MediaEvent) -> None:
    """Tell the conductor, from any thread, that the media server reported something of a room."""
    if _current is not None and _current.loop is not None:
        _current.loop.call_soon_threadsafe(_current.media_reported, event)


def hint_over(call_ref: str, outcome: str) -> None:
    """Tell the conductor, from any thread, that the record ended a call: its room ends now, not at the next look."""
    if _current is not None and _current.loop is not None:
        _current.loop.call_soon_threadsafe(_current.rounds.ended_elsewhere, call_ref, outcome)


def hint_put_off(call_ref: str) -> None:
    """Tell the conductor, from any thread, that the record put a call off: everybody leaves its room now."""
    if _current is not None and _current.loop is not None:
        _current.loop.call_soon_threadsafe(_current.rounds.put_off, call_ref)


def hint_times(call_ref: str, starts_at: datetime, latest_end: datetime) -> None:
    """Tell the conductor, from any thread, that the record moved the times of a call."""
    if _current is not None and _current.loop is not None:
        _current.loop.call_soon_threadsafe(_current.rounds.moved_elsewhere, call_ref, starts_at, latest_end)


async def perform(work: Coroutine[object, object, R]) -> R:
    """Await the conductor's work from an async view, whatever loop that runs in."""
    loop = current().loop
    if loop is None or loop is asyncio.get_running_loop():
        return await work
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))


def submit(work: Coroutine[object, object, R], timeout: float = 8.0) -> R:
    """Wait for the conductor's work from a sync view (a thread). Raises what it raises.

    After `timeout` seconds the work is given up, so that nothing opens when the officer was told that it
    did not; closing acts have done their part by then.
    """
    loop = current().loop
    if loop is None:
        work.close()
        raise refuse("MEDIA_UNAVAILABLE")
    waiting = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return waiting.result(timeout)
    except TimeoutError as error:
        waiting.cancel()
        raise refuse("MEDIA_UNAVAILABLE") from error
