"""An officer speaks to the people of a call, and stops. On record from when to when, and to whom."""

from datetime import datetime

from besuk.flow.live.actions.witness import happened
from besuk.flow.live.models import Call, Participation
from besuk.ground.accounts.capabilities import CONDUCT, SYSTEM_RUN
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def speak(*, call_ref: str, to_both: bool, actor: Actor, now: datetime) -> None:
    """Record that an officer begins to speak. Raises Refused(CALL_ENDED), (NOT_WATCHING)."""
    with unit():
        call = lock(Rank.CALL, Call.objects.filter(ref=call_ref))[0]
        actor.must(CONDUCT, call.facility_id)
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        if not call.participations.filter(staff_id=actor.pk, role="supervisor", until__isnull=True).exists():
            raise refuse("NOT_WATCHING")
        data = {"to": "both" if to_both else "visitor"}
        record("call.speak", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
        happened(call, "spoke_both" if to_both else "spoke_visitor", now=now, data={"officer": actor.label})


def hush(*, participation_ref: str, actor: Actor, now: datetime) -> None:
    """Record that the officer at this place has stopped speaking; the keeper may say so as well."""
    with unit():
        seat = Participation.objects.select_related("call", "staff").get(ref=participation_ref)
        if actor.pk != seat.staff_id or actor.kind != "staff":
            actor.must(SYSTEM_RUN, seat.call.facility_id)
        data = {"officer": seat.staff.subject if seat.staff else ""}
        record("call.hush", facility_id=seat.call.facility_id, actor=actor, about=seat.call, now=now, data=data)
        happened(seat.call, "hushed", now=now, data={"officer": seat.staff.code if seat.staff else ""})
