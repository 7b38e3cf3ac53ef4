"""Reading bookings. Facts for many slots come in a handful of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import talk_refusals
from besuk.flow.bookings.models import Claim, LedgerEntry, Owed, Visit
from besuk.flow.bookings.rules import BookingFacts, in_the_way, week_of
from besuk.ground.accounts.models import Visitor
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel.errors import Refusal, refuse
from besuk.ground.kernel.interval import Interval
from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.queries import slots_between
from besuk.ground.timetable.rules import Slot


@dataclass(frozen=True)
class Offer:
    """A slot, and all that stands in the way of it."""

    slot: Slot
    refusals: tuple[Refusal, ...]

    @property
    def is_free(self) -> bool:
        return not self.refusals


def running(now: datetime) -> Q:
    """Visits that take up time and quota: booked and concluded ones, and holds that have not lapsed."""
    return Q(state__in=["booked", "concluded"]) | Q(state="held", held_until__gt=now)


def facts_for(tie: Tie, span: Interval, now: datetime) -> BookingFacts:
    """What the rules need to judge slots within `span` for this tie. `tie.inmate` must be known.

    The visitor's own hold is left out: taking another slot lets it go.
    """
    facility, inmate = tie.facility, tie.inmate
    if inmate is None:
        raise refuse("INMATE_NOT_FOUND")
    zone = zone_of(facility)
    claims = claims_in(facility, tie, span, now)
    return BookingFacts(
        policy=policy_of(facility.pk),
        zone=zone,
        inmate_id=inmate.pk,
        legal_status=inmate.legal_status,
        is_suspended=facility.suspended_at is not None,
        talk=tuple(talk_refusals(tie, now)),
        inmate_units=units_by_week(Q(inmate_id=inmate.pk), Q(inmate_id=inmate.pk), tie, now),
        tie_units=units_by_week(Q(tie_id=tie.pk), Q(people__tie_id=tie.pk), tie, now),
        station_busy=frozenset((row[1], row[2]) for row in claims if row[0] == Claim.Kind.STATION),
        inmate_busy=frozenset(row[2] for row in claims if row[:2] == (Claim.Kind.INMATE, inmate.pk)),
        visitor_busy=frozenset(row[2] for row in claims if row[:2] == (Claim.Kind.VISITOR, tie.visitor_id)),
    )


def claims_in(facility: Facility, tie: Tie, span: Interval, now: datetime) -> list[tuple[str, int, datetime]]:
    """Taken cells of the facility's stations and of the two people within `span`; lapsed holds take nothing."""
    mine = Q(kind=Claim.Kind.INMATE, subject=tie.inmate_id) | Q(kind=Claim.Kind.VISITOR, subject=tie.visitor_id)
    whose = mine | Q(kind=Claim.Kind.STATION, visit__facility=facility)
    rows = Claim.objects.filter(whose, cell__gte=span.start, cell__lt=span.end)
    alive = ~Q(visit__state="held", visit__held_until__lte=now)
    rows = rows.filter(alive).exclude(visit__in=own_holds(tie.visitor_id))
    return list(rows.values_list("kind", "subject", "cell"))


def own_holds(visitor_id: int) -> QuerySet[Visit]:
    """Every slot this visitor holds or has let lapse."""
    return Visit.objects.filter(people__visitor_id=visitor_id, people__is_host=True, state="held")


def units_by_week(ledger: Q, held: Q, tie: Tie, now: datetime) -> dict[date, int]:
    """Units used by local week: the ledger's sum, and one for each living hold of somebody else."""
    zone = zone_of(tie.facility)
    since = week_of(now, zone) - timedelta(days=7)
    used: Counter[date] = Counter()
    for week, units in LedgerEntry.objects.filter(ledger, week__gte=since).values_list("week", "units"):
        used[week] -= units
    holds = Visit.objects.filter(held, state="held", held_until__gt=now).exclude(pk__in=own_holds(tie.visitor_id))
    for starts_at in holds.values_list("starts_at", flat=True):
        used[week_of(starts_at, zone)] += 1
    return dict(used)


