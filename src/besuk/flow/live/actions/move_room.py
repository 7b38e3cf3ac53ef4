"""Another room for a call: the media server keeps the name of its own room and lets nobody in."""

from datetime import datetime

from besuk.flow.live.models import Call
from besuk.ground.accounts.capabilities import SYSTEM_RUN
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def move_room(*, call_ref: str, room: str, actor: Actor, now: datetime) -> None:
    """The door leads there from now on. Doing it again is harmless. Raises Refused(CALL_ENDED)."""
    with unit():
        call = lock(Rank.CALL, Call.objects.filter(ref=call_ref))[0]
        actor.must(SYSTEM_RUN, call.facility_id)
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        if call.room != room:
            call.room = room
            call.save(update_fields=["room"])
            record("call.move_room", facility_id=call.facility_id, actor=actor, about=call, now=now)
