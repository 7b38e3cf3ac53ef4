"""Reading ratings and complaints."""

from besuk.flow.bookings.models import Visit
from besuk.flow.complaints.models import Complaint, Rating
from besuk.ground.kernel.models import Facility

MOST_ANSWERED = 50


def rating_of(visit: Visit) -> Rating | None:
    """How the family rated a visit."""
    return Rating.objects.filter(visit=visit).first()


def complaints_of(visit: Visit, side: str) -> list[Complaint]:
    """What one side complained of about a visit, newest first."""
    return list(Complaint.objects.filter(visit=visit, side=side).order_by("-number"))


def open_at(facility: Facility) -> list[Complaint]:
    """Complaints that wait for an answer, oldest first."""
    rows = Complaint.objects.filter(facility=facility, state="open").select_related("visit__inmate")
    return list(rows.order_by("filed_at", "number"))


def answered_at(facility: Facility) -> list[Complaint]:
    """The newest answered ones."""
    rows = Complaint.objects.filter(facility=facility, state="answered").select_related("visit__inmate", "answered_by")
    return list(rows.order_by("-answered_at")[:MOST_ANSWERED])
