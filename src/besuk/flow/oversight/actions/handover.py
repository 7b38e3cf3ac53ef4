"""A call goes from one officer to another: offered, accepted with the PIN, completed once the other is seen to watch.

Nobody's place ends before the other's counts, so there is no gap; `oversight/handovers.py` decides when that is.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from besuk.flow.live.models import Call, Participation
from besuk.flow.live.queries import watched_now
from besuk.flow.oversight import rules
from besuk.flow.oversight.actions.watch import unwatch, watch
from besuk.flow.oversight.lifecycle import HANDOVER as STEPS
from besuk.flow.oversight.models import Handover
from besuk.flow.oversight.queries import open_handovers, shift_of
from besuk.ground.accounts.actors import staff_actor
from besuk.ground.accounts.capabilities import SYSTEM_RUN, WATCH
from besuk.ground.accounts.models import Staff
from besuk.ground.audit.actions import record, transition
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def offer_handover(*, call_refs: Collection[str], to: str, actor: Actor, now: datetime) -> list[Handover]:
    """Offer calls that the actor watches to the officer with the code `to`; no refs: all of them.

    The same again is one offer; to somebody else, it takes the first back. All or nothing.
    Raises Refused(NOT_WATCHING), (HANDOVER_NOT_ON_DUTY), (HANDOVER_NO_ROOM), (HANDOVER_WATCHES_ALREADY),
    (STATE_CHANGED) when the other has accepted meanwhile.
    """
    with unit():
        seats = Participation.objects.filter(staff=actor.pk, role="supervisor", until__isnull=True)
        running = Call.objects.filter(participations__in=seats, state__in=["prepared", "live"])
        calls = lock(Rank.CALL, running.filter(ref__in=call_refs) if call_refs else running)
        if not calls or len(calls) < len(set(call_refs)):
            raise refuse("NOT_WATCHING")
        for call in calls:
            actor.must(WATCH, call.facility_id)
        other = Staff.objects.filter(code=to).exclude(pk=actor.pk).first()
        _must_take(calls, other, now)
        assert other is not None  # noqa: S101  for the type checker: `_must_take` refuses it
        return [_offer(call, other, actor, now) for call in calls]


def accept_handover(*, by: str, actor: Actor, now: datetime) -> list[tuple[Handover, Participation]]:
    """Take what the officer with the code `by` offers: a place in each of the calls, beside the one who hands over.

    The caller has asked for the PIN. Again gives the same places.
    Raises Refused(HANDOVER_GONE), (NO_SHIFT), (WALL_FULL).
    """
    with unit():
        rows = list(open_handovers().filter(by__code=by, to=actor.pk).exclude(call__state="ended"))
        if not rows:
            raise refuse("HANDOVER_GONE")
        taken = []
        for row in rows:
            place = watch(call_ref=row.call.ref, actor=actor, now=now)
            if row.state == "offered":
                transition(row, STEPS, "accept", facility_id=row.call.facility_id, actor=actor, now=now)
            taken.append((row, place))
        return taken


def decline_handover(*, by: str, actor: Actor, now: datetime) -> list[Handover]:
    """Say no to what `by` offers. Harmless when nothing is offered any more."""
    with unit():
        mine = open_handovers().filter(by__code=by, to=actor.pk, state="offered")
        return [_end(row, "decline", actor, now) for row in mine]


def withdraw_handover(*, to: str, actor: Actor, now: datetime) -> list[Handover]:
    """Take back what the actor offered to `to`. Whoever has come already may leave by themselves."""
    with unit():
        mine = open_handovers().filter(to__code=to, by=actor.pk)
        return [_end(row, "withdraw", actor, now) for row in mine]


def complete_handover(*, handover_pk: int, actor: Actor, now: datetime) -> None:
    """The other is seen to watch: the first one's place ends. Harmless when it is over already."""
    with unit():
        row = _open_row(handover_pk, actor)
        if row is None or row.state != "accepted":
            return
        _end(row, "complete", actor, now)
        unwatch(call_ref=row.call.ref, actor=staff_actor(row.by, now), now=now)


def lapse_handover(*, handover_pk: int, actor: Actor, now: datetime) -> None:
    """The call is over, or one of the two is gone. Harmless when it is over already."""
    with unit():
        row = _open_row(handover_pk, actor)
        if row is not None:
            _end(row, "lapse", actor, now)


def _must_take(calls: Collection[Call], other: Staff | None, now: datetime) -> None:
    facility_id = next(iter(calls)).facility_id
    shift = None if other is None else shift_of(other.pk)
    here = shift is not None and all(call.facility_id == shift.facility_id for call in calls)
    may = other is not None and staff_actor(other, now).can(WATCH, facility_id)
    has = 0 if other is None else watched_now(other.pk)
    room = max(0, policy_of(facility_id).calls_per_supervisor - has)
    seats = Participation.objects.filter(call__in=calls, role="supervisor", until__isnull=True)
    watches = other is not None and seats.filter(staff=other).exists()
    code = "" if other is None else other.code
    if reasons := rules.may_hand_over(code, on_duty=here and may, watches=watches, calls=len(calls), room=room):
        raise Refused(reasons)


def _offer(call: Call, other: Staff, actor: Actor, now: datetime) -> Handover:
    before = open_handovers().filter(call=call, by=actor.pk).first()
    if before is not None and before.to_id == other.pk:
        return before
    if before is not None:
        if before.state == "accepted":
            raise refuse("STATE_CHANGED")
        _end(before, "withdraw", actor, now)
    try:
        with transaction.atomic():
            row = Handover.objects.create(call=call, by_id=actor.pk, to=other, offered_at=now)
    except IntegrityError as error:  # the same officer offered it from two pages at once
        raise refuse("STATE_CHANGED") from error
    data = {"officer": other.subject, "call": call.ref}
    record("handover.offer", facility_id=call.facility_id, actor=actor, about=row, now=now, data=data)
    return row


def _open_row(handover_pk: int, actor: Actor) -> Handover | None:
    row = open_handovers().filter(pk=handover_pk).first()
    if row is not None:
        actor.must(SYSTEM_RUN, row.call.facility_id)
    return row


def _end(row: Handover, verb: str, actor: Actor, now: datetime) -> Handover:
    changes = {"ended_at": now}
    transition(row, STEPS, verb, facility_id=row.call.facility_id, actor=actor, now=now, changes=changes)
    return row
