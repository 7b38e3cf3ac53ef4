"""News of the waiting room."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class SideReady:
    """One side of a visit is ready to talk."""

    topic: ClassVar[str] = "checkin.ready"
    visit_ref: str
    side: str


@dataclass(frozen=True)
class SideAbsent:
    """One side of a visit did not come; the visit is concluded."""

    topic: ClassVar[str] = "checkin.absent"
    visit_ref: str
    side: str
    outcome: str
