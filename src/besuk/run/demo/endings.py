"""Seeding, part four: the other ways a visit can end, each by the act that ends it, and what follows from it."""

from collections.abc import Callable
from datetime import timedelta

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings import actions as bookings
from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import actions as checkin
from besuk.flow.complaints import actions as complaints
from besuk.flow.live import actions as live
from besuk.flow.live.models import Call
from besuk.ground.accounts.actors import SYSTEM, visitor_actor
from besuk.ground.facilities.actors import station_actor
from besuk.ground.kernel.refs import new_ref
from besuk.run.demo.prisons import Seeded
from besuk.run.demo.story import Story

MINUTE = timedelta(minutes=1)
CONFIRMED_AFTER = timedelta(hours=2)


def short(seeded: Seeded, call: Call, visit: Visit, tie: Tie) -> Story:
    """The picture froze near the end: some minutes are saved."""
    at = visit.starts_at + 11 * MINUTE
    yield at
    live.end(call_ref=call.ref, ended_by="officer", outcome="failed_technical", reason="technical",
             actor=seeded.actor("supervisor", at), now=at)  # fmt: skip


def gave_up(seeded: Seeded, call: Call, visit: Visit, tie: Tie) -> Story:
    """The line was lost, and the family went away."""
    at = visit.starts_at + 5 * MINUTE
    yield at
    live.hold(call_ref=call.ref, cause="technical", actor=SYSTEM, now=at)
    at += 3 * MINUTE
    yield at
    live.end(call_ref=call.ref, ended_by="visitor", actor=visitor_actor(tie.visitor), now=at)


def inmate_left(seeded: Seeded, call: Call, visit: Visit, tie: Tie) -> Story:
    """The inmate ended it."""
    at = visit.starts_at + 9 * MINUTE
    yield at
    live.end(call_ref=call.ref, ended_by="inmate", actor=station_actor(visit.station), now=at)


def stopped(seeded: Seeded, call: Call, visit: Visit, tie: Tie) -> Story:
    """All calls were stopped: these two go first next time."""
    at = visit.starts_at + 4 * MINUTE
    yield at
    live.end(call_ref=call.ref, ended_by="stop", actor=seeded.actor("supervisor", at), now=at)


def ended(seeded: Seeded, call: Call, visit: Visit, tie: Tie) -> Story:
    """The officer ended it."""
    at = visit.starts_at + 7 * MINUTE
    yield at
    live.end(call_ref=call.ref, ended_by="officer", outcome="ended_by_supervisor", reason="recording",
             actor=seeded.actor("supervisor", at), now=at)  # fmt: skip


def not_brought(seeded: Seeded, visit: Visit, tie: Tie) -> Story:
    """The family came, the inmate was not brought."""
    at = visit.starts_at - 4 * MINUTE
    yield at
    checkin.arrive(visit_ref=visit.ref, side="visitor", actor=visitor_actor(tie.visitor), now=at)
    for minutes in (2, 6):
        at = visit.starts_at + minutes * MINUTE
        yield at
        officer = seeded.actor("supervisor", at)
        if minutes == 2:
            checkin.ring(visit_ref=visit.ref, reached=True, actor=officer, now=at)
        else:
            checkin.mark_absent(visit_ref=visit.ref, side="inmate", key=new_ref(), actor=officer, now=at)


def declined(seeded: Seeded, visit: Visit, tie: Tie) -> Story:
    """The family did not accept the rules."""
    at = visit.starts_at - 4 * MINUTE
    yield at
    family = visitor_actor(tie.visitor)
    checkin.arrive(visit_ref=visit.ref, side="visitor", actor=family, now=at)
    checkin.decline_rules(visit_ref=visit.ref, actor=family, now=at)


def prevented(seeded: Seeded, visit: Visit, tie: Tie) -> Story:
    """The inmate was elsewhere; why is written inside."""
    yield from _cancelled(seeded, visit, "inmate_unavailable", "court")


def mistaken(seeded: Seeded, visit: Visit, tie: Tie) -> Story:
    """The desk had booked it in error."""
    yield from _cancelled(seeded, visit, "booked_in_error", "Dipesan untuk orang yang salah")


def _cancelled(seeded: Seeded, visit: Visit, outcome: str, reason: str) -> Story:
    at = visit.starts_at - 60 * MINUTE
    yield at
    bookings.cancel_by_facility(
        visit_ref=visit.ref, outcome=outcome, reason=reason, key=new_ref(), actor=seeded.actor("desk", at), now=at
    )


WITHOUT_A_CALL: dict[str, Callable[[Seeded, Visit, Tie], Story]] = {
    "not_brought": not_brought, "declined": declined, "prevented": prevented, "mistaken": mistaken,
}  # fmt: skip
IN_A_CALL: dict[str, Callable[[Seeded, Call, Visit, Tie], Story]] = {
    "short": short, "gave_up": gave_up, "inmate_left": inmate_left, "stopped": stopped, "ended": ended,
}  # fmt: skip


def afterwards(seeded: Seeded, visit: Visit, tie: Tie, *, rated: int, complained: str, answered: str) -> Story:
    """An officer confirms the outcome; the family rates it, complains, and is answered."""
    at = visit.ends_at + CONFIRMED_AFTER
    yield at
    fresh = Visit.objects.get(pk=visit.pk)
    family = visitor_actor(tie.visitor)
    if fresh.state == "concluded" and fresh.confirmed_at is None:
        live.confirm_outcome(visit_ref=visit.ref, seen=fresh.outcome, actor=seeded.actor("supervisor", at), now=at)
    if rated and fresh.state == "concluded":
        complaints.rate(visit_ref=visit.ref, points=rated, words="", actor=family, now=at)
    if not complained:
        return
    reason, words = complained.split(":", 1)
    filed = complaints.complain(visit_ref=visit.ref, reason=reason, words=words, key=new_ref(), actor=family, now=at)
    if answered:
        at += 20 * 60 * MINUTE
        yield at
        complaints.answer(complaint_ref=filed.ref, words=answered, actor=seeded.actor("head", at), now=at)
