"""Reading bookings. Facts for many slots come in a handful of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import talk_refusals
from besuk.flow.bookings import rules
from besuk.flow.bookings.models import Claim, LedgerEntry, Visit
from besuk.flow.bookings.rules import BookingFacts, in_the_way, is_taken, week_of
from besuk.ground.accounts.models import Visitor
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.policy import Policy
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel.errors import Refusal, refuse
from besuk.ground.kernel.interval import Interval
from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.queries import sessions_of, slots_between
from besuk.ground.timetable.rules import Slot


@dataclass(frozen=True)
class Rest:
    """One session of a day with its booked visits. A shift may have moved some past its end.

    `window`: when visits of it begin, up to the next session.
    """

    session: Interval
    window: Interval
    next_start: datetime | None
    visits: tuple[Visit, ...]


@dataclass(frozen=True)
class Offer:
    """A slot, and all that stands in the way of it."""

    slot: Slot
    refusals: tuple[Refusal, ...]

    @property
    def is_free(self) -> bool:
        return not self.refusals


def facts_for(tie: Tie, span: Interval, now: datetime) -> BookingFacts:
    """What the rules need to judge slots within `span` for this tie. `tie.inmate` must be known.

    The visitor's own hold is left out: taking another slot lets it go.
    """
    facility, inmate = tie.facility, tie.inmate
    if inmate is None:
        raise refuse("INMATE_NOT_FOUND")
    zone = zone_of(facility)
    claims = claims_in(facility, tie, span, now)
    inmate_units, tie_units = _used_by(tie, now)
    return BookingFacts(
        policy=policy_of(facility.pk),
        zone=zone,
        inmate_id=inmate.pk,
        legal_status=inmate.legal_status,
        is_suspended=facility.suspended_at is not None,
        talk=tuple(talk_refusals(tie, now)),
        inmate_units=inmate_units,
        tie_units=tie_units,
        station_busy=frozenset((row[1], row[2]) for row in claims if row[0] == Claim.Kind.STATION),
        inmate_busy=frozenset(row[2] for row in claims if row[:2] == (Claim.Kind.INMATE, inmate.pk)),
        visitor_busy=frozenset(row[2] for row in claims if row[:2] == (Claim.Kind.VISITOR, tie.visitor_id)),
    )


def claims_in(facility: Facility, tie: Tie, span: Interval, now: datetime) -> list[tuple[str, int, datetime]]:
    """Taken cells of the facility's stations and of the two people within `span`; lapsed holds take nothing."""
    mine = Q(kind=Claim.Kind.INMATE, subject=tie.inmate_id) | Q(kind=Claim.Kind.VISITOR, subject=tie.visitor_id)
    rows = _living_claims(mine | _of_stations(facility), span, now).exclude(visit__in=own_holds(tie.visitor_id))
    return list(rows.values_list("kind", "subject", "cell"))


def _of_stations(facility: Facility) -> Q:
    return Q(kind=Claim.Kind.STATION, visit__facility=facility)


def _living_claims(whose: Q, span: Interval, now: datetime) -> QuerySet[Claim]:
    alive = ~Q(visit__state="held", visit__held_until__lte=now)
    return Claim.objects.filter(whose, alive, cell__gte=span.start, cell__lt=span.end)


def own_holds(visitor_id: int) -> QuerySet[Visit]:
    """Every slot this visitor holds or has let lapse."""
    return Visit.objects.filter(people__visitor_id=visitor_id, people__is_host=True, state="held")


def units_by_week(of_ledger: Q, of_holds: Q, zone: ZoneInfo, since: date, now: datetime) -> dict[date, int]:
    """Units used by local week, from the week `since` on: the ledger's sum, and one for each living hold."""
    used: Counter[date] = Counter()
    for week, units in LedgerEntry.objects.filter(of_ledger, week__gte=since).values_list("week", "units"):
        used[week] -= units
    holds = Visit.objects.filter(of_holds, state="held", held_until__gt=now)
    for starts_at in holds.values_list("starts_at", flat=True):
        used[week_of(starts_at, zone)] += 1
    return dict(used)


def _used_by(tie: Tie, now: datetime) -> tuple[dict[date, int], dict[date, int]]:
    """Units used by the inmate and by the tie, by week, since last week. The visitor's own holds are left out."""
    zone = zone_of(tie.facility)
    since, others = week_of(now, zone) - timedelta(days=7), ~Q(pk__in=own_holds(tie.visitor_id))
    return (
        units_by_week(Q(inmate_id=tie.inmate_id), Q(others, inmate_id=tie.inmate_id), zone, since, now),
        units_by_week(Q(tie_id=tie.pk), Q(others, people__tie_id=tie.pk), zone, since, now),
    )


def offers(tie: Tie, first: date, last: date, now: datetime) -> list[Offer]:
    """Every slot of the days `first` to `last` (local, included), each with what stands in its way."""
    slots = slots_between(tie.facility, first, last)
    if not slots or tie.inmate is None:
        return []
    span = Interval(slots[0].interval.start, max(slot.taken.end for slot in slots))
    facts = facts_for(tie, span, now)
    return [Offer(slot, tuple(in_the_way(slot, facts, now=now))) for slot in slots]


