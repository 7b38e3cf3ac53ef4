"""Which facilities stand still, as the conductor knows it: from the button on, also before the record has it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field


@dataclass
class Stops:
    """Facilities whose calls are stopped. `changes` tells an answer of the record from before a change."""

    now: set[int] = field(default_factory=set)
    changes: int = 0
    _unrecorded: set[int] = field(default_factory=set)

    def begin(self, facility_id: int) -> None:
        """Stopped from this moment; the record follows."""
        self.changes += 1
        self.now.add(facility_id)
        self._unrecorded.add(facility_id)

    def recorded(self, facility_id: int) -> None:
        """The record has the stop."""
        self.changes += 1
        self._unrecorded.discard(facility_id)

    def lifted(self, facility_id: int) -> None:
        """The record says that calls may be admitted again."""
        self.changes += 1
        self.now.discard(facility_id)

    def read(self, known: AbstractSet[int], changes: int) -> None:
        """What the record said, asked when there had been so many `changes`; an older answer means nothing."""
        if changes == self.changes:
            self.now = set(known) | self._unrecorded
