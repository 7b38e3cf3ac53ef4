"""Seeding: what the browsers of a past call would have said of their lines."""

from datetime import datetime, timedelta

from besuk.flow.live.actions import Beat
from besuk.flow.live.models import Call, Participation

EVERY = timedelta(seconds=5)
WEAK = range(70, 110)
"""Samples in which the family's phone has a weak line."""
AWAY = range(24, 36)
"""Samples that are missing where the line was lost."""


def samples(call: Call, since: datetime, until: datetime, how: str) -> list[Beat]:
    """A sample of each side every five seconds: the station's line is good, the family's has a weak time."""
    found = []
    for place in Participation.objects.filter(call=call, role__in=["visitor", "inmate"]).order_by("pk"):
        for number in range(int((until - since) / EVERY)):
            family = place.role == "visitor"
            if family and how == "line_lost" and number in AWAY:
                continue
            found.append(Beat(place.ref, since + number * EVERY, _sample(number, weak=family and number in WEAK)))
    return found


def _sample(number: int, *, weak: bool) -> dict[str, int | float | str | bool | None]:
    swing = number * 37 % 11
    return {
        "visible": True,
        "quality_line": "weak" if weak else "good",
        "quality_rtt_ms": 640 + 9 * swing if weak else 68 + swing,
        "quality_jitter_ms": 41 + swing if weak else 6 + swing % 4,
        "quality_loss": 0.07 if weak else 0.002,
        "quality_concealed": 0.05 if weak else 0.001,
        "quality_fps": 9.0 if weak else 15.0,
        "quality_width": 160 if weak else 320,
        "quality_height": 120 if weak else 240,
        "quality_bytes": number * (90_000 if weak else 160_000),
    }
