"""Tasks on record: raised and closed by what the keeper sees, taken and ticked off by officers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from besuk.flow.live.models import Call
from besuk.flow.live.tasks import KINDS
from besuk.flow.oversight import rules
from besuk.flow.oversight.actions.watch import call_for
from besuk.flow.oversight.models import Task
from besuk.ground.accounts.capabilities import CONDUCT, SYSTEM_RUN
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.unit import unit


@dataclass(frozen=True)
class Which:
    """A task by its call and what there is to do."""

    call_ref: str
    kind: str
    side: str = ""

    @property
    def data(self) -> dict[str, str | int | bool | None | list[str] | list[int]]:
        return {"kind": self.kind, "side": self.side}


def raise_task(*, which: Which, actor: Actor, now: datetime) -> Task | None:
    """Write down that there is something to do. One that stands stays the same; None when the call is over."""
    with unit():
        call = Call.objects.get(ref=which.call_ref)
        actor.must(SYSTEM_RUN, call.facility_id)
        if call.state == "ended":
            return None
        row = standing(which).first()
        if row is None:
            row = Task.objects.create(
                facility_id=call.facility_id, call=call, kind=which.kind, side=which.side, raised_at=now
            )
            record("task.raise", facility_id=call.facility_id, actor=actor, about=call, now=now, data=which.data)
        return row


def clear_task(*, which: Which, actor: Actor, now: datetime) -> None:
    """Write down that its fact is gone. Harmless when nothing stands."""
    with unit():
        call = Call.objects.get(ref=which.call_ref)
        actor.must(SYSTEM_RUN, call.facility_id)
        if standing(which).update(cleared_at=now):
            record("task.clear", facility_id=call.facility_id, actor=actor, about=call, now=now, data=which.data)


def take_task(*, which: Which, at_walls: Collection[int], actor: Actor, now: datetime) -> Task:
    """Make it the officer's; the row comes with its owner, for who may not ask the database.

    Of two at once one wins; from an officer who is at no wall it can be taken over.

    Raises Refused(TASK_TAKEN), (TASK_GONE), (NOT_FOUND), (STATE_CHANGED).
    """
    with unit():
        call = call_for(which.call_ref, CONDUCT, actor)
        row = standing(which).filter(done_at__isnull=True).select_related("owner").first()
        if row is None:
            raise refuse("TASK_GONE")
        if row.owner_id == actor.pk:
            return row
        if reasons := rules.may_take(owner=row.owner.code if row.owner else "", is_here=row.owner_id in at_walls):
            raise Refused(reasons)
        if (
            not standing(which)
            .filter(pk=row.pk, owner=row.owner_id, done_at__isnull=True)
            .update(owner=actor.pk, taken_at=now)
        ):
            raise refuse("STATE_CHANGED")
        record("task.take", facility_id=call.facility_id, actor=actor, about=call, now=now, data=which.data)
        return standing(which).select_related("owner").get()


def finish_task(*, which: Which, actor: Actor, now: datetime) -> Task | None:
    """Tick it off, for whoever watches the call or took the task. Twice is once; None when it is gone.

    Raises Refused(TASK_NOT_YOURS), (TASK_ENDS_ITSELF), (CALL_ENDED), (NOT_FOUND).
    """
    with unit():
        call = call_for(which.call_ref, CONDUCT, actor)
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        reasons = rules.may_finish(
            by_hand=which.kind in KINDS and KINDS[which.kind].by_hand,
            watches=call.participations.filter(staff_id=actor.pk, role="supervisor", until__isnull=True).exists(),
            is_owner=standing(which).filter(owner=actor.pk).exists(),
        )
        if reasons:
            raise Refused(reasons)
        if standing(which).filter(done_at__isnull=True).update(done_at=now, done_by=actor.pk):
            code = _SAID.get(which.kind, "task.done")
            record(code, facility_id=call.facility_id, actor=actor, about=call, now=now, data=which.data)
        return standing(which).select_related("done_by").first()


def clear_all(call: Call, actor: Actor, now: datetime) -> None:
    """Inside the unit that ends a call: nothing is to be done about it any more."""
    for row in Task.objects.filter(call=call, cleared_at__isnull=True):
        row.cleared_at = now
        row.save(update_fields=["cleared_at"])
        data = Which(call.ref, row.kind, row.side).data
        record("task.clear", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)


def standing(which: Which) -> QuerySet[Task]:
    """The row of a fact that is so, ticked off or not; at most one."""
    return Task.objects.filter(call__ref=which.call_ref, kind=which.kind, side=which.side, cleared_at__isnull=True)


_SAID = {"help": "call.help_answered"}
