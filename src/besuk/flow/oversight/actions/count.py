"""How many people the officer saw on the visitor's side."""

from datetime import datetime

from besuk.flow.live import actions as live
from besuk.flow.oversight import rules
from besuk.flow.oversight.actions.watch import watched_call
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.unit import unit


def count_people(*, call_ref: str, count: int, actor: Actor, now: datetime) -> int:
    """Keep the officer's count beside how many were booked; returns how many were booked.

    Raises Refused(NOT_WATCHING), (CALL_ENDED), (COUNT_UNCLEAR).
    """
    with unit():
        call = watched_call(call_ref, CONDUCT, actor)
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        if reasons := rules.countable(count):
            raise Refused(reasons)
        booked = call.visit.people.count()
        data = {"count": count, "booked": booked}
        record("call.count_people", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
        live.happened(call, "people_counted", now=now, data={"officer": actor.label, **data})
        return booked
