"""Who may check in when, and who may be called absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from besuk.ground.kernel.errors import Refusal, because

Side = Literal["visitor", "inmate"]
SIDES: tuple[Side, Side] = ("visitor", "inmate")
RING_BEFORE, RING_AFTER = timedelta(minutes=10), timedelta(minutes=1)
"""When a family that has not come is to be reached: before its visit, and once more when it has begun."""


@dataclass(frozen=True)
class VisitFacts:
    """What the rules ask about a visit."""

    state: str
    starts_at: datetime
    ends_at: datetime


def may_check_in(visit: VisitFacts, *, opens_minutes: int, now: datetime) -> list[Refusal]:
    """Why this side may not come in now. Latecomers may, as long as the visit is not concluded or over."""
    if visit.state == "concluded" or now >= visit.ends_at:
        return [because("VISIT_OVER")]
    if visit.state != "booked":
        return [because("STATE_CHANGED")]
    if now < visit.starts_at - timedelta(minutes=opens_minutes):
        return [because("TOO_EARLY_TO_CHECK_IN", minutes=opens_minutes)]
    return []


def is_to_be_reached(visit: VisitFacts, attempts: Sequence[datetime], *, has_come: bool, now: datetime) -> bool:
    """Whether somebody should ring the family now: ten minutes before and a minute after the beginning, once each."""
    if has_come or visit.state != "booked" or now >= visit.ends_at:
        return False
    due = [at for at in (visit.starts_at - RING_BEFORE, visit.starts_at + RING_AFTER) if at <= now]
    return bool(due) and not any(at >= due[-1] for at in attempts)


def may_get_ready(*, rules_accepted: bool, will_not_record: bool) -> list[Refusal]:
    """Both declarations are made each time."""
    return [] if rules_accepted and will_not_record else [because("RULES_NOT_ACCEPTED")]


def may_call_absent(
    visit: VisitFacts, side: Side, *, late_minutes: int, was_rung: bool, now: datetime
) -> list[Refusal]:
    """Why this side may not be called absent yet (field.md: 5 minutes, and the family was rung once)."""
    reasons: list[Refusal] = []
    if now < visit.starts_at + timedelta(minutes=late_minutes):
        reasons.append(because("NOT_LATE_YET", minutes=late_minutes))
    if side == "visitor" and not was_rung:
        reasons.append(because("NOT_RUNG_YET"))
    return reasons


@dataclass(frozen=True)
class Turnout:
    """Who has come, and whether the family was rung."""

    visitor: str
    inmate: str
    was_rung: bool
    said_they_come: bool
    """The family was reached: they get the rest of their slot to appear."""
    stood_still: bool = False
    """All calls of the prison were stopped within this visit: whoever went away meanwhile is not absent."""


def verdict(visit: VisitFacts, turnout: Turnout, *, late_minutes: int, now: datetime) -> tuple[Side, str] | None:
    """Who did not come, and the outcome, when the time for it has passed; None: nothing to conclude.

    Inmates are brought: that one is missing is the facility's fault. A family that nobody rang is never
    called absent, nor one that met a stop of all calls: then the omission is ours. Both ready: the call decides.
    """
    if visit.state != "booked":
        return None
    over = now >= visit.ends_at
    if turnout.visitor != "ready":
        late = now >= visit.starts_at + timedelta(minutes=late_minutes)
        may_be_blamed = turnout.was_rung and not turnout.stood_still
        gone = turnout.visitor == "expected" and may_be_blamed and not turnout.said_they_come
        if over or (late and gone):
            return "visitor", "visitor_absent" if may_be_blamed else "cancelled_by_facility"
        return None
    if turnout.inmate != "ready" and over:
        return "inmate", "inmate_absent"
    return None
