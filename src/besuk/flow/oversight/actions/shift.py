"""An officer's shift at a wall: begun with the PIN, ended by a word, or by itself when the wall falls silent."""

from datetime import datetime

from django.db import IntegrityError, transaction

from besuk.flow.live.models import Participation
from besuk.flow.live.queries import watched_now
from besuk.flow.oversight.actions.watch import unwatch
from besuk.flow.oversight.models import Shift
from besuk.flow.oversight.queries import shift_of
from besuk.ground.accounts.actors import staff_actor
from besuk.ground.accounts.capabilities import SYSTEM_RUN, WATCH
from besuk.ground.accounts.models import Staff
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.unit import unit


def start_shift(*, facility_id: int, wall: str, actor: Actor, now: datetime) -> Shift:
    """Be on duty from now on. Twice at the same wall is once; at another wall the first shift ends.

    The caller has asked for the PIN. Raises Refused(NOT_ALLOWED).
    """
    actor.must(WATCH, facility_id)
    with unit():
        running = shift_of(actor.pk)
        if running is not None and (running.facility_id, running.wall) == (facility_id, wall):
            return running
        if running is not None:
            _end(running, Shift.Reason.MOVED, actor, now)
        try:
            with transaction.atomic():
                shift = Shift.objects.create(facility_id=facility_id, staff_id=actor.pk, wall=wall, started_at=now)
        except IntegrityError as error:  # the same officer pressed at two walls at once
            raise refuse("STATE_CHANGED") from error
        data = {"wall": wall}
        record("shift.start", facility_id=facility_id, actor=actor, about=shift, now=now, data=data)
        return shift


def end_shift(*, actor: Actor, now: datetime) -> None:
    """Be on duty no longer. Harmless without a shift. Raises Refused(SHIFT_HAS_CALLS) while watching a call."""
    with unit():
        running = shift_of(actor.pk)
        if running is None:
            return
        if count := watched_now(actor.pk):
            raise refuse("SHIFT_HAS_CALLS", count=count)
        _end(running, Shift.Reason.ENDED, actor, now)


def close_silent(*, staff_pk: int, actor: Actor, now: datetime) -> None:
    """Nobody was seen at the officer's wall for long: their places in calls are given up, the shift closes itself."""
    with unit():
        running = shift_of(staff_pk)
        if running is None:
            return
        actor.must(SYSTEM_RUN, running.facility_id)
        officer = staff_actor(Staff.objects.get(pk=staff_pk), now)
        seats = Participation.objects.filter(staff=staff_pk, role="supervisor", until__isnull=True)
        for seat in seats.select_related("call"):
            unwatch(call_ref=seat.call.ref, actor=officer, now=now)
        _end(running, Shift.Reason.SILENT, actor, now)


def _end(shift: Shift, reason: str, actor: Actor, now: datetime) -> None:
    open_one = Shift.objects.filter(pk=shift.pk, ended_at__isnull=True)
    if open_one.update(ended_at=now, end_reason=reason) != 1:
        raise refuse("STATE_CHANGED")
    data = {"reason": str(reason), "officer": shift.staff.subject}
    record("shift.end", facility_id=shift.facility_id, actor=actor, about=shift, now=now, data=data)
