"""Half-open spans of time. Nobody compares ends by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` (included) to `end` (excluded); both aware. Raises ValueError when empty or naive."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs aware datetimes")
        if self.end <= self.start:
            raise ValueError("an interval must end after it starts")

    @classmethod
    def lasting(cls, start: datetime, length: timedelta) -> Self:
        """The interval that begins at `start` and lasts `length`."""
        return cls(start, start + length)

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def contains(self, moment: datetime) -> bool:
        """Whether `moment` lies inside; the end does not."""
        return self.start <= moment < self.end

    def covers(self, other: "Interval") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share any moment; touching ends do not."""
        return self.start < other.end and other.start < self.end

    def cells(self, size: timedelta) -> Iterator[datetime]:
        """Starts of the `size`-long cells this interval touches, on a grid fixed at midnight UTC.

        The grid is fixed, so that two intervals overlap on it exactly if they share a cell (for
        starts and lengths that are multiples of `size`).
        """
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        cell = midnight + ((self.start - midnight) // size) * size
        while cell < self.end:
            yield cell
            cell += size
