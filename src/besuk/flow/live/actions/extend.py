"""More minutes: an officer adds some, within what policy and the next booking leave."""

from datetime import datetime, timedelta

from besuk.flow.live import rules
from besuk.flow.live.actions.hold import added_to, ends_at_of
from besuk.flow.live.actions.prepare import next_starts
from besuk.flow.live.actions.witness import happened
from besuk.flow.live.models import Call, Extension
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.audit.actions import Data, record
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def extend(*, call_ref: str, minutes: int, reason: str, actor: Actor, now: datetime) -> Call:
    """Add minutes to a live call. Its `ends_at` and `latest_end` are those that hold now.

    Raises Refused(EXTENSION_TOO_LONG) with the longest that fits, (NO_MORE_MINUTES), (STATE_CHANGED).
    """
    with unit():
        call = lock(Rank.CALL, Call.objects.select_related("visit").filter(ref=call_ref))[0]
        actor.must(CONDUCT, call.facility_id)
        latest = rules.latest_end(call.visit.ends_at, next_starts(call.visit))
        longest = longest_for(call, latest, now)
        if reasons := rules.may_extend(state=call.state, minutes=minutes, longest=longest):
            raise Refused(reasons)
        Extension.objects.create(call=call, minutes=minutes, by_id=actor.pk, reason=reason, at=now)
        call.latest_end, call.ends_at = latest, ends_at_of(call, latest, now)
        call.save(update_fields=["latest_end", "ends_at"])
        data: Data = {"minutes": minutes, "reason": reason}
        record("call.extend", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
        happened(call, "extended", now=now, data={"officer": actor.label, "minutes": minutes})
        return call


def longest_for(call: Call, latest: datetime, now: datetime) -> int:
    """Whole minutes that may still be added; 0 before admit."""
    ends_at = ends_at_of(call, latest, now)
    if ends_at is None:
        return 0
    most = timedelta(minutes=policy_of(call.facility_id).longest_extension_minutes)
    return rules.longest_extension(most=most, given=added_to(call), ends_at=ends_at, latest_end=latest)
