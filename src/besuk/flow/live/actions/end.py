"""Ending: the record of a call whose media is already silent, and what becomes of the visit."""

from datetime import datetime

from django.db.models import QuerySet

from besuk.flow.bookings.actions import conclude
from besuk.flow.bookings.compensation import Given
from besuk.flow.bookings.models import Visit
from besuk.flow.live import rules
from besuk.flow.live.actions.enter import is_theirs
from besuk.flow.live.actions.hold import spans_of
from besuk.flow.live.actions.witness import happened
from besuk.flow.live.events import CallEnded
from besuk.flow.live.lifecycle import CALL
from besuk.flow.live.models import Call
from besuk.ground.accounts.capabilities import CONDUCT, STATION_OWN, SYSTEM_RUN, VISITOR_OWN
from besuk.ground.audit.actions import record, transition
from besuk.ground.kernel import outbox
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit

CAPABILITY: dict[rules.EndedBy, str] = {
    "clock": SYSTEM_RUN,
    "visitor": VISITOR_OWN,
    "inmate": STATION_OWN,
    "officer": CONDUCT,
    "stop": CONDUCT,
    "stopped": SYSTEM_RUN,
}
LEAVING = {"supervisor": "call.unwatch", "onlooker": "call.unlook"}
OFFICERS_MAY_SAY = frozenset({"ended_by_supervisor", "failed_technical", "visitor_failed_identity", "completed"})
"""Outcomes an officer may name when ending; everything else comes from the evidence."""


def end(
    *,
    call_ref: str,
    ended_by: rules.EndedBy,
    actor: Actor,
    now: datetime,
    outcome: str = "",
    reason: str = "",
) -> Call:
    """End the call as of `now` and conclude its visit with the outcome, proposed from the evidence if not given.

    A fault of the facility returns the quota (bookings does that). Raises Refused(STATE_CHANGED) when it
    has ended before, Refused(NOT_ALLOWED) for somebody else's call, Refused(REASON_MISSING).
    """
    with unit():
        call = Call.objects.select_related("visit").get(ref=call_ref)
        _must_be_allowed(call, ended_by, outcome, actor)
        if call.state == "ended":
            raise refuse("STATE_CHANGED")
        what = outcome or rules.propose(_evidence(call, ended_by, now))
        visit, given = Visit.objects.get(pk=call.visit_id), given_of(call, ended_by, now)
        if visit.state == "booked":
            conclude(visit=visit, outcome=what, actor=actor, now=now, given=given, sure=bool(outcome))
        call = lock(Rank.CALL, Call.objects.select_related("visit").filter(pk=call.pk))[0]
        _close(call, what, ended_by, actor, now, reason=reason, lost=given.lost)
        return call


def end_with_visit(*, visit_ref: str, outcome: str, actor: Actor, now: datetime) -> Call | None:
    """End the call of a visit that was cancelled, inside the cancelling unit. None when there was none."""
    rows = Call.objects.filter(visit__ref=visit_ref, state__in=["prepared", "live", "put_off"])
    return _end_one(rows, outcome, actor, now, reason="visit_cancelled")


def end_put_off(*, visit_ref: str, outcome: str, actor: Actor, now: datetime) -> Call | None:
    """The same for a visit that was concluded while its call was put off; other calls conclude their visit."""
    rows = Call.objects.filter(visit__ref=visit_ref, state="put_off")
    return _end_one(rows, outcome, actor, now, reason="visit_concluded")


def _end_one(rows: QuerySet[Call], outcome: str, actor: Actor, now: datetime, *, reason: str) -> Call | None:
    found = lock(Rank.CALL, rows.select_related("visit"))
    if not found:
        return None
    _close(found[0], outcome, "officer", actor, now, reason=reason)
    return found[0]


def _close(
    call: Call, outcome: str, ended_by: rules.EndedBy, actor: Actor, now: datetime, *, reason: str, lost: int = 0
) -> None:
    """The end itself, the same however it came: state, seats, evidence, news."""
    changes = {"ended_at": now, "outcome": outcome, "end_reason": reason, "minutes_lost": lost}
    data: dict[str, str | int] = {"outcome": outcome, "reason": reason, "by": ended_by, "minutes_lost": lost}
    transition(call, CALL, "end", facility_id=call.facility_id, actor=actor, now=now, changes=changes, data=data)
    _let_everybody_go(call, actor, now)
    officer = actor.label if ended_by == "officer" and actor.kind == "staff" else ""
    happened(call, "ended", now=now, data={"outcome": outcome, "by": ended_by, "officer": officer, "lost": lost})
    outbox.emit(CallEnded(call.ref, call.visit.ref, outcome, lost, now.isoformat()), now)


def _must_be_allowed(call: Call, ended_by: rules.EndedBy, outcome: str, actor: Actor) -> None:
    actor.must(CAPABILITY[ended_by], call.facility_id)
    if ended_by in {"visitor", "inmate"}:
        seats = call.participations.filter(role=ended_by)
        if call.state != "live" or not any(is_theirs(seat, actor) for seat in seats):
            raise refuse("NOT_ALLOWED")
    if outcome and (ended_by != "officer" or outcome not in OFFICERS_MAY_SAY):
        raise refuse("REASON_MISSING")


def _evidence(call: Call, ended_by: rules.EndedBy, now: datetime) -> rules.Evidence:
    return rules.Evidence(
        ended_by=ended_by,
        length=call.visit.ends_at - call.visit.starts_at,
        admitted_at=call.admitted_at,
        ended_at=now,
        spans=tuple(spans_of(call)),
        was_watched=call.participations.filter(role="supervisor").exists(),
    )


def given_of(call: Call, ended_by: str, ended_at: datetime) -> Given:
    """How much of the visit took place: what compensation asks.

    Only the clock can lose minutes: whoever ends a call early gives the rest away.
    """
    length, spans = call.visit.ends_at - call.visit.starts_at, spans_of(call)
    lost = rules.lost_by_us(length, spans, call.admitted_at, ended_at) if ended_by == "clock" else 0
    return Given(length, rules.talked(spans, call.admitted_at, ended_at), lost)


def _let_everybody_go(call: Call, actor: Actor, now: datetime) -> None:
    call.holds.filter(lifted_at__isnull=True).update(lifted_at=now)
    let_officers_go(call, actor, now)
    call.participations.filter(until__isnull=True).update(until=now)


def let_officers_go(call: Call, actor: Actor, now: datetime) -> None:
    """Nobody watches a call, or looks at it, that is over or put off: the log says so for each."""
    watching = call.participations.select_related("staff").filter(role__in=LEAVING, until__isnull=True)
    for seat in watching:
        data = {"officer": seat.staff.subject if seat.staff else ""}
        record(LEAVING[seat.role], facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
    watching.update(until=now)
