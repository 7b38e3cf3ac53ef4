"""When a visit can be rated or complained of. Pure."""

from datetime import datetime, timedelta

from besuk.flow.complaints.words import POINTS, REASONS

LONGEST_RATING, LONGEST_WORDS, LONGEST_ANSWER = 500, 1000, 2000
NEEDS_WORDS = frozenset({"other"})
"""Reasons that say nothing by themselves."""


def is_over(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether there is something to complain of: the visit ended, was cancelled, or should have begun."""
    return state in {"concluded", "cancelled"} or (state == "booked" and now >= starts_at)


def may_rate(state: str, points: int, words: str) -> list[str]:
    """Why a rating is not taken, as codes."""
    reasons = [] if state == "concluded" else ["VISIT_NOT_OVER"]
    if points not in POINTS or len(words) > LONGEST_RATING:
        reasons.append("FORM_INCOMPLETE")
    return reasons


def may_complain(*, over: bool, since_start: timedelta, reason: str, words: str, days: int) -> list[str]:
    """Why a complaint is not taken, as codes. `days` is how long after the visit it can be filed."""
    reasons = [] if over else ["VISIT_NOT_OVER"]
    if since_start > timedelta(days=days):
        reasons.append("TOO_LATE_TO_COMPLAIN")
    if reason not in REASONS:
        reasons.append("COMPLAINT_REASON_MISSING")
    elif reason in NEEDS_WORDS and not words:
        reasons.append("COMPLAINT_WORDS_MISSING")
    if len(words) > LONGEST_WORDS:
        reasons.append("FORM_INCOMPLETE")
    return reasons
