"""Who may check in when, and who may be called absent."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.flow.checkin import rules
from besuk.flow.checkin.rules import Side, Turnout, VisitFacts

T0 = datetime(2026, 12, 3, 2, 20, tzinfo=UTC)
VISIT = VisitFacts("booked", T0, T0 + timedelta(minutes=15))


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("state", "now", "codes"),
    [
        ("booked", -30, []),
        ("booked", -30.1, ["TOO_EARLY_TO_CHECK_IN"]),
        ("booked", 14.9, []),
        ("booked", 15, ["VISIT_OVER"]),
        ("concluded", 0, ["VISIT_OVER"]),
        ("cancelled", 0, ["STATE_CHANGED"]),
        ("held", 0, ["STATE_CHANGED"]),
    ],
)
def test_the_waiting_room_opens_half_an_hour_before_and_closes_with_the_slot(
    state: str, now: float, codes: list[str]
) -> None:
    visit = VisitFacts(state, VISIT.starts_at, VISIT.ends_at)
    assert [one.code for one in rules.may_check_in(visit, opens_minutes=30, now=at(now))] == codes


@pytest.mark.parametrize(
    ("accepted", "promised", "refused"), [(True, True, False), (True, False, True), (False, True, True)]
)
def test_both_declarations_are_needed_each_time(accepted: bool, promised: bool, refused: bool) -> None:
    assert bool(rules.may_get_ready(rules_accepted=accepted, will_not_record=promised)) is refused


@pytest.mark.parametrize(
    ("side", "now", "rung", "codes"),
    [
        ("visitor", 4.9, True, ["NOT_LATE_YET"]),
        ("visitor", 5, True, []),
        ("visitor", 5, False, ["NOT_RUNG_YET"]),
        ("visitor", 0, False, ["NOT_LATE_YET", "NOT_RUNG_YET"]),
        ("inmate", 5, False, []),
        ("inmate", 4.9, False, ["NOT_LATE_YET"]),
    ],
)
def test_nobody_is_absent_before_five_minutes_and_no_family_before_it_was_rung(
    side: Side, now: float, rung: bool, codes: list[str]
) -> None:
    reasons = rules.may_call_absent(VISIT, side, late_minutes=5, was_rung=rung, now=at(now))
    assert [one.code for one in reasons] == codes


@pytest.mark.parametrize(
    ("turnout", "now", "expected"),
    [
        (Turnout("expected", "ready", True, False), 4.9, None),
        (Turnout("expected", "ready", True, False), 5, ("visitor", "visitor_absent")),
        (Turnout("expected", "ready", False, False), 14.9, None),
        (Turnout("expected", "ready", False, False), 15, ("visitor", "cancelled_by_facility")),
        (Turnout("expected", "ready", True, True), 14.9, None),
        (Turnout("expected", "ready", True, True), 15, ("visitor", "visitor_absent")),
        (Turnout("expected", "ready", True, False, stood_still=True), 14.9, None),
        (Turnout("expected", "ready", True, False, stood_still=True), 15, ("visitor", "cancelled_by_facility")),
        (Turnout("present", "ready", True, False), 10, None),
        (Turnout("ready", "expected", False, False), 14.9, None),
        (Turnout("ready", "expected", False, False), 15, ("inmate", "inmate_absent")),
        (Turnout("ready", "present", True, False), 15, ("inmate", "inmate_absent")),
        (Turnout("ready", "ready", False, False), 60, None),
    ],
)
def test_the_verdict_on_who_did_not_come(turnout: Turnout, now: float, expected: tuple[Side, str] | None) -> None:
    assert rules.verdict(VISIT, turnout, late_minutes=5, now=at(now)) == expected


states = st.sampled_from(["expected", "present", "ready", "absent", "refused"])


@given(states, states, st.booleans(), st.integers(-60, 60))
def test_a_family_that_was_not_rung_is_never_called_absent(visitor: str, inmate: str, reached: bool, now: int) -> None:
    found = rules.verdict(VISIT, Turnout(visitor, inmate, False, reached), late_minutes=5, now=at(now))
    assert found is None or found[1] != "visitor_absent"


@given(states, states, st.booleans(), st.booleans(), st.integers(-60, 4))
def test_nothing_is_concluded_before_the_late_limit(
    visitor: str, inmate: str, rung: bool, reached: bool, now: int
) -> None:
    assert rules.verdict(VISIT, Turnout(visitor, inmate, rung, reached), late_minutes=5, now=at(now)) is None
