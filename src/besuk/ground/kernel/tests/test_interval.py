"""Half-open spans: touching ends do not overlap."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.ground.kernel.interval import Interval

NOON = datetime(2026, 12, 3, 12, tzinfo=UTC)
CELL = timedelta(minutes=5)
MINUTES = st.integers(min_value=0, max_value=2000)
STEPS = st.integers(min_value=0, max_value=400)


def span(start: int, length: int) -> Interval:
    """From `start` minutes after noon, `length` minutes long."""
    return Interval.lasting(NOON + timedelta(minutes=start), timedelta(minutes=length))


intervals = st.builds(span, MINUTES, st.integers(min_value=1, max_value=300))
on_grid = st.builds(lambda a, n: span(a * 5, n * 5), STEPS, st.integers(min_value=1, max_value=40))


def test_an_empty_or_backward_interval_is_refused() -> None:
    for end in (NOON, NOON - CELL):
        with pytest.raises(ValueError, match="end after"):
            Interval(NOON, end)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Interval(NOON.replace(tzinfo=None), NOON + CELL)
    with pytest.raises(ValueError, match="aware"):
        Interval(NOON, (NOON + CELL).replace(tzinfo=None))


def test_the_start_is_inside_and_the_end_is_not() -> None:
    one = span(0, 10)
    assert one.contains(one.start)
    assert one.contains(one.end - timedelta(microseconds=1))
    assert not one.contains(one.end)
    assert not one.contains(one.start - timedelta(microseconds=1))


def test_touching_intervals_do_not_overlap() -> None:
    assert not span(0, 10).overlaps(span(10, 10))
    assert not span(10, 10).overlaps(span(0, 10))
    assert span(0, 11).overlaps(span(10, 10))


@given(intervals, intervals)
def test_overlap_is_the_same_from_both_sides(a: Interval, b: Interval) -> None:
    assert a.overlaps(b) == b.overlaps(a)


@given(intervals, intervals)
def test_they_overlap_exactly_when_one_contains_the_start_of_the_other(a: Interval, b: Interval) -> None:
    assert a.overlaps(b) == (a.contains(b.start) or b.contains(a.start))


@given(intervals, intervals)
def test_covering_is_containing_every_moment(a: Interval, b: Interval) -> None:
    last = b.end - timedelta(microseconds=1)
    assert a.covers(b) == (a.contains(b.start) and a.contains(last))


@given(intervals)
def test_it_covers_and_overlaps_itself(a: Interval) -> None:
    assert a.covers(a)
    assert a.overlaps(a)
    assert a.length == a.end - a.start


@given(on_grid, on_grid)
def test_they_overlap_exactly_when_they_share_a_cell(a: Interval, b: Interval) -> None:
    assert a.overlaps(b) == bool(set(a.cells(CELL)) & set(b.cells(CELL)))


@given(on_grid)
def test_cells_fill_the_interval_without_gap(a: Interval) -> None:
    cells = list(a.cells(CELL))
    assert cells[0] == a.start
    assert cells[-1] + CELL == a.end
    assert len(cells) == a.length // CELL


def test_an_interval_off_the_grid_takes_every_cell_it_touches() -> None:
    assert [one.minute for one in span(3, 4).cells(CELL)] == [0, 5]


def test_cells_are_the_same_in_every_zone() -> None:
    jayapura = timezone(timedelta(hours=9))
    there = Interval.lasting(NOON.astimezone(jayapura), timedelta(minutes=20))
    assert set(there.cells(CELL)) == set(span(0, 20).cells(CELL))
