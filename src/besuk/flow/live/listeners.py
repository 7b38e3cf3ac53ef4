"""What calls hear from bookings."""

from datetime import datetime

from besuk.flow.bookings.events import VisitCancelled
from besuk.flow.live.actions.end import end_with_visit
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel import outbox


def visit_cancelled(event: VisitCancelled, now: datetime) -> None:
    """A prepared call ends with its visit; the conductor reads it within a second and ends the room."""
    end_with_visit(visit_ref=event.visit_ref, outcome=event.outcome, actor=SYSTEM, now=now)


def connect() -> None:
    """Listen inside the cancelling transaction: a visit that is cancelled has no running call."""
    outbox.listen_at_once(VisitCancelled, visit_cancelled)
