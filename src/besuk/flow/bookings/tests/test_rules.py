"""The rules of booking, one by one and together, without a database."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.flow.bookings.rules import (
    CELL,
    BookingFacts,
    Person,
    cancels_free,
    cells_of,
    company,
    in_the_way,
    is_lapsed,
    week_of,
)
from besuk.ground.facilities.policy import Policy
from besuk.ground.kernel.errors import because
from besuk.ground.kernel.interval import Interval
from besuk.ground.timetable.rules import Slot

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
NOW = datetime(2026, 12, 3, 9, 20, tzinfo=WIB)
START = datetime(2026, 12, 7, 9, 0, tzinfo=WIB)
MONDAY = date(2026, 12, 7)
STATION, QUARTER, FIVE = 7, timedelta(minutes=15), timedelta(minutes=5)
POLICY = Policy()
FREE = BookingFacts(
    policy=POLICY,
    zone=WIB,
    inmate_id=1,
    legal_status="convicted",
    is_suspended=False,
    talk=(),
    inmate_units={},
    tie_units={},
    station_busy=frozenset(),
    inmate_busy=frozenset(),
    visitor_busy=frozenset(),
)


def slot_at(start: datetime, **other: str) -> Slot:
    return Slot(STATION, Interval.lasting(start, QUARTER), FIVE, other.get("who_may", "all"), other.get("closed", ""))


SLOT = slot_at(START)
LAST_CELL = START + timedelta(minutes=10)
SPOILERS: dict[str, dict[str, object]] = {
    "TIE_SUSPENDED": {"talk": (because("TIE_SUSPENDED"),)},
    "SERVICE_SUSPENDED": {"is_suspended": True},
    "INMATE_QUOTA_USED": {"inmate_units": {MONDAY: 1}},
    "VISITOR_QUOTA_USED": {"tie_units": {MONDAY: 1}},
    "SLOT_TAKEN": {"station_busy": frozenset({(STATION, START + QUARTER)})},
    "INMATE_HAS_VISIT_THEN": {"inmate_busy": frozenset({LAST_CELL})},
    "VISITOR_HAS_VISIT_THEN": {"visitor_busy": frozenset({LAST_CELL})},
}


def codes(facts: BookingFacts = FREE, slot: Slot = SLOT, now: datetime = NOW, *, by_desk: bool = False) -> list[str]:
    return [one.code for one in in_the_way(slot, facts, now=now, by_desk=by_desk)]


@given(st.sets(st.sampled_from(sorted(SPOILERS))))
def test_the_list_holds_every_reason_and_no_other(chosen: set[str]) -> None:
    spoilt = {name: value for code in chosen for name, value in SPOILERS[code].items()}
    assert set(codes(replace(FREE, **spoilt))) == chosen  # type: ignore[arg-type]


def test_what_is_taken_beside_the_slot_does_not_matter() -> None:
    beside = replace(
        FREE,
        station_busy=frozenset({(STATION, START - FIVE), (STATION, START + QUARTER + FIVE), (STATION + 1, START)}),
        inmate_busy=frozenset({START - FIVE, START + QUARTER}),
        visitor_busy=frozenset({START - FIVE, START + QUARTER}),
        inmate_units={MONDAY - timedelta(days=7): 5, MONDAY + timedelta(days=7): 5},
    )
    assert codes(beside) == []


@pytest.mark.parametrize("code", ["DATE_CLOSED", "SESSION_CLOSED", "STATION_CLOSED"])
def test_a_closed_slot_says_what_is_closed(code: str) -> None:
    assert codes(slot=slot_at(START, closed=code)) == [code]


def test_a_session_for_the_others_is_not_for_this_inmate() -> None:
    assert codes(slot=slot_at(START, who_may="remand")) == ["SESSION_NOT_FOR_INMATE"]
    assert codes(slot=slot_at(START, who_may="convicted")) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [(3, ["TOO_LATE_TO_BOOK"]), (4, []), (17, []), (18, ["TOO_EARLY_TO_BOOK"])],
    ids=["today", "tomorrow", "the fourteenth day", "the fifteenth day"],
)
def test_days_are_counted_by_the_calendar_of_the_prison(day: int, expected: list[str]) -> None:
    """A minute to midnight is still today, whatever UTC says."""
    late = NOW.replace(hour=23, minute=59)
    assert codes(slot=slot_at(START.replace(day=day)), now=late) == expected


def test_the_desk_books_for_today_but_not_for_the_past() -> None:
    soon = slot_at(NOW + timedelta(minutes=40))
    assert codes(slot=soon) == ["TOO_LATE_TO_BOOK"]
    assert codes(slot=soon, by_desk=True) == []
    assert codes(slot=slot_at(NOW), by_desk=True) == ["TOO_LATE_TO_BOOK"]
    assert codes(slot=slot_at(NOW + timedelta(days=15)), by_desk=True) == ["TOO_EARLY_TO_BOOK"]


def test_the_desk_cannot_go_over_quota() -> None:
    assert codes(replace(FREE, inmate_units={MONDAY: 1}), by_desk=True) == ["INMATE_QUOTA_USED"]


def test_the_week_turns_at_local_midnight() -> None:
    sunday_evening = datetime(2026, 12, 6, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert week_of(sunday_evening, WIB) == date(2026, 11, 30)
    assert week_of(sunday_evening, WIT) == MONDAY


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_the_week_of_a_moment_is_the_monday_on_or_before_it(minutes: int) -> None:
    moment = NOW + timedelta(minutes=minutes)
    monday = week_of(moment, WIT)
    day = moment.astimezone(WIT).date()
    assert monday.weekday() == 0
    assert monday <= day < monday + timedelta(days=7)


def test_a_hold_is_alive_until_the_moment_it_ends() -> None:
    assert is_lapsed("held", NOW, NOW)
    assert not is_lapsed("held", NOW, NOW - timedelta(microseconds=1))
    assert not is_lapsed("booked", NOW, NOW + timedelta(days=1))


def test_cancelling_is_free_up_to_four_hours_before_and_not_a_moment_later() -> None:
    limit = START - timedelta(hours=POLICY.cancel_until_hours)
    assert cancels_free(START, limit, POLICY)
    assert not cancels_free(START, limit + timedelta(microseconds=1), POLICY)


def test_company_is_counted_with_the_visitor() -> None:
    adult, child = Person("Adi"), Person("Rini", is_child=True)
    assert company((adult, adult, child), POLICY) == []
    assert [one.code for one in company((adult, adult, adult), POLICY)] == ["TOO_MANY_ADULTS"]
    assert [one.code for one in company((child,) * 4, POLICY)] == ["TOO_MANY_PEOPLE"]
    assert [one.code for one in company((Person(" "),), POLICY)] == ["PERSON_NOT_NAMED"]


@given(minutes=st.integers(1, 48), buffer=st.integers(0, 12), start=st.integers(0, 287))
def test_the_station_is_taken_for_the_talk_and_the_buffer_the_people_for_the_talk(
    minutes: int, buffer: int, start: int
) -> None:
    begin = datetime(2026, 12, 7, tzinfo=ZoneInfo("UTC")) + start * CELL
    station, people = cells_of(Interval.lasting(begin, minutes * CELL), buffer * CELL)
    assert (len(station), len(people)) == (minutes + buffer, minutes)
    assert station[: len(people)] == people
    assert people[0] == begin
