"""What the samples of a line say about it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from besuk.flow.live.line_story import GAP, bitrate, figures, stretches
from besuk.testing.clock import THURSDAY

LINES = st.sampled_from(["good", "weak", "bad", "unknown", "nonsense", 7, None])
STEPS = st.lists(st.tuples(st.integers(1, 40), LINES), max_size=40)


def sampled(*rows: tuple[float, dict[str, object]]) -> list[tuple]:  # type: ignore[type-arg]
    return [(THURSDAY + timedelta(seconds=at), sample) for at, sample in rows]


def line(word: object) -> dict[str, object]:
    return {"quality_line": word}


def test_equal_samples_are_one_stretch_and_a_missing_one_is_no_line() -> None:
    found = stretches(
        sampled((0, line("good")), (5, line("good")), (10, line("weak")), (40, line("good")), (45, line("good")))
    )
    told = [(one.line, (one.until - one.since).total_seconds()) for one in found]
    assert told == [("good", 10), ("away", 30), ("good", 5)], "the weak one had no length of its own"


@given(STEPS)
def test_stretches_cover_the_whole_time_without_a_hole_and_change_each_time(steps: list[tuple[int, object]]) -> None:
    at, rows = 0, []
    for seconds, word in steps:
        at += seconds
        rows.append((float(at), line(word)))
    samples = sampled(*rows)
    found = stretches(samples)
    assert all(one.until > one.since for one in found)
    assert all(before.until == after.since for before, after in pairwise(found))
    if found:
        assert (found[0].since, found[-1].until) == (samples[0][0], samples[-1][0])
    holes = sum(later - earlier > GAP for (earlier, _), (later, _) in pairwise(samples))
    assert sum(one.line == "away" for one in found) == holes
    assert {one.line for one in found} <= {"good", "weak", "bad", "unknown", "away"}


def test_figures_are_medians_of_what_was_measured() -> None:
    rows = sampled(
        (
            0,
            {"quality_loss": 0.0, "quality_rtt_ms": 40, "quality_width": 320, "quality_height": 240, "quality_fps": 15},
        ),
        (
            5,
            {
                "quality_loss": 0.5,
                "quality_rtt_ms": None,
                "quality_width": 160,
                "quality_height": 120,
                "quality_fps": True,
            },
        ),
        (10, {"quality_loss": 0.1, "quality_rtt_ms": "fast", "quality_width": 320, "quality_height": 240}),
    )
    found = figures(rows)
    assert (found.loss, found.rtt_ms, found.fps, found.picture) == (0.1, 40.0, 15.0, "320×240")
    assert (found.jitter_ms, found.concealed, found.kbit_s) == (None, None, None)
    assert figures([]).picture == ""


def test_a_rejoin_and_a_hole_count_for_no_bitrate() -> None:
    def bytes_(value: int) -> dict[str, object]:
        return {"quality_bytes": value}

    rows = sampled(
        (0, bytes_(0)), (5, bytes_(125_000)), (10, bytes_(10)), (60, bytes_(900_000)), (65, bytes_(1_025_000))
    )
    assert bitrate(rows) == 200.0
    assert bitrate(rows[:1]) is None
