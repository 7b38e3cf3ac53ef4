"""What holds for a call: when it is heard, how long it lasts, who may enter, what became of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from besuk.flow.live.lifecycle import Cause
from besuk.ground.kernel.errors import Refusal, because

NOTHING = timedelta()
PREPARE_BEFORE = timedelta(minutes=5)
"""The buffer before a slot: the station is free, faces can be checked, minutes do not run yet."""
LONGEST_OVERRUN = timedelta(minutes=30)
"""How far held time may push a call where no next booking stands in the way."""
REMIND_AT = (5, 1)
"""Minutes before the end at which both sides are told."""
ENOUGH = 0.5
"""A call that had this share of its minutes is completed."""

EndedBy = Literal["clock", "visitor", "inmate", "officer", "stop", "stopped"]
"""`stop`: an officer stopped all calls; `stopped`: this one came up while all are stopped."""


def opens_at(starts_at: datetime) -> datetime:
    """From when on the room of a visit is open, and its call prepared."""
    return starts_at - PREPARE_BEFORE


def floor_open(state: str, holds: Collection[Cause]) -> bool:
    """Whether both ends may see and hear each other: the call is live and nothing holds it."""
    return state == "live" and not holds


# --- minutes ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """One hold: since when, and until when (None: it stands)."""

    since: datetime
    until: datetime | None
    cause: Cause


def end_of_minutes(
    admitted_at: datetime,
    length: timedelta,
    spans: Iterable[Span],
    now: datetime,
    latest_end: datetime,
    *,
    extra: timedelta = NOTHING,
) -> datetime:
    """When the minutes are used up, counted from admit; held time is given back, up to `latest_end`.

    Reckoned from all holds and all `extra` minutes each time, never moved on from the last result: nothing
    counts twice.
    """
    return min(admitted_at + length + extra + held_for(spans, admitted_at, now), latest_end)


def remaining(
    admitted_at: datetime,
    length: timedelta,
    spans: Iterable[Span],
    now: datetime,
    latest_end: datetime,
    *,
    extra: timedelta = NOTHING,
) -> timedelta:
    """Minutes left. While the call is held they stand still, until `latest_end` eats them."""
    return max(min(length + extra - talked(spans, admitted_at, now), latest_end - now), NOTHING)


def longest_extension(*, most: timedelta, given: timedelta, ends_at: datetime, latest_end: datetime) -> int:
    """Whole minutes an officer may still add: what policy leaves, and not into the next booking."""
    return max(min(most - given, latest_end - ends_at), NOTHING) // timedelta(minutes=1)


def may_extend(*, state: str, minutes: int, longest: int) -> list[Refusal]:
    """Why so many minutes cannot be added; the refusal names how many can."""
    if state != "live":
        return [because("STATE_CHANGED")]
    if minutes < 1:
        return [because("MINUTES_MISSING")]
    if longest == 0:
        return [because("NO_MORE_MINUTES")]
    return [because("EXTENSION_TOO_LONG", longest=longest)] if minutes > longest else []


def held_for(spans: Iterable[Span], begin: datetime, end: datetime) -> timedelta:
    """How long the call was held between two moments; overlapping holds count once."""
    total, reached = NOTHING, begin
    for span in sorted(spans, key=lambda one: one.since):
        start, stop = max(span.since, reached), min(span.until or end, end)
        if stop > start:
            total += stop - start
            reached = stop
    return total


def talked(spans: Iterable[Span], admitted_at: datetime | None, ended_at: datetime) -> timedelta:
    """How long both ends could see and hear each other."""
    if admitted_at is None or ended_at <= admitted_at:
        return NOTHING
    return ended_at - admitted_at - held_for(spans, admitted_at, ended_at)


def minutes_lost(length: timedelta, talked_for: timedelta) -> int:
    """Whole minutes of the slot that could not be given, rounded to the nearest."""
    return max(0, round((length - talked_for).total_seconds() / 60))


def lost_by_us(length: timedelta, spans: Sequence[Span], admitted_at: datetime | None, ended_at: datetime) -> int:
    """Whole minutes of the slot that ran out for another reason than an officer's own pause."""
    others = [span for span in spans if span.cause not in _PAUSES]
    return minutes_lost(length, talked(others, admitted_at, ended_at))


def reminders_due(length: timedelta, before: timedelta, now_left: timedelta) -> list[int]:
    """Minutes to announce when the time left went from `before` to `now_left`; none longer than the slot."""
    marks = [(minutes, timedelta(minutes=minutes)) for minutes in REMIND_AT]
    return [minutes for minutes, mark in marks if now_left <= mark < before and mark < length and now_left > NOTHING]


def latest_end(slot_end: datetime, next_starts: Sequence[datetime]) -> datetime:
    """No later: the next booking of this station or inmate begins, or the longest overrun is used up."""
    limit = slot_end + LONGEST_OVERRUN
    return max(slot_end, min([limit, *next_starts]))


# --- entering -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class EntryFacts:
    """What is known of somebody who wants to come through the door."""

    is_theirs: bool
    call_state: str
    room_opens_at: datetime
    latest_end: datetime
    seat_taken_back: bool
    ejected: bool
    ready: bool
    """Checked in for this visit, which takes the rules and the word not to record each time."""


