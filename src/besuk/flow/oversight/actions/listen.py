"""Turning the sound of a call on and off: an officer hears one call at a time, and it is on record."""

from datetime import datetime

from besuk.flow.live import actions as live
from besuk.flow.live.models import Call
from besuk.flow.oversight.models import Listening
from besuk.ground.accounts.capabilities import LISTEN
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.unit import unit


def listen(*, call_ref: str, actor: Actor, now: datetime) -> Listening:
    """Begin to hear a call, which ends hearing any other. Raises Refused(NOT_WATCHING), (CALL_ENDED)."""
    with unit():
        call = _watched(call_ref, actor)
        running = Listening.objects.filter(by_id=actor.pk, until__isnull=True)
        for row in running.exclude(call=call).select_related("call"):
            stop_listening(row.call, actor, now)
        mine = running.filter(call=call).first()
        if mine is not None:
            return mine
        record("call.listen", facility_id=call.facility_id, actor=actor, about=call, now=now)
        live.happened(call, "listened", now=now, data={"officer": actor.label})
        return Listening.objects.create(call=call, by_id=actor.pk, since=now)


def unlisten(*, call_ref: str, actor: Actor, now: datetime) -> None:
    """Stop hearing a call. Harmless when it was not heard."""
    with unit():
        stop_listening(_watched(call_ref, actor), actor, now)


def stop_listening(call: Call, actor: Actor, now: datetime) -> None:
    """End what runs, inside the open unit."""
    if Listening.objects.filter(call=call, by_id=actor.pk, until__isnull=True).update(until=now):
        record("call.unlisten", facility_id=call.facility_id, actor=actor, about=call, now=now)
        live.happened(call, "unlistened", now=now, data={"officer": actor.label})


def _watched(call_ref: str, actor: Actor) -> Call:
    call = Call.objects.filter(ref=call_ref).first()
    if call is None or not actor.can(LISTEN, call.facility_id):
        raise refuse("NOT_FOUND")
    if call.state == "ended":
        raise refuse("CALL_ENDED")
    if not call.participations.filter(staff_id=actor.pk, role="supervisor", until__isnull=True).exists():
        raise refuse("NOT_WATCHING")
    return call
