"""What check-in hears from bookings."""

from datetime import datetime

from besuk.flow.bookings.events import VisitBooked
from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.actions import expect
from besuk.ground.kernel import outbox


def visit_booked(event: VisitBooked, now: datetime) -> None:
    """Both sides are expected, from the same moment."""
    expect(visit=Visit.objects.get(ref=event.visit_ref))


def connect() -> None:
    """Listen. A cancelled visit needs nothing here: check-in asks the visit's own state."""
    outbox.listen_at_once(VisitBooked, visit_booked)
