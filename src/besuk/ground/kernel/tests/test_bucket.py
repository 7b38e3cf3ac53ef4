"""A bucket: a burst passes, a calm stream always does, and nobody ever gets more than both together."""

from itertools import accumulate

import pytest
from hypothesis import given, strategies

from besuk.ground.kernel.bucket import Bucket

BURST = strategies.integers(1, 12)
PER_S = strategies.sampled_from([0.25, 0.5, 1.0, 2.0, 4.0])
WAITS = strategies.lists(strategies.integers(0, 24).map(lambda eighths: eighths / 8), min_size=1, max_size=60)
"""Eighths of seconds: sums and products of these are exact."""
AMOUNTS = strategies.lists(strategies.integers(0, 5), min_size=60, max_size=60)


@given(BURST, PER_S, WAITS, AMOUNTS)
def test_no_span_of_time_ever_gets_more_than_the_burst_and_what_came_back_in_it(
    burst: int, per_s: float, waits: list[float], amounts: list[int]
) -> None:
    bucket = Bucket(burst, per_s)
    times = list(accumulate(waits))
    got = [amount if bucket.take(at, amount) else 0 for at, amount in zip(times, amounts, strict=False)]
    for first in range(len(got)):
        for last in range(first, len(got)):
            assert sum(got[first : last + 1]) <= burst + (times[last] - times[first]) * per_s


@given(BURST, PER_S, WAITS)
def test_refused_is_only_what_is_too_much(burst: int, per_s: float, waits: list[float]) -> None:
    """The same reckoned anew from what was granted, without a bucket."""
    bucket, left, before = Bucket(burst, per_s), float(burst), 0.0
    for at in accumulate(waits):
        left, before = min(float(burst), left + (at - before) * per_s), at
        assert bucket.take(at) == (left >= 1)
        left -= left >= 1


@given(BURST, PER_S, strategies.integers(1, 100))
def test_a_calm_stream_is_never_refused(burst: int, per_s: float, count: int) -> None:
    bucket = Bucket(burst, per_s)
    assert all(bucket.take(n / per_s) for n in range(count))


@given(BURST, PER_S, strategies.integers(0, 50))
def test_knocking_on_while_refused_costs_nothing(burst: int, per_s: float, more: int) -> None:
    bucket = Bucket(burst, per_s)
    assert bucket.take(0.0, burst)
    assert not any(bucket.take(0.0) for _ in range(more))
    assert bucket.take(1 / per_s)
    assert not bucket.take(1 / per_s)


@pytest.mark.parametrize("back", [0.0, 1.0, 1000.0])
def test_time_that_stands_still_or_goes_back_brings_nothing_nor_does_its_return(back: float) -> None:
    bucket = Bucket(2, 1.0)
    assert bucket.take(1000.0, 2)
    assert not bucket.take(1000.0 - back)
    assert not bucket.take(1000.0)
    assert bucket.take(1001.0)


def test_more_than_a_burst_at_once_never_passes() -> None:
    bucket = Bucket(3, 1.0)
    assert not bucket.take(1e6, 4)
    assert bucket.take(1e6, 3)
