"""Calling a side absent, which concludes the visit."""

from datetime import datetime

from besuk.flow.bookings.actions import conclude
from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import rules
from besuk.flow.checkin.actions.attend import facts_of, must_be_theirs
from besuk.flow.checkin.actions.expect import expect
from besuk.flow.checkin.events import SideAbsent
from besuk.flow.checkin.lifecycle import ATTENDANCE
from besuk.flow.checkin.models import Attendance
from besuk.flow.checkin.rules import Side
from besuk.ground.accounts.capabilities import DAY_MARK, SYSTEM_RUN
from besuk.ground.audit.actions import transition
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import idempotency, outbox
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.unit import unit


def mark_absent(*, visit_ref: str, side: Side, key: str, actor: Actor, now: datetime) -> Visit:
    """An officer calls a side absent.

    Raises Refused(NOT_LATE_YET), (NOT_RUNG_YET), (STATE_CHANGED) when that side is here or the visit over.
    """
    with unit():
        first = idempotency.once(actor, "checkin.mark_absent", key, f"{visit_ref} {side}", now)
        visit = _visit(visit_ref)
        actor.must(DAY_MARK, visit.facility_id)
        if first.result:
            return visit
        reasons = rules.may_call_absent(
            facts_of(visit),
            side,
            late_minutes=policy_of(visit.facility_id).late_minutes,
            was_rung=visit.ring_attempts.exists(),
            now=now,
        )
        if reasons:
            raise Refused(reasons)
        _conclude(visit, side, f"{side}_absent", actor, now)
        idempotency.answered(first, visit.ref)
        return visit


def conclude_absence(*, visit_ref: str, side: Side, outcome: str, actor: Actor, now: datetime) -> Visit:
    """Besuk concludes a visit whose time is over (see `rules.verdict`)."""
    with unit():
        visit = _visit(visit_ref)
        actor.must(SYSTEM_RUN, visit.facility_id)
        _conclude(visit, side, outcome, actor, now)
        return visit


def decline_rules(*, visit_ref: str, actor: Actor, now: datetime) -> Visit:
    """The visitor does not accept the house rules: the visit does not take place."""
    with unit():
        visit = _visit(visit_ref)
        must_be_theirs(visit, "visitor", actor)
        conclude(visit=visit, outcome="visitor_declined_rules", actor=actor, now=now)
        _move(visit, "visitor", "turn_away", actor, now)
        return visit


def _conclude(visit: Visit, side: Side, outcome: str, actor: Actor, now: datetime) -> None:
    """Concluding first: it takes the locks left of the visit's, and its loser is refused."""
    conclude(visit=visit, outcome=outcome, actor=actor, now=now, sure=actor.kind == "staff")
    _move(visit, side, "miss", actor, now)
    outbox.emit(SideAbsent(visit.ref, side, outcome), now)


def _move(visit: Visit, side: Side, verb: str, actor: Actor, now: datetime) -> None:
    expect(visit=visit)
    row = Attendance.objects.get(visit=visit, side=side)
    data = {"visit": visit.ref, "side": side}
    transition(row, ATTENDANCE, verb, facility_id=visit.facility_id, actor=actor, now=now, data=data)


def _visit(visit_ref: str) -> Visit:
    visit = Visit.objects.filter(ref=visit_ref).first()
    if visit is None:
        raise refuse("NOT_FOUND")
    return visit
