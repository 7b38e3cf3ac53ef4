"""The demo's visits: which are due, and how another one comes to be due now. Through the real bookings."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings import actions as bookings
from besuk.flow.bookings.models import Claim, LedgerEntry, Visit
from besuk.flow.bookings.rules import CELL, Person
from besuk.ground.accounts.actors import SYSTEM, visitor_actor
from besuk.ground.audit import actions as audit
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refs import new_ref
from besuk.ground.kernel.unit import unit
from besuk.ground.timetable.queries import slots_between
from besuk.ground.timetable.rules import Slot

SOON = timedelta(hours=1)
JUST_BEGUN = timedelta(minutes=2)
QUOTA = frozenset({"INMATE_QUOTA_USED", "VISITOR_QUOTA_USED"})
EXTRA = "demo"
"""Reason in the ledger: the demo gave another unit, so that one can try again and again."""


def due_visits(facility: Facility, now: datetime) -> list[Visit]:
    """Booked visits that begin within the hour or have people in them, the next first.

    One that began without anybody is left out: whoever opens the demo wants all the minutes.
    """
    rows = Visit.objects.filter(facility=facility, state="booked", ends_at__gt=now, starts_at__lt=now + SOON)
    joined = Q(starts_at__gt=now - JUST_BEGUN) | Q(attendance__state__in=["present", "ready"])
    found = rows.filter(joined).distinct().select_related("inmate__block", "station", "facility")
    return list(found.order_by("starts_at", "station__number"))


def free_slots(facility: Facility, first: datetime, last: datetime) -> list[Slot]:
    """Open slots that start after `first`, up to `last`, and whose station nobody has claimed."""
    zone = zone_of(facility)
    slots = slots_between(facility, first.astimezone(zone).date(), last.astimezone(zone).date())
    claims = Claim.objects.filter(kind=Claim.Kind.STATION, visit__facility=facility, cell__gt=first)
    busy = set(claims.values_list("subject", "cell"))

    def is_free(slot: Slot) -> bool:
        return not any((slot.station_id, cell) in busy for cell in slot.taken.cells(CELL))

    return [one for one in slots if not one.closed and first < one.interval.start <= last and is_free(one)]


def book(tie: Tie, station_pk: int, starts_at: datetime, now: datetime, people: Iterable[Person] = ()) -> Visit:
    """Hold and confirm, as the family would on the page. Raises Refused."""
    family = visitor_actor(tie.visitor)
    held = bookings.hold(
        tie_ref=tie.ref, station_id=station_pk, starts_at=starts_at, key=new_ref(), actor=family, now=now
    )
    return bookings.confirm(
        visit_ref=held.ref,
        people=list(people),
        rules_accepted=True,
        key=new_ref(),
        actor=family,
        now=now,
    )


def book_one(ties: Iterable[Tie], slots: Iterable[Slot], now: datetime) -> Visit | None:
    """The first slot that any of the ties can have, in the order of slots; None when there is none.

    Where nothing but the week's quota is in the way, the tie gets another unit.
    """
    willing = list(ties)
    for slot in slots:
        for tie in willing:
            visit = _try(tie, slot, now)
            if visit is not None:
                return visit
    return None


def _try(tie: Tie, slot: Slot, now: datetime) -> Visit | None:
    start = slot.interval.start
    for _ in range(2):
        try:
            return book(tie, slot.station_id, start, now)
        except Refused as refused:
            if not set(refused.codes) <= QUOTA:
                return None
            _give_unit(tie, start, now)
    return None


def _give_unit(tie: Tie, at: datetime, now: datetime) -> None:
    """One more unit in the week of `at`, noted in ledger and log."""
    day, inmate = at.astimezone(zone_of(tie.facility)).date(), tie.inmate
    if inmate is None:
        raise refuse("INMATE_NOT_FOUND")
    with unit():
        row = LedgerEntry.objects.create(
            facility=tie.facility,
            inmate=inmate,
            tie=tie,
            week=day - timedelta(days=day.weekday()),
            kind=LedgerEntry.Kind.ADJUSTED,
            units=1,
            reason=EXTRA,
            at=now,
        )
        audit.record("ledger.adjusted", facility_id=tie.facility_id, actor=SYSTEM, about=row, now=now)


def talking_ties(facility: Facility, now: datetime) -> list[Tie]:
    """Approved ties of the facility, the main family's first, those with a visit ahead last."""
    ahead = set(
        Visit.objects.filter(facility=facility, state="booked", ends_at__gt=now).values_list("people__tie", flat=True)
    )
    ties = Tie.objects.filter(facility=facility, state="approved").select_related("visitor", "facility").order_by("pk")
    found = [tie for tie in ties if tie.inmate_id is not None]
    return [tie for tie in found if tie.pk not in ahead] + [tie for tie in found if tie.pk in ahead]


def make_due(facility: Facility, now: datetime, within: timedelta = SOON) -> Visit:
    """Book the soonest slot there is, for the main family if it can come. Raises Refused(SLOT_UNKNOWN)."""
    visit = book_one(talking_ties(facility, now), free_slots(facility, now, now + within), now)
    if visit is None:
        raise refuse("SLOT_UNKNOWN")
    return visit
