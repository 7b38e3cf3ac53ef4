"""The head of prison looks at a running call: with a purpose, on record, and never as its supervision."""

from datetime import datetime

from besuk.flow.live.actions.prepare import new_participation_ref
from besuk.flow.live.actions.witness import happened
from besuk.flow.live.models import Call, Participation
from besuk.flow.live.privilege import privilege_of
from besuk.ground.accounts.capabilities import LOOK, SYSTEM_RUN
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit
from besuk.ground.media.grants import Privilege

LONGEST_PURPOSE = 200


def take_look(*, call_ref: str, purpose: str, actor: Actor, now: datetime) -> Participation:
    """Give somebody a place to look from; the one they have, if they have one. Each asking is on record.

    Raises Refused(NOT_FOUND) where the actor may not look, (CALL_ENDED), (CALL_PRIVILEGED), (PURPOSE_MISSING),
    (FORM_INCOMPLETE) for a purpose of more than 200 characters.
    """
    with unit():
        call = next(iter(lock(Rank.CALL, Call.objects.filter(ref=call_ref))), None)
        if call is None or not actor.can(LOOK, call.facility_id):
            raise refuse("NOT_FOUND")
        if privilege_of(call) is not Privilege.NONE:
            raise refuse("CALL_PRIVILEGED")
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        if not purpose.strip():
            raise refuse("PURPOSE_MISSING")
        if len(purpose.strip()) > LONGEST_PURPOSE:
            raise refuse("FORM_INCOMPLETE")
        record("call.look", facility_id=call.facility_id, actor=actor, about=call, now=now, purpose=purpose.strip())
        seats = Participation.objects.select_related("staff").filter(call=call, role="onlooker", staff_id=actor.pk)
        running = seats.filter(until__isnull=True).first()
        if running is not None:
            return running
        ref = new_participation_ref("onlooker")
        seat = Participation.objects.create(ref=ref, call=call, role="onlooker", staff_id=actor.pk, since=now)
        happened(call, "looked", now=now, data={"officer": actor.label})
        return seats.get(pk=seat.pk)


def leave_look(*, participation_ref: str, actor: Actor, now: datetime) -> None:
    """The look is over, by whoever looked or by the keeper that saw them go. Harmless when it was over."""
    with unit():
        seats = Participation.objects.select_related("call", "staff").filter(ref=participation_ref, role="onlooker")
        seat = seats.first()
        if seat is None or seat.staff is None:
            raise refuse("NOT_FOUND")
        lock(Rank.CALL, Call.objects.filter(pk=seat.call_id))
        if actor.pk != seat.staff_id or actor.kind != "staff":
            actor.must(SYSTEM_RUN, seat.call.facility_id)
        if seats.filter(until__isnull=True).update(until=now):
            data = {"officer": seat.staff.subject}
            record("call.unlook", facility_id=seat.call.facility_id, actor=actor, about=seat.call, now=now, data=data)
            happened(seat.call, "unlooked", now=now, data={"officer": seat.staff.code})
