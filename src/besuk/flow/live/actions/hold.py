"""Holding a call's floor closed, and lifting a hold by its own cause."""

from datetime import datetime, timedelta

from besuk.flow.live import rules
from besuk.flow.live.actions.witness import happened
from besuk.flow.live.lifecycle import Cause
from besuk.flow.live.models import Call, Hold
from besuk.ground.accounts.capabilities import CONDUCT, SYSTEM_RUN
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit

SETS: dict[Cause, str] = {
    "identity": SYSTEM_RUN,
    "supervisor": CONDUCT,
    "no_supervisor": SYSTEM_RUN,
    "recorder": SYSTEM_RUN,
    "technical": SYSTEM_RUN,
}
"""What it takes to hold by a cause."""
LIFTS: dict[Cause, str] = {**SETS, "identity": CONDUCT}
"""What it takes to lift it: that somebody else sits there Besuk sees, that it is the right one an officer does."""


def hold(*, call_ref: str, cause: Cause, actor: Actor, now: datetime, reason: str = "") -> Call:
    """Record that `cause` holds the call since `now`. Harmless when it does already.

    Raises Refused(CALL_ENDED).
    """
    with unit():
        call = _open_call(call_ref)
        actor.must(SETS[cause], call.facility_id)
        if not call.holds.filter(cause=cause, lifted_at__isnull=True).exists():
            Hold.objects.create(call=call, cause=cause, since=now, by=actor.subject, reason=reason)
            data = {"cause": cause, "reason": reason}
            record("call.hold", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
            happened(call, f"held_{cause}", now=now, data={"reason": reason, "officer": _officer(actor)})
        return call


def lift(*, call_ref: str, cause: Cause, actor: Actor, now: datetime) -> Call:
    """Record that `cause` holds the call no more. Held time is given back.

    Harmless when it does not hold. Raises Refused(CALL_ENDED).
    """
    with unit():
        call = _open_call(call_ref)
        actor.must(LIFTS[cause], call.facility_id)
        if call.holds.filter(cause=cause, lifted_at__isnull=True).update(lifted_at=now) == 0:
            return call
        _give_back(call, now)
        data = {"cause": cause}
        record("call.lift", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
        happened(call, f"lifted_{cause}", now=now, data={"officer": _officer(actor)})
        return call


def spans_of(call: Call) -> list[rules.Span]:
    """All holds of a call as the rules see them."""
    return [rules.Span(row.since, row.lifted_at, cause_of(row.cause)) for row in call.holds.all()]


def extra_of(call: Call) -> timedelta:
    """The minutes on top of the slot: what officers added, and what was saved from earlier visits."""
    return added_to(call) + timedelta(minutes=call.credit_minutes)


def added_to(call: Call) -> timedelta:
    """The minutes that officers added."""
    return timedelta(minutes=sum(row.minutes for row in call.extensions.all()))


def cause_of(word: str) -> Cause:
    """A cause as it is written in the table."""
    return next(cause for cause in SETS if cause == word)


def ends_at_of(call: Call, latest_end: datetime, now: datetime) -> datetime | None:
    """When the call's minutes are used up, reckoned from its holds and added minutes; None before admit."""
    if call.admitted_at is None:
        return None
    length = call.visit.ends_at - call.visit.starts_at
    return rules.end_of_minutes(call.admitted_at, length, spans_of(call), now, latest_end, extra=extra_of(call))


def _give_back(call: Call, now: datetime) -> None:
    call.ends_at = ends_at_of(call, call.latest_end, now)
    call.save(update_fields=["ends_at"])


def _open_call(call_ref: str) -> Call:
    call = lock(Rank.CALL, Call.objects.select_related("visit").filter(ref=call_ref))[0]
    if call.state == "ended":
        raise refuse("CALL_ENDED")
    return call


def _officer(actor: Actor) -> str:
    return actor.label if actor.kind == "staff" else ""
