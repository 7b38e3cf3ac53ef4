"""At every start: what is past is closed, and visits are due now and every few minutes for some hours."""

from datetime import datetime, timedelta

from besuk.flow.bookings import actions as bookings
from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import unit
from besuk.web.public.demo_visits import book_one, free_slots, talking_ties

AHEAD = timedelta(hours=4)
MARK = timedelta(minutes=5)


def set_to_now(now: datetime) -> int:
    """Close old visits and book new ones at every facility; returns how many were booked."""
    close_old(now)
    return sum(fill(facility, now) for facility in Facility.objects.order_by("pk"))


def close_old(now: datetime) -> int:
    """Visits of an earlier start that nobody came to, without a call: our fault, the unit comes back."""
    old = Visit.objects.filter(state="booked", ends_at__lte=now, call__isnull=True)
    for visit in list(old.order_by("pk")):
        with unit():
            bookings.conclude(visit=visit, outcome="cancelled_by_facility", actor=SYSTEM, now=now)
    return len(old)


def fill(facility: Facility, now: datetime) -> int:
    """One visit as soon as there is a slot, for the main family; then every second start, for the others.

    The starts between stay free, so that "another visit due now" never waits long.
    """
    slots = free_slots(facility, now, now + AHEAD)
    first = book_one(talking_ties(facility, now), slots, now)
    if first is None:
        return 0
    booked = 1
    starts = sorted({one.interval.start for one in slots if one.interval.start > first.starts_at})
    for start in starts[1::2]:
        here = [one for one in slots if one.interval.start == start]
        try:
            booked += book_one(talking_ties(facility, now), here, now) is not None
        except Refused:
            continue
    return booked
