"""Ticking off that somebody asked for help."""

from datetime import datetime

from besuk.flow.live.models import Call
from besuk.flow.oversight.actions.watch import watched_call
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.unit import unit


def answer_help(*, call_ref: str, side: str, actor: Actor, now: datetime) -> Call:
    """Record that the officer has seen to the help `side` asked for. Raises Refused(NOT_WATCHING), (CALL_ENDED)."""
    with unit():
        call = watched_call(call_ref, CONDUCT, actor)
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        record(
            "call.help_answered", facility_id=call.facility_id, actor=actor, about=call, now=now, data={"side": side}
        )
        return call
