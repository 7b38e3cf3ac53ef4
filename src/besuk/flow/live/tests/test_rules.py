"""Rules of a call: the floor, the minutes, entering, the outcome."""

from datetime import UTC, datetime, timedelta
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.flow.live import rules
from besuk.flow.live.lifecycle import CAUSES, Cause
from besuk.flow.live.rules import Evidence, Span

T0 = datetime(2026, 12, 3, 2, 20, tzinfo=UTC)
LENGTH = timedelta(minutes=15)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def span(since: float, until: float | None, cause: Cause = "supervisor") -> Span:
    return Span(at(since), None if until is None else at(until), cause)


def all_sets_of_holds() -> list[tuple[Cause, ...]]:
    causes = sorted(CAUSES)
    return list(chain.from_iterable(combinations(causes, size) for size in range(len(causes) + 1)))


@pytest.mark.parametrize("state", ["prepared", "live", "ended"])
@pytest.mark.parametrize("holds", all_sets_of_holds())
def test_the_floor_is_open_only_when_live_without_holds(state: str, holds: tuple[Cause, ...]) -> None:
    assert rules.floor_open(state, holds) == (state == "live" and len(holds) == 0)


def test_time_left_stands_still_while_held() -> None:
    spans = [span(5, None)]
    assert rules.remaining(T0, LENGTH, spans, at(5), at(60)) == timedelta(minutes=10)
    assert rules.remaining(T0, LENGTH, spans, at(25), at(60)) == timedelta(minutes=10)


def test_time_left_never_reaches_beyond_the_latest_end() -> None:
    assert rules.remaining(T0, LENGTH, [span(5, None)], at(18), at(20)) == timedelta(minutes=2)
    assert rules.remaining(T0, LENGTH, [span(5, None)], at(21), at(20)) == timedelta()


def test_held_time_is_given_back() -> None:
    assert rules.end_of_minutes(T0, LENGTH, [span(5, 8)], at(8), at(60)) == at(18)


def test_held_time_is_given_back_only_up_to_the_latest_end() -> None:
    assert rules.end_of_minutes(T0, LENGTH, [span(5, 12)], at(12), at(20)) == at(20)


def test_holds_from_before_admit_cost_nothing() -> None:
    assert rules.end_of_minutes(at(3), LENGTH, [span(0, 3, "identity")], at(3), at(60)) == at(18)


def test_overlapping_holds_count_once() -> None:
    spans = [span(2, 6), span(4, 8, "no_supervisor"), span(8, 9, "technical")]
    assert rules.held_for(spans, T0, at(20)) == timedelta(minutes=7)


minutes = st.integers(0, 40)
some_spans = st.lists(
    st.tuples(minutes, st.one_of(st.none(), minutes), st.sampled_from(sorted(CAUSES))).map(
        lambda one: span(one[0], None if one[1] is None else max(one[0], one[1]), one[2])
    ),
    max_size=6,
)


def minutes_of(count: int) -> timedelta:
    return timedelta(minutes=count)


@given(some_spans, st.integers(0, 59), st.integers(0, 30), st.integers(15, 90))
def test_added_minutes_are_all_given_up_to_the_latest_end(spans: list[Span], now: int, extra: int, latest: int) -> None:
    plain = rules.end_of_minutes(T0, LENGTH, spans, at(now), at(10_000))
    longer = rules.end_of_minutes(T0, LENGTH, spans, at(now), at(latest), extra=minutes_of(extra))
    assert longer == min(plain + minutes_of(extra), at(latest))
    left = rules.remaining(T0, LENGTH, spans, at(now), at(latest), extra=minutes_of(extra))
    assert timedelta() <= left <= max(at(latest) - at(now), timedelta())


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 60), st.integers(0, 60))
def test_an_extension_fits_policy_and_the_next_booking_and_one_minute_more_does_not(
    most: int, given_already: int, ends: int, latest: int
) -> None:
    longest = rules.longest_extension(
        most=minutes_of(most), given=minutes_of(given_already), ends_at=at(ends), latest_end=at(latest)
    )
    assert longest >= 0
    if longest:
        assert given_already + longest <= most
        assert ends + longest <= latest
        assert rules.may_extend(state="live", minutes=longest, longest=longest) == []
    assert given_already + longest + 1 > most or ends + longest + 1 > latest
    assert rules.may_extend(state="live", minutes=longest + 1, longest=longest) != []