def units_left(tie: Tie, now: datetime) -> dict[date, int]:
    """Visits this tie may still book, by local week (its Monday). Weeks without use are absent: they have everything.

    Two queries for the inmate, two for the tie, one for the policy.
    """
    policy = policy_of(tie.facility_id)
    inmate, own = _used_by(tie, now)
    return {week: rules.units_left(week, policy, inmate, own) for week in {*inmate, *own}}


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
    return {pk for pk, row in returns_of(visits).items() if row.units}


def returns_of(visits: Iterable[Visit]) -> dict[int, LedgerEntry]:
    """What each of these visits is repaid with, by its primary key; absent: nothing."""
    rows = LedgerEntry.objects.filter(visit__in=list(visits), kind=LedgerEntry.Kind.RETURNED)
    return {row.visit_id: row for row in rows if row.visit_id is not None and (row.units or row.minutes)}


def saved_minutes(tie_id: int) -> int:
    """Lost minutes that are saved for a tie."""
    return LedgerEntry.objects.filter(tie_id=tie_id).aggregate(saved=Sum("minutes"))["saved"] or 0


def has_unit_left(row: LedgerEntry, policy: Policy, now: datetime) -> bool:
    """Whether the unit of a return is still there in its week: for inmate and tie, all holds counted as used."""
    zone, tie = zone_of(row.facility), row.tie_id or 0
    inmate_units = units_by_week(Q(inmate_id=row.inmate_id), Q(inmate_id=row.inmate_id), zone, row.week, now)
    tie_units = units_by_week(Q(tie_id=tie), Q(people__tie_id=tie), zone, row.week, now)
    return rules.units_left(row.week, policy, inmate_units, tie_units) > 0


def free_slots(facility: Facility, first: date, last: date, now: datetime) -> list[Slot]:
    """Slots of the local days `first` to `last` that are open, still to come and not taken, for whomever."""
    slots = [one for one in slots_between(facility, first, last) if not one.closed and one.interval.start > now]
    if not slots:
        return []
    span = Interval(slots[0].interval.start, max(slot.taken.end for slot in slots))
    busy = frozenset(_living_claims(_of_stations(facility), span, now).values_list("subject", "cell"))
    return [slot for slot in slots if not is_taken(slot, busy)]


def kept_at(station: Station, span: Interval) -> QuerySet[Visit]:
    """The held and booked visits of a station that fall into a span, wholly or in part."""
    rows = Visit.objects.select_related("facility").filter(station=station, state__in=["held", "booked"])
    return rows.filter(starts_at__lt=span.end, ends_at__gt=span.start)


def booked_at(station: Station, span: Interval) -> QuerySet[Visit]:
    """The booked ones of them."""
    return kept_at(station, span).filter(state="booked")


def owed_ties(ties: Iterable[Tie]) -> set[int]:
    """Primary keys of those ties that go first when turns are given next."""
    return set(_going_first().filter(tie__in=list(ties)).values_list("tie_id", flat=True))


def owed_at(facility: Facility) -> list[LedgerEntry]:
    """Who goes first next time at a facility, longest waiting first."""
    rows = _going_first().filter(facility=facility)
    return list(rows.select_related("inmate__block", "tie__visitor", "visit").order_by("at", "pk"))


def _going_first() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(goes_first=True, settled_at__isnull=True)


def unconfirmed(facility: Facility) -> QuerySet[Visit]:
    """Concluded visits whose outcome no officer has stood by yet, oldest first."""
    rows = _told().filter(facility=facility, state="concluded", confirmed_at__isnull=True)
    return rows.prefetch_related("people").order_by("starts_at", "station__number")


def rests_on(facility: Facility, on: date) -> list[Rest]:
    """The sessions of a local day, in order, each with the booked visits that belong to it."""
    sessions = sessions_of(facility, on)
    midnight = datetime.combine(on + timedelta(days=1), datetime.min.time(), zone_of(facility))
    booked = [visit for visit in day(facility, on) if visit.state == "booked"]
    found = []
    for number, session in enumerate(sessions):
        following = sessions[number + 1].start if number + 1 < len(sessions) else None
        window = Interval(session.start, following or midnight)
        inside = tuple(visit for visit in booked if window.contains(visit.starts_at))
        found.append(Rest(session, window, following, inside))
    return found


def day(facility: Facility, on: date) -> list[Visit]:
    """The booked and concluded visits of a local day, by time and station."""
    rows = _starting_on(facility, on).filter(state__in=["booked", "concluded"])
    return list(rows.prefetch_related("people").order_by("starts_at", "station__number"))


def called_off(facility: Facility, on: date) -> QuerySet[Visit]:
    """Visits of a local day that somebody else cancelled: their inmates may still wait for them. By block and time."""
    known = {"cancelled_by_inmate", "inmate_unavailable"}
    rows = _starting_on(facility, on).filter(state="cancelled", booked_at__isnull=False, inmate__place="here")
    return rows.exclude(outcome__in=known).order_by("inmate__block__name", "starts_at")


def _starting_on(facility: Facility, on: date) -> QuerySet[Visit]:
    start = datetime.combine(on, datetime.min.time(), zone_of(facility))
    rows = _told().select_related("inmate__block").filter(facility=facility)
    return rows.filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
