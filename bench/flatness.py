"""Whether a process's memory stays flat over a long run. Pure, so that a test can show what it would call a leak."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression, median

WARM_UP_PART = 0.25
"""The first quarter of a run does not count: caches fill, calls begin."""
MOST_MB_A_MINUTE = 1.0
MOST_GROWTH_PERCENT = 5.0
FEWEST = 12
"""With fewer samples a line through them says nothing."""


@dataclass(frozen=True)
class Flatness:
    """One process over a run: MB at the start (after the warm-up) and at the end, and the slope between."""

    name: str
    start_mb: float
    end_mb: float
    slope_mb_a_minute: float

    @property
    def growth_percent(self) -> float:
        return 100 * (self.end_mb - self.start_mb) / self.start_mb

    @property
    def is_flat(self) -> bool:
        """Both: a small process may not double slowly, a large one may not run away within the percentage."""
        return self.slope_mb_a_minute < MOST_MB_A_MINUTE and self.growth_percent < MOST_GROWTH_PERCENT

    def line(self) -> str:
        word = "flat" if self.is_flat else "GROWS"
        sizes = f"{self.start_mb:.1f} -> {self.end_mb:.1f} MB ({self.growth_percent:+.1f} %)"
        return f"{self.name}: {sizes}, {self.slope_mb_a_minute:+.2f} MB a minute: {word}"


def flatness(name: str, samples: Sequence[tuple[float, float]]) -> Flatness:
    """Of samples (minute, MB) of a whole run. Raises ValueError when there are too few."""
    counted = samples[int(len(samples) * WARM_UP_PART) :]
    if len(counted) < FEWEST:
        raise ValueError(f"{name}: {len(counted)} samples after the warm-up, at least {FEWEST} are wanted")
    fifth = max(1, len(counted) // 5)
    sizes = [mb for _, mb in counted]
    slope = linear_regression([minute for minute, _ in counted], sizes).slope
    return Flatness(name, median(sizes[:fifth]), median(sizes[-fifth:]), slope)
