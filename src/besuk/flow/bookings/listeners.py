"""What bookings hears: its own news become notices, and decisions elsewhere put booked visits under review.

Nothing is cancelled by a listener: an officer decides (promises 6 and 7).
"""

from datetime import datetime

from django.db.models import Q

from besuk.flow.approvals.events import TieDecided
from besuk.flow.bookings import notices
from besuk.flow.bookings.events import VisitBooked, VisitCancelled, VisitConcluded, VisitCorrected, VisitShifted
from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.actions import record
from besuk.ground.facilities.events import InmateMoved
from besuk.ground.kernel import outbox

TOUCHING = frozenset({"suspend", "revoke"})
"""Decisions on a tie that touch visits already booked."""


def visit_booked(event: VisitBooked, now: datetime) -> None:
    """Tell the family."""
    notices.tell_booked(_visit(event.visit_ref), now)


def visit_shifted(event: VisitShifted, now: datetime) -> None:
    """Tell the family the new time."""
    notices.tell_shifted(_visit(event.visit_ref), event.was_at, now)


def visit_cancelled(event: VisitCancelled, now: datetime) -> None:
    """Tell the family."""
    notices.tell_cancelled(_visit(event.visit_ref), event.outcome, now)


def visit_concluded(event: VisitConcluded, now: datetime) -> None:
    """Tell the family."""
    notices.tell_concluded(_visit(event.visit_ref), event.outcome, now)


def visit_corrected(event: VisitCorrected, now: datetime) -> None:
    """Tell the family that the outcome is another now."""
    notices.tell_corrected(_visit(event.visit_ref), event.outcome, now)


def tie_decided(event: TieDecided, now: datetime) -> None:
    """A suspended or revoked tie puts its coming visits under review."""
    if event.verb in TOUCHING:
        _review(Q(people__tie__ref=event.tie_ref), f"tie_{event.verb}", now)


def inmate_moved(event: InmateMoved, now: datetime) -> None:
    """An inmate who is away puts the coming visits under review; where to is never told."""
    if event.place != "here":
        _review(Q(inmate_id=event.inmate_id), "inmate_away", now)


def _visit(ref: str) -> Visit:
    return Visit.objects.select_related("facility", "inmate").get(ref=ref)


def _review(which: Q, cause: str, now: datetime) -> None:
    """Note the review and tell the host. Only reads visits: the deciding action holds inmate and visitor."""
    coming = Visit.objects.filter(which, state="booked", ends_at__gt=now).distinct()
    for visit in coming.select_related("facility", "inmate").order_by("starts_at"):
        data = {"cause": cause}
        record("visit.review", facility_id=visit.facility_id, actor=SYSTEM, about=visit, now=now, data=data)
        notices.tell_under_review(visit, now)


def connect() -> None:
    """Called once at start-up."""
    outbox.listen_at_once(VisitBooked, visit_booked)
    outbox.listen_at_once(VisitShifted, visit_shifted)
    outbox.listen_at_once(VisitCancelled, visit_cancelled)
    outbox.listen_at_once(VisitConcluded, visit_concluded)
    outbox.listen_at_once(VisitCorrected, visit_corrected)
    outbox.listen_at_once(TieDecided, tie_decided)
    outbox.listen_at_once(InmateMoved, inmate_moved)
