"""News of bookings."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class VisitBooked:
    """A visit was confirmed."""

    topic: ClassVar[str] = "visit.booked"
    visit_ref: str


@dataclass(frozen=True)
class VisitCancelled:
    """A held or booked visit will not take place."""

    topic: ClassVar[str] = "visit.cancelled"
    visit_ref: str
    outcome: str


@dataclass(frozen=True)
class VisitShifted:
    """A booked visit begins later on its day."""

    topic: ClassVar[str] = "visit.shifted"
    visit_ref: str
    was_at: str
    """ISO 8601."""


@dataclass(frozen=True)
class VisitConcluded:
    """A booked visit has its outcome."""

    topic: ClassVar[str] = "visit.concluded"
    visit_ref: str
    outcome: str


@dataclass(frozen=True)
class VisitCorrected:
    """The outcome of a concluded visit was found wrong and is another now."""

    topic: ClassVar[str] = "visit.corrected"
    visit_ref: str
    outcome: str
