"""How somebody's line was during a call, from the samples of their browser. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

Sample = Mapping[str, object]
KNOWN = ("good", "weak", "bad")
GAP = timedelta(seconds=12)
"""A sample comes every five seconds. Where none came for longer, nothing is known: their page was not on the line."""


@dataclass(frozen=True)
class Stretch:
    """A time in which the line stayed the same: `good`, `weak`, `bad`, `unknown`, or `away` where no sample came."""

    line: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Figures:
    """What was usual; None where nothing was measured. Shares of 1, milliseconds, kilobits and frames a second."""

    loss: float | None
    concealed: float | None
    rtt_ms: float | None
    jitter_ms: float | None
    fps: float | None
    kbit_s: float | None
    picture: str
    """The size most often seen, as 320×240; empty without a picture."""


def stretches(samples: Sequence[tuple[datetime, Sample]]) -> list[Stretch]:
    """The samples, oldest first, as stretches without a hole between them. Empty without samples."""
    found: list[Stretch] = []
    for at, sample in samples:
        line = line_of(sample)
        last = found[-1] if found else None
        if last is None:
            found.append(Stretch(line, at, at))
        elif at - last.until > GAP:
            found += [Stretch("away", last.until, at), Stretch(line, at, at)]
        elif last.line == line:
            found[-1] = Stretch(line, last.since, at)
        else:
            found[-1] = Stretch(last.line, last.since, at)
            found.append(Stretch(line, at, at))
    return [one for one in found if one.until > one.since]


def figures(samples: Sequence[tuple[datetime, Sample]]) -> Figures:
    """Medians over all samples, and the bitrate from the first byte counter to the last of each run."""
    sizes = [
        f"{width:.0f}×{height:.0f}"
        for _, sample in samples
        if (width := number(sample, "quality_width")) and (height := number(sample, "quality_height"))
    ]
    return Figures(
        loss=usual(samples, "quality_loss"),
        concealed=usual(samples, "quality_concealed"),
        rtt_ms=usual(samples, "quality_rtt_ms"),
        jitter_ms=usual(samples, "quality_jitter_ms"),
        fps=usual(samples, "quality_fps"),
        kbit_s=bitrate(samples),
        picture=max(sizes, key=sizes.count) if sizes else "",
    )


def line_of(sample: Sample) -> str:
    """The line in the word that the browser had for it."""
    line = sample.get("quality_line")
    return line if isinstance(line, str) and line in KNOWN else "unknown"


def number(sample: Sample, name: str) -> float | None:
    """A figure of a sample; None where it was not measured, or is no number."""
    value = sample.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def usual(samples: Sequence[tuple[datetime, Sample]], name: str) -> float | None:
    """The median of a figure."""
    known = [value for _, sample in samples if (value := number(sample, name)) is not None]
    return median(known) if known else None


def bitrate(samples: Sequence[tuple[datetime, Sample]]) -> float | None:
    """Kilobits a second, both ways, over the times in which the counter did not begin anew and no sample is missing."""
    bits = seconds = 0.0
    for (before, old), (at, new) in pairwise(samples):
        was, is_now = number(old, "quality_bytes"), number(new, "quality_bytes")
        if was is None or is_now is None or is_now < was or at - before > GAP:
            continue
        bits += (is_now - was) * 8
        seconds += (at - before).total_seconds()
    return bits / 1000 / seconds if seconds else None
