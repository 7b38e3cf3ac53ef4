"""What a family got back for a visit, in words."""

from dataclasses import dataclass
from datetime import date

from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.queries import returns_of


@dataclass(frozen=True)
class CameBack:
    """A unit, for which week (its Monday), or minutes; `goes_first` until the next booking."""

    unit_for: date | None = None
    minutes: int = 0
    goes_first: bool = False
    """The two go first when turns are given next, and have not had their turn yet."""

    @property
    def anything(self) -> bool:
        return self.unit_for is not None or self.minutes > 0


NOTHING = CameBack()


def came_back(visits: list[Visit]) -> dict[int, CameBack]:
    """What came back for each of these visits, by primary key; nothing for the absent ones."""
    return {pk: _told(row) for pk, row in returns_of(visits).items()}


def _told(row: LedgerEntry) -> CameBack:
    if row.units:
        return CameBack(unit_for=row.week, goes_first=row.goes_first and row.settled_at is None)
    return CameBack(minutes=row.minutes)