def offers(tie: Tie, first: date, last: date, now: datetime) -> list[Offer]:
    """Every slot of the days `first` to `last` (local, included), each with what stands in its way."""
    slots = slots_between(tie.facility, first, last)
    if not slots or tie.inmate is None:
        return []
    span = Interval(slots[0].interval.start, max(slot.taken.end for slot in slots))
    facts = facts_for(tie, span, now)
    return [Offer(slot, tuple(in_the_way(slot, facts, now=now))) for slot in slots]


def balance(inmate_id: int, week: date, granted: int) -> int:
    """Units left to the inmate in a week (its Monday), by the ledger."""
    units = LedgerEntry.objects.filter(inmate_id=inmate_id, week=week).values_list("units", flat=True)
    return granted + sum(units)


def units_left(tie: Tie, now: datetime) -> dict[date, int]:
    """Visits this tie may still book, by local week (its Monday): the smaller of both quotas. Weeks without use
    are absent: they have everything. Two queries for the inmate, two for the tie, one for the policy.
    """
    policy = policy_of(tie.facility_id)
    inmate = units_by_week(Q(inmate_id=tie.inmate_id), Q(inmate_id=tie.inmate_id), tie, now)
    own = units_by_week(Q(tie_id=tie.pk), Q(people__tie_id=tie.pk), tie, now)
    return {
        week: max(
            0,
            min(policy.visits_per_inmate_a_week - inmate.get(week, 0), policy.visits_per_tie_a_week - own.get(week, 0)),
        )
        for week in {*inmate, *own}
    }


def held_by(visitor: Visitor, now: datetime) -> Visit | None:
    """The slot the visitor holds right now and has not confirmed."""
    mine = _told().filter(people__visitor=visitor, people__is_host=True, state="held", held_until__gt=now)
    return mine.order_by("-created_at").first()


def _told() -> QuerySet[Visit]:
    return Visit.objects.select_related("facility", "inmate", "station")


def upcoming(visitor: Visitor, now: datetime) -> list[Visit]:
    """The visitor's booked visits that are not over, next first."""
    mine = _told().filter(people__visitor=visitor, state="booked", ends_at__gt=now - timedelta(hours=1))
    return list(mine.order_by("starts_at"))


def history(visitor: Visitor, limit: int = 20) -> list[Visit]:
    """What became of the visitor's visits, newest first; holds that were let go are not worth telling."""
    over = Q(state="concluded") | Q(state="cancelled", booked_at__isnull=False)
    return list(_told().filter(over, people__visitor=visitor).order_by("-starts_at")[:limit])


def returned_units(visits: list[Visit]) -> set[int]:
    """Primary keys of those visits whose unit was given back."""
    rows = LedgerEntry.objects.filter(visit__in=visits, kind=LedgerEntry.Kind.RETURNED)
    return set(rows.values_list("visit_id", flat=True))


def kept_at(station: Station, span: Interval) -> QuerySet[Visit]:
    """The held and booked visits of a station that fall into a span, wholly or in part."""
    rows = Visit.objects.select_related("facility").filter(station=station, state__in=["held", "booked"])
    return rows.filter(starts_at__lt=span.end, ends_at__gt=span.start)


def booked_at(station: Station, span: Interval) -> QuerySet[Visit]:
    """The booked ones of them."""
    return kept_at(station, span).filter(state="booked")


def owed_ties(ties: Iterable[Tie]) -> set[int]:
    """Primary keys of those ties that go first when turns are given next."""
    return set(Owed.objects.filter(tie__in=list(ties), settled_at__isnull=True).values_list("tie_id", flat=True))


def owed_at(facility: Facility) -> list[Owed]:
    """Who goes first next time at a facility, longest waiting first."""
    rows = Owed.objects.filter(facility=facility, settled_at__isnull=True)
    return list(rows.select_related("inmate__block", "tie__visitor", "visit").order_by("since", "pk"))


def day(facility: Facility, on: date) -> list[Visit]:
    """The booked and concluded visits of a local day, by time and station."""
    start = datetime.combine(on, datetime.min.time(), zone_of(facility))
    rows = _told().select_related("inmate__block").filter(facility=facility, state__in=["booked", "concluded"])
    rows = rows.filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
    return list(rows.prefetch_related("people").order_by("starts_at", "station__number"))
