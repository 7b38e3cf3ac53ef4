"""News of a prison that other steps must hear."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class InmateMoved:
    """An inmate came or went. Heard inside the transaction, under the inmate's lock."""

    topic: ClassVar[str] = "facilities.inmate_moved"
    inmate_id: int
    facility_id: int
    place: str


@dataclass(frozen=True)
class StationChanged:
    """A station was opened or closed."""

    topic: ClassVar[str] = "facilities.station_changed"
    station_id: int
    facility_id: int
    is_open: bool
