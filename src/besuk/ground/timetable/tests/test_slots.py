"""What the weekly patterns give: the figures of the field, and what must hold for any pattern."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.ground.kernel.interval import Interval
from besuk.ground.timetable.defaults import default_shapes
from besuk.ground.timetable.rules import ClosureShape, SessionShape, StationShape, calls_a_week, slots_on

MONDAY = date(2026, 11, 30)
FRIDAY = date(2026, 12, 4)
WIB = ZoneInfo("Asia/Jakarta")
WIT = ZoneInfo("Asia/Jayapura")
WEEK = default_shapes(range(6), stagger_minutes=0, since=date(2026, 1, 1))


def test_a_station_has_thirteen_slots_a_day_and_nine_on_friday() -> None:
    one = [StationShape(1)]
    assert len(slots_on(MONDAY, WEEK, one, (), WIB)) == 13
    assert len(slots_on(FRIDAY, WEEK, one, (), WIB)) == 9


@pytest.mark.parametrize(
    ("days", "stations", "stagger", "calls"),
    [(range(4), 1, 5, 52), (range(6), 3, 0, 222), (range(6), 3, 5, 215)],
    ids=["one station, Mon-Thu", "three stations, Mon-Sat", "three stations, staggered"],
)
def test_a_week_has_the_room_that_the_field_counted(days: range, stations: int, stagger: int, calls: int) -> None:
    shapes = default_shapes(days, stagger_minutes=stagger, since=date(2026, 1, 1))
    assert calls_a_week(MONDAY, shapes, stations) == calls


def test_nine_in_the_morning_is_local() -> None:
    west = slots_on(MONDAY, WEEK, [StationShape(1)], (), WIB)[0].interval.start
    east = slots_on(MONDAY, WEEK, [StationShape(1)], (), WIT)[0].interval.start
    assert west.utcoffset() == timedelta(0)
    assert (west.hour, east.hour) == (2, 0)


def test_sunday_has_no_slots() -> None:
    assert slots_on(date(2026, 12, 6), WEEK, [StationShape(1)], (), WIB) == []


def test_the_last_slot_needs_no_buffer_but_must_end_in_time() -> None:
    slots = slots_on(MONDAY, WEEK, [StationShape(1)], (), WIB)
    morning = [one for one in slots if one.interval.start.astimezone(WIB).hour < 12]
    assert morning[-1].interval.end.astimezone(WIB).time() == time(11, 15)


def test_a_closed_station_is_told_from_a_closed_day_and_a_closed_session() -> None:
    nine = datetime(2026, 11, 30, 9, 0, tzinfo=WIB)
    stations = [StationShape(1), StationShape(2, is_open=False), StationShape(3)]
    day = [ClosureShape(Interval(datetime(2026, 11, 30, tzinfo=WIB), datetime(2026, 12, 1, tzinfo=WIB)))]
    hour = [ClosureShape(Interval(nine, nine + timedelta(hours=1)))]
    third = [ClosureShape(Interval(nine, nine + timedelta(hours=1)), station=3)]

    def first(closures: list[ClosureShape]) -> dict[int, str]:
        slots = slots_on(MONDAY, WEEK, stations, closures, WIB)
        return {slot.station_id: slot.closed for slot in reversed(slots)}

    assert first(day) == {1: "DATE_CLOSED", 2: "STATION_CLOSED", 3: "DATE_CLOSED"}
    assert first(hour) == {1: "SESSION_CLOSED", 2: "STATION_CLOSED", 3: "SESSION_CLOSED"}
    assert first(third) == {1: "", 2: "STATION_CLOSED", 3: "STATION_CLOSED"}


def test_a_pattern_ends_with_its_last_day() -> None:
    ended = [SessionShape(0, time(9), time(10), date(2026, 1, 1), MONDAY, *_lengths(15, 5, 0), "all")]
    assert slots_on(MONDAY, ended, [StationShape(1)], (), WIB)
    assert not slots_on(MONDAY + timedelta(days=7), ended, [StationShape(1)], (), WIB)


def test_a_pattern_begins_with_its_first_day() -> None:
    begun = [SessionShape(0, time(9), time(10), MONDAY, None, *_lengths(15, 5, 0), "all")]
    assert slots_on(MONDAY, begun, [StationShape(1)], (), WIB)
    assert not slots_on(MONDAY - timedelta(days=7), begun, [StationShape(1)], (), WIB)
    assert calls_a_week(MONDAY, begun, 1) == 3


def test_a_week_is_counted_from_its_monday_on() -> None:
    """Patterns that begin on the Thursday of that week: the days before belong to another week."""
    begun = default_shapes(range(6), stagger_minutes=0, since=MONDAY + timedelta(days=3))
    assert calls_a_week(MONDAY, begun, 1) == 13 + 9 + 13


def test_twenty_hours_are_a_day_and_less_is_a_session() -> None:
    start = datetime(2026, 11, 30, tzinfo=WIB)

    def code(length: timedelta) -> str:
        closure = ClosureShape(Interval.lasting(start, length))
        return slots_on(MONDAY, WEEK, [StationShape(1)], [closure], WIB)[0].closed

    assert code(timedelta(hours=20)) == "DATE_CLOSED"
    assert code(timedelta(hours=20) - timedelta(seconds=1)) == "SESSION_CLOSED"


def test_each_next_station_starts_a_step_later_also_among_chosen_stations() -> None:
    session = SessionShape(
        0, time(9), time(10), date(2026, 1, 1), None, *_lengths(15, 5, 5), "remand", frozenset({2, 3})
    )
    slots = slots_on(MONDAY, [session], [StationShape(n) for n in (1, 2, 3)], (), WIB)
    first = {slot.station_id: slot.interval.start.astimezone(WIB).time() for slot in reversed(slots)}
    assert first == {2: time(9), 3: time(9, 5)}
    assert {slot.who_may for slot in slots} == {"remand"}


def test_two_patterns_at_one_time_give_one_slot_by_the_older() -> None:
    shapes = [
        SessionShape(0, time(9), time(10), date(2026, 1, 1), None, *_lengths(15, 5, 0), who)
        for who in ("convicted", "all")
    ]
    slots = slots_on(MONDAY, shapes, [StationShape(1)], (), WIB)
    assert [slot.who_may for slot in slots] == ["convicted"] * 3


@pytest.mark.parametrize(
    ("day", "count"), [(date(2026, 3, 29), 6), (date(2026, 10, 25), 12)], ids=["spring forward", "fall back"]
)
def test_a_night_in_which_the_clocks_change_has_the_slots_that_fit(day: date, count: int) -> None:
    """Not at home, but zones are data: 01.00 to 04.00 in Berlin lasts two hours, or four."""
    berlin = ZoneInfo("Europe/Berlin")
    session = SessionShape(6, time(1), time(4), date(2026, 1, 1), None, *_lengths(15, 5, 0), "all")
    slots = slots_on(day, [session], [StationShape(1)], (), berlin)
    assert len(slots) == count
    assert {slot.interval.length for slot in slots} == {timedelta(minutes=15)}


def _lengths(slot: int, buffer: int, stagger: int) -> tuple[timedelta, timedelta, timedelta]:
    return timedelta(minutes=slot), timedelta(minutes=buffer), timedelta(minutes=stagger)


fives = st.integers(1, 12).map(lambda n: n * 5)


@given(slot=fives, buffer=fives, stagger=fives, stations=st.integers(1, 4), hours=st.integers(1, 8))
def test_slots_of_a_station_never_overlap_and_stay_in_the_session(
    slot: int, buffer: int, stagger: int, stations: int, hours: int
) -> None:
    session = SessionShape(0, time(8), time(8 + hours), date(2026, 1, 1), None, *_lengths(slot, buffer, stagger), "all")
    found = slots_on(MONDAY, [session], [StationShape(n) for n in range(stations)], (), WIB)
    whole = Interval(datetime(2026, 11, 30, 8, tzinfo=WIB), datetime(2026, 11, 30, 8 + hours, tzinfo=WIB))
    for one in found:
        assert whole.covers(one.interval)
        assert one.interval.length == timedelta(minutes=slot)
        others = [two for two in found if two.station_id == one.station_id and two is not one]
        assert not any(one.taken.overlaps(two.interval) for two in others)
