"""What the long run calls flat, and what a leak."""

import pytest

from bench.flatness import flatness


def run_of(first_mb: float, mb_a_minute: float, *, warm_up_mb: float = 0.0) -> list[tuple[float, float]]:
    """Twenty minutes, a sample every ten seconds, three megabytes of breathing."""
    minutes = [n / 6 for n in range(120)]
    breath = [3 * (n % 5) / 4 for n in range(120)]
    warm = [min(warm_up_mb, warm_up_mb * minute / 4) for minute in minutes]
    sizes = [first_mb + mb_a_minute * m + b + w for m, b, w in zip(minutes, breath, warm, strict=True)]
    return list(zip(minutes, sizes, strict=True))


def test_breathing_is_flat() -> None:
    assert flatness("web", run_of(120, 0.0)).is_flat


def test_what_grows_while_it_warms_up_is_flat() -> None:
    assert flatness("web", run_of(120, 0.0, warm_up_mb=40)).is_flat


def test_a_small_process_that_grows_slowly_is_not_flat() -> None:
    assert not flatness("guard", run_of(30, 0.3)).is_flat


def test_a_large_process_that_grows_fast_is_not_flat() -> None:
    assert not flatness("browser", run_of(2000, 1.5)).is_flat


def test_a_few_samples_say_nothing() -> None:
    with pytest.raises(ValueError, match="samples"):
        flatness("web", run_of(120, 0.0)[:10])
