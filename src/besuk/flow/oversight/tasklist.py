"""Between the task list of `live`, which is memory, and its record here. The keeper joins the two."""

import asyncio
from functools import partial

from besuk.flow.live.conductor import Conductor
from besuk.flow.live.studio import Studio
from besuk.flow.live.taskbook import SETTLE_S, Change, Entry, Officer
from besuk.flow.live.tasks import KINDS, Fact
from besuk.flow.oversight.actions.tasks import Which, clear_task, raise_task
from besuk.flow.oversight.models import Task
from besuk.flow.oversight.queries import standing_now
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.accounts.models import Staff


def keep_record(conductor: Conductor) -> None:
    """Write down every change of the task list, and give it back what stood before this process.

    Called in the conductor's loop, before its first tick. Nothing here waits for the database.
    """
    studio = conductor.studio
    studio.book.on_change = partial(_write, studio)
    studio.records.insist(standing_now, "standing tasks").add_done_callback(partial(_give_back, studio))


def _write(studio: Studio, change: Change) -> None:
    which = Which(change.call_ref, change.fact.kind, change.fact.side)
    work = raise_task if change.raised else clear_task
    what = f"task {change.fact.code} of {change.call_ref}"
    studio.records.later(partial(work, which=which, actor=SYSTEM, now=change.at), what)


def _give_back(studio: Studio, read: "asyncio.Future[object]") -> None:
    if read.cancelled() or read.exception() is not None:
        return
    rows = read.result()
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Task) and row.call is not None and row.kind in KINDS:
            before = Entry(row.raised_at, studio.monotonic() + SETTLE_S, _officer(row.owner), _officer(row.done_by))
            studio.book.remember((row.call.ref, Fact(row.kind, row.side)), before)


def _officer(staff: Staff | None) -> Officer | None:
    return Officer(staff.pk, staff.code) if staff is not None else None
