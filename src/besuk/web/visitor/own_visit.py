"""A visitor's own visit, by its address. Somebody else's does not exist."""

from django.http import Http404

from besuk.flow.bookings.models import Visit
from besuk.ground.kernel.actor import Actor


def own_visit(actor: Actor, ref: str) -> Visit:
    """The visit that `actor` booked, with its facility, inmate and station. Raises Http404."""
    mine = Visit.objects.filter(ref=ref, people__is_host=True, people__visitor_id=actor.pk)
    visit = mine.select_related("facility", "inmate", "station").exclude(state="held").first()
    if visit is None:
        raise Http404
    return visit
