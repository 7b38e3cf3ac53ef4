"""Turning one person's microphone off and on again, as far as the record goes."""

from datetime import datetime

from besuk.flow.live.actions.witness import happened
from besuk.flow.live.models import Call, Participation
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def mute(*, participation_ref: str, actor: Actor, now: datetime) -> Participation:
    """Record that an officer turned this microphone off. Harmless when it was off. Raises Refused(CALL_ENDED)."""
    return _set(participation_ref, actor, now, muted_at=now)


def unmute(*, participation_ref: str, actor: Actor, now: datetime) -> Participation:
    """Record that they may be heard again. Harmless when they may already. Raises Refused(CALL_ENDED)."""
    return _set(participation_ref, actor, now, muted_at=None)


def _set(participation_ref: str, actor: Actor, now: datetime, *, muted_at: datetime | None) -> Participation:
    with unit():
        seat = Participation.objects.get(ref=participation_ref)
        call = lock(Rank.CALL, Call.objects.filter(pk=seat.call_id))[0]
        actor.must(CONDUCT, call.facility_id)
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        changing = Participation.objects.filter(pk=seat.pk, muted_at__isnull=muted_at is not None)
        if changing.update(muted_at=muted_at):
            seat.muted_at = muted_at
            code = "unmute" if muted_at is None else "mute"
            data = {"side": seat.role, "participation": seat.ref}
            record(f"call.{code}", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
            happened(call, f"{code}d", now=now, side=seat.role, data={"officer": actor.label})
        return seat
