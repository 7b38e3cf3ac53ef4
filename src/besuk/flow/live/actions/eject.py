"""Ejecting: somebody is put out of a call and the door keeps them out."""

from datetime import datetime

from besuk.flow.live.actions.witness import happened
from besuk.flow.live.models import Call, Participation
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def eject(*, participation_ref: str, reason: str, actor: Actor, now: datetime) -> Participation:
    """Record the eject. The conductor has closed the door and asked the media server before."""
    with unit():
        seat = Participation.objects.get(ref=participation_ref)
        call = lock(Rank.CALL, Call.objects.filter(pk=seat.call_id))[0]
        actor.must(CONDUCT, call.facility_id)
        if Participation.objects.filter(pk=seat.pk, ejected_at__isnull=True).update(ejected_at=now):
            seat.ejected_at = now
            data = {"role": seat.role, "reason": reason, "participation": seat.ref}
            record("call.eject", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
            happened(call, "ejected", now=now, side=seat.role, data={"officer": actor.label})
        return seat
