"""The task list: taking a task, ticking it off, counting who is in the picture.

None of these opens or closes anything, so none is worth waiting for: while the record is behind they are
refused at once, and the officer goes on with what matters.
"""

from functools import partial

from besuk.flow.live.stage import Stage
from besuk.flow.live.taskbook import Officer
from besuk.flow.live.tasks import Fact, fact_of
from besuk.flow.oversight import actions, rules
from besuk.flow.oversight.actions.tasks import Which
from besuk.flow.oversight.acts.act import Act, Answer
from besuk.flow.oversight.models import Task
from besuk.ground.kernel.errors import Refused, refuse


async def take(act: Act) -> Answer:
    """The record decides between two officers; the wall says whose it is once it is there."""
    stage, fact = _asked(act)
    studio = act.conductor.studio
    if studio.book.open((stage.ref, fact)) is None:
        raise refuse("TASK_GONE")
    at_walls = frozenset(caller.actor.pk for caller in studio.hub.walls())
    work = partial(actions.take_task, which=_which(stage, fact), at_walls=at_walls, actor=act.actor, now=act.now)

    def taken(row: Task) -> None:
        entry = studio.book.open((stage.ref, fact))
        if entry is not None and row.owner is not None:
            entry.owner = Officer(row.owner.pk, row.owner.code)
            studio.touch(stage)

    await studio.records.write_promptly(work, f"take {fact.code} of {stage.ref}", taken)
    return {}


async def done(act: Act) -> Answer:
    """It was seen to. Done twice is done once, also when its fact is gone meanwhile."""
    stage, fact = _asked(act)
    studio = act.conductor.studio
    work = partial(actions.finish_task, which=_which(stage, fact), actor=act.actor, now=act.now)

    def ticked_off(row: Task | None) -> None:
        entry = studio.book.open((stage.ref, fact))
        if entry is not None and row is not None and row.done_by is not None:
            entry.done_by = Officer(row.done_by.pk, row.done_by.code)
        if fact.kind == "help":
            _help_was_given(stage, fact)
        studio.look_at_tasks()
        studio.touch(stage)

    await studio.records.write_promptly(work, f"done {fact.code} of {stage.ref}", ticked_off)
    return {}


async def count_people(act: Act) -> Answer:
    """A number that differs from the booking becomes a task, and another such number another task."""
    said = act.body.get("count")
    count = said if isinstance(said, int) and not isinstance(said, bool) else -1
    if reasons := rules.countable(count):
        raise Refused(reasons)
    stage = act.conductor.must_watch(act.call_ref, act.actor)
    studio = act.conductor.studio
    work = partial(actions.count_people, call_ref=act.call_ref, count=count, actor=act.actor, now=act.now)

    def counted(booked: int) -> None:
        if stage.counted != count:
            studio.book.begin_anew((stage.ref, Fact("people")), act.now)
        stage.people, stage.counted = booked, count
        studio.look_at_tasks()
        studio.touch(stage)

    booked = await studio.records.write_promptly(work, f"count of {act.call_ref}", counted)
    return {"booked": booked, "fits": booked == count}


def _asked(act: Act) -> tuple[Stage, Fact]:
    """The call, and the task the wall means. The list is filled first: it may be newer than the last tick."""
    fact = fact_of(act.text("task"))
    if fact is None:
        raise refuse("TASK_GONE")
    stage = act.conductor.stage(act.call_ref)
    act.conductor.studio.look_at_tasks()
    return stage, fact


def _which(stage: Stage, fact: Fact) -> Which:
    return Which(stage.ref, fact.kind, fact.side)


def _help_was_given(stage: Stage, fact: Fact) -> None:
    """The request ends with the officer's word, so that the next one is a new one."""
    for seat in stage.parties():
        seat.help_wanted = seat.help_wanted and seat.role != fact.side
