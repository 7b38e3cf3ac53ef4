"""What one measured figure looks like."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A named row of build/bench.json. `error` says why there is no number; nothing is filled in by hand."""

    name: str
    unit: str
    n: int = 0
    min: float | None = None
    median: float | None = None
    p95: float | None = None
    max: float | None = None
    goal: str = ""
    baseline: float | None = None
    ratio: float | None = None
    error: str = ""
    awaits: str = ""
    """What must be built first. Told like an error, but nothing went wrong: the run does not fail for it."""
    note: str = ""

    def row(self) -> dict[str, Any]:
        told = {key: value for key, value in asdict(self).items() if value not in ("", None)}
        return {**told, "error": self.why_no_number} if self.why_no_number else told

    @property
    def why_no_number(self) -> str:
        """Empty where there is one."""
        return self.error or (f"not measurable yet: {self.awaits}" if self.awaits else "")


def figure(
    name: str, unit: str, samples: Sequence[float], *, goal: str = "", baseline: Sequence[float] = (), note: str = ""
) -> Figure:
    """The figure of `samples`; with a `baseline` measured in the same run, their ratio of medians."""
    if not samples:
        return Figure(name, unit, goal=goal, error="no sample was taken")
    median = statistics.median(samples)
    base = statistics.median(baseline) if baseline else None
    return Figure(
        name,
        unit,
        n=len(samples),
        min=round(min(samples), 3),
        median=round(median, 3),
        p95=round(p95(samples), 3),
        max=round(max(samples), 3),
        goal=goal,
        baseline=round(base, 3) if base is not None else None,
        ratio=round(median / base, 3) if base else None,
        note=note,
    )


def p95(samples: Sequence[float]) -> float:
    """The 95th percentile, by the nearest rank."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
