"""A clock that tests move by hand."""

from datetime import UTC, datetime, timedelta

THURSDAY = datetime(2026, 12, 3, 2, 20, tzinfo=UTC)
"""Kamis, 3 Desember 2026, 09.20 WIB and 11.20 WIT: both facilities of the cast are open."""


class FixedClock:
    """Stands still until it is moved; both kinds of time move together."""

    def __init__(self, at: datetime = THURSDAY) -> None:
        self.at = at
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def move(self, **by: float) -> datetime:
        """Move on (`minutes=5`, `seconds=0.5`) and return the new moment."""
        step = timedelta(**by)
        self.at += step
        self.seconds += step.total_seconds()
        return self.at

    def jump(self, **by: float) -> datetime:
        """Set the wall clock only, as an administrator would; monotonic time does not notice."""
        self.at += timedelta(**by)
        return self.at
