"""The booking page's choice: a strip of days, and the times of one of them with their reasons."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import local_day
from besuk.flow.bookings.queries import Offer, offers, units_left
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel.errors import Refusal
from besuk.ground.kernel.refusals import Told, told

PARTS = ((11, _("Pagi")), (15, _("Siang")), (18, _("Sore")), (24, _("Malam")))
"""Until which hour each part of the day lasts."""
MOST_ROWS = 24
"""A part with more starts than these is shown by the hour."""


@dataclass(frozen=True)
class Day:
    """One day of the strip."""

    on: date
    free: int
    is_chosen: bool


@dataclass(frozen=True)
class Time:
    """One row: a slot to be had, or a run of slots that are not, for the same reason."""

    start: datetime
    last_start: datetime
    is_free: bool
    station: int = 0
    number: int = 0
    minutes: int = 0
    why: str = ""
    nearest: datetime | None = None


@dataclass(frozen=True)
class Part:
    """Morning, noon, afternoon or evening, with its rows; the first one that has a free slot is open."""

    name: str
    times: tuple[Time, ...]
    free: int
    is_open: bool


@dataclass(frozen=True)
class Choice:
    """Everything the page shows."""

    days: tuple[Day, ...]
    on: date | None
    parts: tuple[Part, ...]
    why: tuple[Told, ...]
    """What stands in the way of every slot of this day alike."""
    left: int
    """Visits left in the week of this day."""
    minutes: int
    """How long a visit of this day lasts, if all last the same; else 0, and each row says it."""
    any_free: bool
    hold_minutes: int


def days_for(tie: Tie, wanted: date | None, now: datetime) -> Choice:
    """The days that policy opens for booking; shown is the wanted one, else the first with a free slot."""
    policy, today = policy_of(tie.facility_id), local_day(tie.facility, now)
    first, last = (today + timedelta(days=n) for n in (policy.book_from_days, policy.book_until_days))
    zone = zone_of(tie.facility)
    by_day: dict[date, list[Offer]] = {}
    for one in offers(tie, first, last, now):
        by_day.setdefault(one.slot.interval.start.astimezone(zone).date(), []).append(one)
    free = Counter({on: sum(one.is_free for one in rows) for on, rows in by_day.items()})
    on = wanted if wanted in by_day else next((day for day in by_day if free[day]), next(iter(by_day), None))
    rows = by_day.get(on, []) if on else []
    why = _alike(rows)
    week = on - timedelta(days=on.weekday()) if on else today
    granted = min(policy.visits_per_inmate_a_week, policy.visits_per_tie_a_week)
    return Choice(
        days=tuple(Day(day, free[day], day == on) for day in by_day),
        on=on,
        parts=() if why else _parts(rows, _numbers(tie), zone),
        why=tuple(told(why, to_staff=False)),
        left=units_left(tie, now).get(week, granted),
        minutes=_length_of_all(rows),
        any_free=any(free.values()),
        hold_minutes=policy.hold_minutes,
    )


def _numbers(tie: Tie) -> dict[int, int]:
    return dict(Station.objects.filter(facility=tie.facility_id).values_list("pk", "number"))


def _alike(rows: Sequence[Offer]) -> list[Refusal]:
    """The reasons that every slot of the day shares; none while one of them is free."""
    if not rows:
        return []
    shared = set(rows[0].refusals).intersection(*(one.refusals for one in rows))
    return [one for one in rows[0].refusals if one in shared]


def _length_of_all(rows: Sequence[Offer]) -> int:
    lengths = {one.slot.interval.length for one in rows}
    return lengths.pop() // timedelta(minutes=1) if len(lengths) == 1 else 0


def _parts(rows: Sequence[Offer], numbers: dict[int, int], zone: ZoneInfo) -> tuple[Part, ...]:
    """The starts of the day, one row each, by part of the day."""
    starts = [list(same) for __, same in groupby(rows, key=lambda one: one.slot.interval.start)]
    best = [next((one for one in same if one.is_free), same[0]) for same in starts]
    free = [one.slot.interval.start for one in best if one.is_free]
    found: list[Part] = []
    for name, offered in _grouped(best, zone):
        count = sum(one.is_free for one in offered)
        is_first = count > 0 and not any(part.is_open for part in found)
        found.append(Part(name, tuple(_times(offered, free, numbers)), count, is_first))
    return tuple(found)


def _grouped(best: Sequence[Offer], zone: ZoneInfo) -> Iterator[tuple[str, list[Offer]]]:
    def hour_of(one: Offer) -> int:
        return one.slot.interval.start.astimezone(zone).hour

    for name, some in groupby(best, key=lambda one: next(name for until, name in PARTS if hour_of(one) < until)):
        offered, part = list(some), gettext(name)
        if len(offered) <= MOST_ROWS:
            yield part, offered
            continue
        for hour, same in groupby(offered, key=hour_of):
            yield gettext("{part} {hour}.00").format(part=part, hour=f"{hour:02}"), list(same)


def _times(best: Sequence[Offer], free: Sequence[datetime], numbers: dict[int, int]) -> list[Time]:
    """Free starts one by one, the first station of each; the others in runs, with the nearest free start."""
    found: list[Time] = []
    for (is_free, why), run in groupby(best, key=lambda one: (one.is_free, _words(one))):
        slots = [one.slot for one in run]
        if is_free:
            found.extend(
                Time(
                    start=slot.interval.start,
                    last_start=slot.interval.start,
                    is_free=True,
                    station=slot.station_id,
                    number=numbers.get(slot.station_id, 0),
                    minutes=slot.interval.length // timedelta(minutes=1),
                )
                for slot in slots
            )
        else:
            begin, end = slots[0].interval.start, slots[-1].interval.start
            nearest = min(free, key=lambda one: min(abs(one - begin), abs(one - end)), default=None)
            found.append(Time(begin, end, is_free=False, why=why, nearest=nearest))
    return found


def _words(offer: Offer) -> str:
    """Why not, in few words: a slot that others have is simply full."""
    if offer.is_free:
        return ""
    if "SLOT_TAKEN" in [one.code for one in offer.refusals]:
        return gettext("Penuh")
    return " ".join(one.sentence for one in told(offer.refusals, to_staff=False))
