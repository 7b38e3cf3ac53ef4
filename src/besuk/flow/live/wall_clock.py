"""The wall clock may be corrected while people talk; how long they talked is told by the clock that never goes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SLACK = timedelta(seconds=2)
"""Small corrections come all the time and matter to nobody."""


@dataclass
class WallClock:
    """Compares both kinds of time from look to look."""

    _now: datetime | None = None
    _at: float = 0.0

    def moved(self, now: datetime, at: float) -> timedelta:
        """By how much the wall clock was set since the last look; nothing when it only went on."""
        before, passed = self._now, timedelta(seconds=at - self._at)
        self._now, self._at = now, at
        if before is None:
            return timedelta()
        by = now - before - passed
        return by if abs(by) > SLACK else timedelta()
