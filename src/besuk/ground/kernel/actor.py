"""Who acts. Made at the edge by `accounts`, asked by every action."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from besuk.ground.kernel.errors import refuse

Kind = Literal["staff", "visitor", "station", "system", "nobody"]
EVERYWHERE = 0
"""Key of capabilities that hold at every facility (the system itself, a visitor's own things)."""


@dataclass(frozen=True)
class Actor:
    """One acting person or part, with what it may do, per facility.

    `may` maps a facility's primary key (or EVERYWHERE) to capability names.
    `pk` is the primary key of the staff member, visitor or station; 0 for the system.
    """

    kind: Kind
    pk: int
    subject: str
    label: str
    may: Mapping[int, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    role: str = ""
    request_id: str = ""
    address: str = ""

    def can(self, capability: str, facility_id: int) -> bool:
        """Whether this actor holds `capability` at the facility."""
        return capability in self.may.get(facility_id, frozenset()) or capability in self.may.get(
            EVERYWHERE, frozenset()
        )

    def must(self, capability: str, facility_id: int) -> None:
        """Raise Refused(NOT_ALLOWED) unless the actor holds `capability` at the facility."""
        if not self.can(capability, facility_id):
            raise refuse("NOT_ALLOWED")

    def facilities_with(self, capability: str) -> frozenset[int]:
        """Facilities at which the actor holds `capability`."""
        return frozenset(pk for pk, names in self.may.items() if capability in names and pk != EVERYWHERE)


NOBODY = Actor(kind="nobody", pk=0, subject="", label="")
