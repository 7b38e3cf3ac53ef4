"""Entering: the door asks, each time, whether this person may be in this call now."""

from dataclasses import dataclass
from datetime import datetime

from besuk.flow.approvals.queries import talk_refusals
from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import Attendance
from besuk.flow.live import rules
from besuk.flow.live.models import Call, Participation
from besuk.flow.live.privilege import supervised
from besuk.ground.accounts.capabilities import LOOK, STATION_OWN, VISITOR_OWN, WATCH
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refusal, Refused, refuse
from besuk.ground.media import grants
from besuk.ground.media.grants import Grant

CAPABILITY = {"visitor": VISITOR_OWN, "inmate": STATION_OWN, "supervisor": WATCH, "onlooker": LOOK}
OFFICERS = frozenset({"supervisor", "onlooker"})


@dataclass(frozen=True)
class Entry:
    """What the door needs to let somebody in. A party's grant is closed; the conductor opens what the floor allows."""

    participation_ref: str
    call_ref: str
    role: str
    room: str
    grant: Grant


def enter(*, participation_ref: str, actor: Actor, now: datetime) -> Entry:
    """The place of `actor` in the call. Raises Refused with everything that stands in the way.

    Reads only: nothing is locked, because the conductor looks again before anything passes.
    """
    seats = Participation.objects.select_related("call__visit")
    seat = seats.filter(ref=participation_ref).first()
    if seat is None:
        raise refuse("NOT_IN_THIS_CALL")
    call = seat.call
    reasons = rules.may_enter(facts_of(seat, call, actor), now=now)
    if not reasons and seat.role not in OFFICERS:
        reasons = talk_refusals_of(call.visit, now)
    if reasons:
        raise Refused(reasons)
    actor.must(CAPABILITY[seat.role], call.facility_id)
    return Entry(seat.ref, call.ref, seat.role, call.room, closed_grant(seat.role, call))


def talk_refusals_of(visit: Visit, now: datetime) -> list[Refusal]:
    """What has come up since the booking against these people talking: a suspended tie, an expired permit."""
    people = visit.people.filter(tie__isnull=False).select_related("tie__facility", "tie__visitor", "tie__inmate")
    return [reason for person in people if person.tie for reason in talk_refusals(person.tie, now)]


def facts_of(seat: Participation, call: Call, actor: Actor) -> rules.EntryFacts:
    """What the rules ask about somebody's place."""
    visit = call.visit
    officer = seat.role in OFFICERS
    ready = officer or Attendance.objects.filter(visit=visit, side=seat.role, state="ready").exists()
    return rules.EntryFacts(
        is_theirs=is_theirs(seat, actor),
        call_state=call.state,
        room_opens_at=rules.opens_at(visit.starts_at),
        latest_end=call.latest_end,
        seat_taken_back=seat.until is not None,
        ejected=seat.ejected_at is not None,
        ready=ready,
    )


def is_theirs(seat: Participation, actor: Actor) -> bool:
    """Whether this place belongs to whoever acts."""
    owner = {"visitor": seat.visitor_id, "station": seat.station_id, "staff": seat.staff_id}.get(actor.kind)
    return owner is not None and owner == actor.pk


def closed_grant(role: str, call: Call) -> Grant:
    """What each role may at least: closed but for a supervised call's officer. The door opens what the floor allows."""
    if role == "visitor":
        return grants.visitor(floor_open=False)
    if role == "inmate":
        return grants.inmate(floor_open=False)
    proof = supervised(call)
    if proof is None:
        raise refuse("CALL_PRIVILEGED" if role == "onlooker" else "NOT_ALLOWED")
    return grants.onlooker(proof, floor_open=False) if role == "onlooker" else grants.supervisor(proof)
