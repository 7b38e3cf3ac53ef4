"""What stands in the way of a booking: one small function per rule, and the list of all that apply. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from besuk.ground.facilities.policy import Policy
from besuk.ground.kernel.errors import Refusal, because
from besuk.ground.kernel.interval import Interval
from besuk.ground.timetable.rules import Slot

CELL = timedelta(minutes=5)


@dataclass(frozen=True)
class Person:
    """Somebody who will sit before the camera."""

    name: str
    is_child: bool = False


@dataclass(frozen=True)
class BookingFacts:
    """Everything the rules ask about a tie's wish for slots. Weeks are local Mondays."""

    policy: Policy
    zone: ZoneInfo
    inmate_id: int
    legal_status: str
    is_suspended: bool
    talk: tuple[Refusal, ...]
    """What `approvals` says against these two talking at all."""
    inmate_units: dict[date, int]
    """Visits of the inmate that count, by week."""
    tie_units: dict[date, int]
    station_busy: frozenset[tuple[int, datetime]]
    """Taken cells of stations."""
    inmate_busy: frozenset[datetime]
    visitor_busy: frozenset[datetime]


def week_of(moment: datetime, zone: ZoneInfo) -> date:
    """The local Monday of the week of `moment`: quotas are counted by it."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def in_the_way(slot: Slot, facts: BookingFacts, *, now: datetime, by_desk: bool = False) -> list[Refusal]:
    """Every reason why this slot may not be booked, none: it is free. `by_desk` lifts the earliest day only."""
    found: list[Refusal | None] = [
        *facts.talk,
        _service(facts),
        because(slot.closed) if slot.closed else None,
        _early_enough(slot, facts, now, by_desk=by_desk),
        _not_too_early(slot, facts, now),
        _class(slot, facts),
        _inmate_quota(slot, facts),
        _visitor_quota(slot, facts),
        _station_free(slot, facts),
        _inmate_free(slot, facts),
        _visitor_free(slot, facts),
    ]
    return [one for one in found if one is not None]


def _service(facts: BookingFacts) -> Refusal | None:
    return because("SERVICE_SUSPENDED") if facts.is_suspended else None


def _days_ahead(slot: Slot, facts: BookingFacts, now: datetime) -> int:
    return (slot.interval.start.astimezone(facts.zone).date() - now.astimezone(facts.zone).date()).days


def _early_enough(slot: Slot, facts: BookingFacts, now: datetime, *, by_desk: bool) -> Refusal | None:
    least = 0 if by_desk else facts.policy.book_from_days
    late = _days_ahead(slot, facts, now) < least or slot.interval.start <= now
    return because("TOO_LATE_TO_BOOK", days=facts.policy.book_from_days) if late else None


def _not_too_early(slot: Slot, facts: BookingFacts, now: datetime) -> Refusal | None:
    early = _days_ahead(slot, facts, now) > facts.policy.book_until_days
    return because("TOO_EARLY_TO_BOOK", days=facts.policy.book_until_days) if early else None


def is_for(slot: Slot, legal_status: str) -> bool:
    """Whether a slot is meant for inmates of this class."""
    return slot.who_may in {"all", legal_status}


def is_taken(slot: Slot, station_busy: Collection[tuple[int, datetime]]) -> bool:
    """Whether a slot, with its buffer, meets a taken cell of its station."""
    return any((slot.station_id, cell) in station_busy for cell in slot.taken.cells(CELL))


def units_left(week: date, policy: Policy, inmate_units: Mapping[date, int], tie_units: Mapping[date, int]) -> int:
    """Visits that may still be booked in a week (its Monday), by what was used: the smaller of both quotas."""
    of_inmate = policy.visits_per_inmate_a_week - inmate_units.get(week, 0)
    return max(0, min(of_inmate, policy.visits_per_tie_a_week - tie_units.get(week, 0)))


def _class(slot: Slot, facts: BookingFacts) -> Refusal | None:
    return None if is_for(slot, facts.legal_status) else because("SESSION_NOT_FOR_INMATE")


def _inmate_quota(slot: Slot, facts: BookingFacts) -> Refusal | None:
    used = facts.inmate_units.get(week_of(slot.interval.start, facts.zone), 0)
    return because("INMATE_QUOTA_USED") if used >= facts.policy.visits_per_inmate_a_week else None


def _visitor_quota(slot: Slot, facts: BookingFacts) -> Refusal | None:
    used = facts.tie_units.get(week_of(slot.interval.start, facts.zone), 0)
    return because("VISITOR_QUOTA_USED") if used >= facts.policy.visits_per_tie_a_week else None


def _station_free(slot: Slot, facts: BookingFacts) -> Refusal | None:
    return because("SLOT_TAKEN") if is_taken(slot, facts.station_busy) else None


def _inmate_free(slot: Slot, facts: BookingFacts) -> Refusal | None:
    busy = any(cell in facts.inmate_busy for cell in slot.interval.cells(CELL))
    return because("INMATE_HAS_VISIT_THEN") if busy else None


def _visitor_free(slot: Slot, facts: BookingFacts) -> Refusal | None:
    busy = any(cell in facts.visitor_busy for cell in slot.interval.cells(CELL))
    return because("VISITOR_HAS_VISIT_THEN") if busy else None


LONGEST_SHIFT = timedelta(hours=3)


def shift_in_the_way(
    talks: Sequence[tuple[datetime, datetime]], span: timedelta, limit: datetime, now: datetime
) -> list[Refusal]:
    """Why these talks (start, end), in order, cannot all begin `span` later and be over by `limit`."""
    first, last = talks[0][0], max(end for _start, end in talks)
    if not CELL <= span <= LONGEST_SHIFT or span % CELL or first + span <= now:
        return [because("SHIFT_MINUTES_WRONG", most=LONGEST_SHIFT // timedelta(minutes=1))]
    if last + span <= limit:
        return []
    room = max((limit - last) // CELL, 0) * CELL
    return [because("SHIFT_TOO_FAR", minutes=room // timedelta(minutes=1))]


def company(people: tuple[Person, ...], policy: Policy) -> list[Refusal]:
    """What is wrong with the people named beside the visitor, who is one adult."""
    return list(_company(people, policy))


def _company(people: tuple[Person, ...], policy: Policy) -> Iterator[Refusal]:
    adults = 1 + sum(not one.is_child for one in people)
    if 1 + len(people) > policy.most_people:
        yield because("TOO_MANY_PEOPLE", limit=policy.most_people)
    if adults > policy.most_adults:
        yield because("TOO_MANY_ADULTS", limit=policy.most_adults)
    if any(not one.name.strip() for one in people):
        yield because("PERSON_NOT_NAMED")


def is_lapsed(state: str, held_until: datetime, now: datetime) -> bool:
    """Whether a hold is past its time. At the very moment it is."""
    return state == "held" and held_until <= now


def cancels_free(starts_at: datetime, now: datetime, policy: Policy) -> bool:
    """Whether cancelling now gives the unit back: until some hours before."""
    return now <= starts_at - timedelta(hours=policy.cancel_until_hours)


def cells_of(talk: Interval, buffer: timedelta) -> tuple[list[datetime], list[datetime]]:
    """The cells of the station (with the buffer) and of the people (without)."""
    whole = Interval(talk.start, talk.end + buffer)
    return list(whole.cells(CELL)), list(talk.cells(CELL))