def test_half_a_minute_is_no_minute_to_give() -> None:
    room = {"ends_at": at(15), "latest_end": at(22.5)}
    assert rules.longest_extension(most=minutes_of(15), given=timedelta(), **room) == 7


def test_nobody_extends_by_nothing_or_what_is_not_live() -> None:
    assert [one.code for one in rules.may_extend(state="live", minutes=0, longest=9)] == ["MINUTES_MISSING"]
    assert [one.code for one in rules.may_extend(state="prepared", minutes=5, longest=9)] == ["STATE_CHANGED"]
    refused = rules.may_extend(state="live", minutes=9, longest=7)
    assert (refused[0].code, refused[0].detail["longest"]) == ("EXTENSION_TOO_LONG", 7)


@given(some_spans, minutes, st.integers(0, 40))
def test_held_and_talked_make_the_whole_time(spans: list[Span], admitted: int, lasted: int) -> None:
    end = at(admitted + lasted)
    held = rules.held_for(spans, at(admitted), end)
    assert timedelta() <= held <= timedelta(minutes=lasted)
    assert rules.talked(spans, at(admitted), end) == timedelta(minutes=lasted) - held


@given(some_spans, minutes, minutes)
def test_held_time_equals_a_count_minute_by_minute(spans: list[Span], begin: int, lasted: int) -> None:
    held = sum(
        any(one.since <= at(m) and (one.until is None or at(m) < one.until) for one in spans)
        for m in range(begin, begin + lasted)
    )
    assert rules.held_for(spans, at(begin), at(begin + lasted)) == timedelta(minutes=held)


@given(some_spans, st.integers(0, 60), st.integers(15, 45))
def test_nobody_talks_longer_than_their_minutes(spans: list[Span], now: int, latest: int) -> None:
    left = rules.remaining(T0, LENGTH, spans, at(now), at(latest))
    assert timedelta() <= left <= LENGTH
    assert at(now) + left <= max(at(latest), at(now))


@given(some_spans, st.integers(0, 59))
def test_time_left_never_grows(spans: list[Span], now: int) -> None:
    first = rules.remaining(T0, LENGTH, spans, at(now), at(60))
    assert rules.remaining(T0, LENGTH, spans, at(now + 1), at(60)) <= first


@pytest.mark.parametrize(("talked", "lost"), [(15, 0), (14.6, 0), (14.4, 1), (10, 5), (0, 15), (16, 0)])
def test_minutes_lost_are_whole_minutes(talked: float, lost: int) -> None:
    assert rules.minutes_lost(LENGTH, timedelta(minutes=talked)) == lost


@pytest.mark.parametrize(
    ("before", "left", "told"),
    [
        (6, 5, [5]),
        (5, 5, []),
        (5.1, 4.9, [5]),
        (6, 5.1, []),
        (1.5, 1, [1]),
        (1, 0.5, []),
        (6, 0.5, [5, 1]),
        (1.2, 0, []),
    ],
)
def test_reminders_come_once_when_their_mark_is_passed(before: float, left: float, told: list[int]) -> None:
    assert rules.reminders_due(LENGTH, timedelta(minutes=before), timedelta(minutes=left)) == told


def test_a_slot_of_five_minutes_is_not_reminded_of_five() -> None:
    five = timedelta(minutes=5)
    assert rules.reminders_due(five, five + timedelta(seconds=1), five) == []


def test_the_latest_end_is_the_next_booking() -> None:
    assert rules.latest_end(at(15), [at(20), at(40)]) == at(20)
    assert rules.latest_end(at(15), [at(90)]) == at(45)
    assert rules.latest_end(at(15), []) == at(45)
    assert rules.latest_end(at(15), [at(10)]) == at(15)


