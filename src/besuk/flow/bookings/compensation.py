"""What a family gets back for a visit that did not go as booked. Pure; docs/mechanisms/ending.md says why.

A whole unit where less than a stated share of the visit could be had, saved minutes for smaller losses. Saved
minutes are added to the next visit where the timetable allows, and become a unit once they are worth one.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.bookings.rules import week_of

NOTHING = timedelta()
MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Given:
    """How much of a booked visit took place. `lost` are whole minutes that ran out without the two causing it."""

    length: timedelta
    talked: timedelta = NOTHING
    lost: int = 0


class Back(NamedTuple):
    """What comes back for one visit: a unit (which takes over saved minutes), or minutes to save."""

    units: int
    minutes: int


def repay(outcome: str, given: Given, saved: int, percent: int) -> Back:
    """What comes back for a visit that ended with `outcome`, beside `saved` minutes of earlier ones.

    `percent` of a visit is enough not to repeat it whole. Raises KeyError for an unknown outcome.
    """
    what = OUTCOMES[outcome]
    ours = what.fault == "facility"
    if ours and given.talked * 100 < given.length * percent:
        return Back(1, 0)
    if not ours and (what.returns_quota or what.fault != "nobody"):
        return Back(int(what.returns_quota), 0)
    back = _missing(given) if ours else min(given.lost, _missing(given))
    if back and is_worth_a_visit(back + saved, given.length, percent):
        return Back(1, -saved)
    return Back(0, back)


def _missing(given: Given) -> int:
    """Whole minutes of the slot in which the two could not talk, rounded to the nearest."""
    return max(0, round((given.length - given.talked) / MINUTE))


def is_worth_a_visit(minutes: int, length: timedelta, percent: int) -> bool:
    """Whether saved minutes are exchanged for one visit: more of them than a visit may miss."""
    return minutes * MINUTE * 100 > length * (100 - percent)


def credit(saved: int, minutes_end: datetime, latest_end: datetime) -> int:
    """Saved minutes that a call can be given on top: as many as fit before the next booking."""
    return max(0, min(saved, (latest_end - minutes_end) // MINUTE))


def spent(credited: int, given: Given) -> int:
    """How many of the minutes given on top were talked; the others stay saved."""
    return max(0, min(credited, math.ceil((given.talked - given.length) / MINUTE)))


def week_of_return(visit_week: date, free: Iterable[datetime], now: datetime, zone: ZoneInfo, choice: int) -> date:
    """In which week (its Monday) a unit comes back: one that can still be booked, the visit's own if possible.

    `free` are the starts that can be booked from now on. A week with fewer than `choice` of them is no choice
    unless there is no better; without any (everything closed) it is the week after this one, or the visit's.
    """
    left = Counter(week for start in free if (week := week_of(start, zone)) >= visit_week)
    for week in sorted(left):
        if left[week] >= choice:
            return week
    return max(left) if left else max(visit_week, week_of(now, zone) + WEEK)