def may_enter(facts: EntryFacts, *, now: datetime) -> list[Refusal]:
    """Why this person may not be in this call now. A stranger learns nothing but that."""
    if not facts.is_theirs:
        return [because("NOT_IN_THIS_CALL")]
    reasons: list[Refusal] = []
    if facts.ejected:
        reasons.append(because("EJECTED"))
    if facts.call_state == "ended" or now >= facts.latest_end:
        reasons.append(because("CALL_ENDED"))
    if facts.seat_taken_back:
        reasons.append(because("NOT_WATCHING"))
    if now < facts.room_opens_at or facts.call_state == "put_off" or not facts.ready:
        reasons.append(because("CALL_NOT_OPEN"))
    return reasons


def may_admit(*, state: str, officer_present: bool, both_seen: bool, stopped: bool = False) -> list[Refusal]:
    """Why the family and the inmate may not be let together yet (promise 8: the inmate appears last)."""
    reasons: list[Refusal] = []
    if state != "prepared":
        reasons.append(because("STATE_CHANGED"))
    if stopped:
        reasons.append(because("SERVICE_SUSPENDED"))
    if not officer_present:
        reasons.append(because("NO_SUPERVISOR"))
    if not both_seen:
        reasons.append(because("BOTH_SIDES_NOT_SEEN"))
    return reasons


# --- outcome ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """What the record says of a call that ends."""

    ended_by: EndedBy
    length: timedelta
    admitted_at: datetime | None
    ended_at: datetime
    spans: tuple[Span, ...]
    was_watched: bool


def propose(facts: Evidence) -> str:
    """The outcome that the evidence speaks for (field.md, outcomes). Officers may name another."""
    if facts.ended_by in {"stop", "stopped"}:
        return "cancelled_by_facility"
    if facts.admitted_at is None:
        return "failed_technical" if facts.was_watched else "no_supervisor"
    if facts.ended_by == "officer":
        return "ended_by_supervisor"
    if facts.ended_by == "clock":
        return _by_the_clock(facts, facts.admitted_at)
    if gave_up_for := _holding_at_the_end(facts):
        return gave_up_for
    return "completed_early_by_visitor" if facts.ended_by == "visitor" else "completed_early_by_inmate"


def _holding_at_the_end(facts: Evidence) -> str:
    """Whoever leaves a call that we hold has not ended it early: it had ended for them."""
    standing = {span.cause for span in facts.spans if span.until is None}
    ours = (outcome for outcome, causes in _FAULTS.items() if outcome in _OURS and standing & causes)
    return next(ours, "")


def _by_the_clock(facts: Evidence, admitted_at: datetime) -> str:
    if talked(facts.spans, admitted_at, facts.ended_at) >= facts.length * ENOUGH:
        return "completed"
    by_cause = {
        outcome: held_for([span for span in facts.spans if span.cause in causes], admitted_at, facts.ended_at)
        for outcome, causes in _FAULTS.items()
    }
    return max(by_cause, key=lambda outcome: by_cause[outcome])


_FAULTS: dict[str, frozenset[Cause]] = {
    "failed_technical": frozenset({"technical", "recorder", "identity"}),
    "no_supervisor": frozenset({"no_supervisor"}),
    "ended_by_supervisor": frozenset({"supervisor"}),
}
"""What took the minutes decides, and in doubt it was ours (promise 5): the first of equals wins."""
_OURS = ("failed_technical", "no_supervisor")
_PAUSES: frozenset[Cause] = frozenset({"supervisor"})
"""A pause is a measure of the officer, not a fault: its minutes come back while there is time, and no later."""

OFFICERS_MAY_CORRECT_TO = (
    "completed", "completed_early_by_visitor", "completed_early_by_inmate", "ended_by_supervisor",
    "failed_technical", "no_supervisor", "inmate_absent", "inmate_unavailable", "visitor_absent",
    "visitor_failed_identity",
)  # fmt: skip
"""Not a refusal by the inmate, which needs their own tap, nor a cancellation: those are acts of their own."""
_TALKED = frozenset({"completed", "completed_early_by_visitor", "completed_early_by_inmate"})
_VISITOR_NEVER_CAME = frozenset({"visitor_absent"})


@dataclass(frozen=True)
class Correction:
    """What is known when an officer gives a visit another outcome."""

    was: str
    outcome: str
    was_ours: bool
    is_ours: bool
    was_admitted: bool
    visitor_came: bool
    own_call: bool
    """This officer supervised the call."""


def may_correct(facts: Correction) -> list[str]:
    """Why this outcome cannot be given, as codes.

    The record outweighs a wish: nobody who came is called absent, and no call that never began is completed.
    Our own fault is taken back only by somebody who did not supervise the call.
    """
    reasons = []
    if facts.outcome not in OFFICERS_MAY_CORRECT_TO or facts.outcome == facts.was:
        reasons.append("OUTCOME_NOT_THEIRS")
    if (facts.outcome in _TALKED and not facts.was_admitted) or (
        facts.outcome in _VISITOR_NEVER_CAME and facts.visitor_came
    ):
        reasons.append("OUTCOME_AGAINST_EVIDENCE")
    if facts.own_call and facts.was_ours and not facts.is_ours:
        reasons.append("OUTCOME_OF_OWN_CALL")
    return reasons
