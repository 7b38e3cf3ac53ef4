"""A booked visit expects both sides."""

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import Attendance
from besuk.flow.checkin.rules import SIDES
from besuk.ground.kernel.unit import unit


def expect(*, visit: Visit) -> None:
    """Make the attendance rows of a visit. Harmless when they are there; called when a visit is booked."""
    with unit():
        rows = [Attendance(visit=visit, side=side) for side in SIDES]
        Attendance.objects.bulk_create(rows, ignore_conflicts=True)