GOOD = rules.EntryFacts(
    is_theirs=True,
    call_state="prepared",
    room_opens_at=at(-5),
    latest_end=at(20),
    seat_taken_back=False,
    ejected=False,
    ready=True,
)


@pytest.mark.parametrize(
    ("change", "now", "codes"),
    [
        ({}, 0, []),
        ({}, -5, []),
        ({}, -5.1, ["CALL_NOT_OPEN"]),
        ({}, 19.9, []),
        ({}, 20, ["CALL_ENDED"]),
        ({"call_state": "live"}, 0, []),
        ({"call_state": "ended"}, 0, ["CALL_ENDED"]),
        ({"ejected": True}, 0, ["EJECTED"]),
        ({"ready": False}, 0, ["CALL_NOT_OPEN"]),
        ({"seat_taken_back": True}, 0, ["NOT_WATCHING"]),
        ({"is_theirs": False, "ejected": True, "call_state": "ended"}, 0, ["NOT_IN_THIS_CALL"]),
    ],
)
def test_may_enter_tells_everything_that_stands_in_the_way(
    change: dict[str, bool | str], now: float, codes: list[str]
) -> None:
    facts = rules.EntryFacts(**{**GOOD.__dict__, **change})
    assert [reason.code for reason in rules.may_enter(facts, now=at(now))] == codes


@pytest.mark.parametrize(
    ("state", "present", "seen", "codes"),
    [
        ("prepared", True, True, []),
        ("live", True, True, ["STATE_CHANGED"]),
        ("prepared", False, True, ["NO_SUPERVISOR"]),
        ("prepared", True, False, ["BOTH_SIDES_NOT_SEEN"]),
        ("ended", False, False, ["STATE_CHANGED", "NO_SUPERVISOR", "BOTH_SIDES_NOT_SEEN"]),
    ],
)
def test_may_admit_needs_an_officer_and_both_faces(state: str, present: bool, seen: bool, codes: list[str]) -> None:
    reasons = rules.may_admit(state=state, officer_present=present, both_seen=seen)
    assert [reason.code for reason in reasons] == codes


def evidence(
    ended_by: rules.EndedBy, *spans: Span, admitted: float | None = 0, ended: float = 15, watched: bool = True
) -> Evidence:
    begin = None if admitted is None else at(admitted)
    return Evidence(ended_by, LENGTH, begin, at(ended), spans, watched)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (evidence("clock"), "completed"),
        (evidence("clock", span(5, 8), ended=18), "completed"),
        (evidence("clock", span(7.5, None, "no_supervisor")), "completed"),
        (evidence("clock", span(7, None, "no_supervisor"), ended=20), "no_supervisor"),
        (evidence("clock", span(1, None, "technical"), ended=20), "failed_technical"),
        (evidence("clock", span(1, None, "supervisor"), ended=20), "ended_by_supervisor"),
        (evidence("clock", span(1, None, "technical"), span(1, None, "supervisor"), ended=20), "failed_technical"),
        (evidence("visitor", ended=3), "completed_early_by_visitor"),
        (evidence("inmate", ended=3), "completed_early_by_inmate"),
        (evidence("visitor", span(2, None, "technical"), ended=3), "failed_technical"),
        (evidence("inmate", span(2, None, "no_supervisor"), ended=3), "no_supervisor"),
        (evidence("visitor", span(1, 2, "technical"), ended=3), "completed_early_by_visitor"),
        (evidence("visitor", span(2, None, "supervisor"), ended=3), "completed_early_by_visitor"),
        (evidence("officer", ended=3), "ended_by_supervisor"),
        (evidence("clock", admitted=None, watched=False), "no_supervisor"),
        (evidence("clock", admitted=None), "failed_technical"),
    ],
)
def test_the_outcome_comes_from_the_evidence(facts: Evidence, outcome: str) -> None:
    assert rules.propose(facts) == outcome
