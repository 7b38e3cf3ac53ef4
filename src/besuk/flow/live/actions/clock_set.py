"""The wall clock was set back while people talk: what the record knows of their minutes is told in the new time."""

from datetime import datetime, timedelta

from besuk.flow.live.models import Call
from besuk.ground.accounts.capabilities import SYSTEM_RUN
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def clock_set_back(*, call_ref: str, admitted_at: datetime, by: timedelta, actor: Actor, now: datetime) -> None:
    """Move the begin and the holds of a running call by as much as the clock was set (`by` is negative).

    Else an hour set back is an hour that nobody talked, and compensation, evidence and outcome go wrong. What was
    witnessed keeps its own times. Doing it again is harmless: it counts for the begin that was `admitted_at`.
    """
    with unit():
        call = lock(Rank.CALL, Call.objects.filter(ref=call_ref))[0]
        actor.must(SYSTEM_RUN, call.facility_id)
        if call.state != "live" or call.admitted_at != admitted_at:
            return
        call.admitted_at, call.ends_at = call.admitted_at + by, call.ends_at and call.ends_at + by
        call.save(update_fields=["admitted_at", "ends_at"])
        for hold in call.holds.all():
            hold.since, hold.lifted_at = hold.since + by, hold.lifted_at and hold.lifted_at + by
            hold.save(update_fields=["since", "lifted_at"])
        data = {"seconds": round(by.total_seconds())}
        record("call.clock_set_back", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
