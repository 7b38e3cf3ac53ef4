"""Coming, getting ready, leaving again: one side of a visit."""

from collections.abc import Mapping
from datetime import datetime

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import rules
from besuk.flow.checkin.actions.expect import expect
from besuk.flow.checkin.events import SideReady
from besuk.flow.checkin.house_rules import version_for
from besuk.flow.checkin.lifecycle import ATTENDANCE
from besuk.flow.checkin.models import Attendance
from besuk.flow.checkin.rules import Side, VisitFacts
from besuk.ground.accounts.capabilities import DAY_MARK, STATION_OWN, VISITOR_OWN
from besuk.ground.audit.actions import transition
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import outbox
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def arrive(*, visit_ref: str, side: Side, actor: Actor, now: datetime) -> Attendance:
    """This side is here. Coming again while here is harmless.

    Raises Refused(TOO_EARLY_TO_CHECK_IN), (VISIT_OVER), (STATE_CHANGED), (NOT_FOUND) for strangers.
    """
    with unit():
        visit = _visit_of(visit_ref, side, actor)
        opens = policy_of(visit.facility_id).check_in_opens_minutes
        reasons = rules.may_check_in(facts_of(visit), opens_minutes=opens, now=now)
        if reasons:
            raise Refused(reasons)
        row = _row(visit, side)
        if row.state not in {"present", "ready"}:
            _move(row, visit, "arrive", actor, now, changes={"arrived_at": now})
        return row


def get_ready(
    *, visit_ref: str, side: Side, rules_accepted: bool, will_not_record: bool, actor: Actor, now: datetime
) -> Attendance:
    """This side has accepted the rules and declares that it will not record. Harmless when ready.

    Raises Refused(RULES_NOT_ACCEPTED), and what `arrive` raises.
    """
    with unit():
        row = arrive(visit_ref=visit_ref, side=side, actor=actor, now=now)
        reasons = rules.may_get_ready(rules_accepted=rules_accepted, will_not_record=will_not_record)
        if reasons:
            raise Refused(reasons)
        if row.state != "ready":
            version = version_for(side)
            accepted: dict[str, datetime | str] = {"ready_at": now, "rules_accepted_at": now, "rules_version": version}
            _move(row, row.visit, "get_ready", actor, now, changes=accepted, rules=version)
            outbox.emit(SideReady(visit_ref, side), now)
        return row


def leave(*, visit_ref: str, side: Side, actor: Actor, now: datetime) -> Attendance:
    """This side has left the waiting room and may come again. Harmless when it is not there."""
    with unit():
        visit = _visit_of(visit_ref, side, actor)
        row = _row(visit, side)
        if ATTENDANCE.allows("leave", row.state):
            _move(row, visit, "leave", actor, now)
        return row


def facts_of(visit: Visit) -> VisitFacts:
    """The visit as the rules see it."""
    return VisitFacts(visit.state, visit.starts_at, visit.ends_at)


def must_be_theirs(visit: Visit, side: Side, actor: Actor) -> None:
    """A visitor's own visit, a station's own, or an officer who marks the day. Else as if it did not exist."""
    if actor.kind == "visitor":
        actor.must(VISITOR_OWN, visit.facility_id)
        own = side == "visitor" and visit.people.filter(is_host=True, visitor_id=actor.pk).exists()
    elif actor.kind == "station":
        actor.must(STATION_OWN, visit.facility_id)
        own = side == "inmate" and visit.station_id == actor.pk
    else:
        actor.must(DAY_MARK, visit.facility_id)
        own = side == "inmate"
    if not own:
        raise refuse("NOT_FOUND")


def _visit_of(visit_ref: str, side: Side, actor: Actor) -> Visit:
    found = lock(Rank.VISIT, Visit.objects.filter(ref=visit_ref))
    if not found:
        raise refuse("NOT_FOUND")
    must_be_theirs(found[0], side, actor)
    return found[0]


def _row(visit: Visit, side: Side) -> Attendance:
    expect(visit=visit)
    row = Attendance.objects.get(visit=visit, side=side)
    row.visit = visit
    return row


def _move(
    row: Attendance,
    visit: Visit,
    verb: str,
    actor: Actor,
    now: datetime,
    *,
    changes: Mapping[str, datetime | str] | None = None,
    **facts: str,
) -> None:
    transition(
        row,
        ATTENDANCE,
        verb,
        facility_id=visit.facility_id,
        actor=actor,
        now=now,
        changes=changes,
        data={"visit": visit.ref, "side": row.side, **facts},
    )
