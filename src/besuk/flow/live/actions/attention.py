"""Writing down that an officer's attention check was missed, and that they confirmed again."""

from datetime import datetime

from besuk.flow.live.actions.witness import happened
from besuk.flow.live.models import Participation
from besuk.ground.accounts.capabilities import SYSTEM_RUN, WATCH
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.unit import unit

CODES = {"attention_missed": SYSTEM_RUN, "attention_confirmed": WATCH}
"""What can be written, and who may: Besuk sees that a check was missed, the officer confirms."""


def note_attention(*, participation_ref: str, code: str, actor: Actor, now: datetime) -> None:
    """Note it of the officer who has this place, on its call. Raises Refused(NOT_IN_THIS_CALL)."""
    seats = Participation.objects.select_related("call", "staff")
    seat = seats.filter(ref=participation_ref, role="supervisor").first()
    if seat is None or seat.staff is None:
        raise refuse("NOT_IN_THIS_CALL")
    call, officer = seat.call, seat.staff
    actor.must(CODES[code], call.facility_id)
    with unit():
        data = {"officer": officer.subject}
        record(f"call.{code}", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
        happened(call, code, now=now, data={"officer": officer.code})
