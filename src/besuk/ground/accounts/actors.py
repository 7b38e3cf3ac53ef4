"""Turning a signed-in person into an Actor."""

from collections import defaultdict
from datetime import datetime
from types import MappingProxyType

from django.db.models import Q

from besuk.ground.accounts.capabilities import ROLES, STAFF_ANY, SYSTEM_MAY, VISITOR_MAY
from besuk.ground.accounts.models import Staff, Visitor
from besuk.ground.kernel.actor import EVERYWHERE, Actor


def staff_actor(staff: Staff, now: datetime, *, request_id: str = "", address: str = "") -> Actor:
    """The actor of a member of staff with the capabilities of their running memberships.

    Whoever is active has their own pages also without a membership: the system administrator has none.
    """
    may: dict[int, set[str]] = defaultdict(set)
    roles: list[str] = ["system_administrator"] if staff.is_system_administrator else []
    if staff.is_active:
        may[EVERYWHERE].add(STAFF_ANY)
    running = Q(until__isnull=True) | Q(until__gt=now)
    for facility_id, role in staff.memberships.filter(running, since__lte=now).values_list("facility_id", "role"):
        may[facility_id] |= ROLES.get(role, frozenset()) | {STAFF_ANY}
        roles.append(role)
    frozen = MappingProxyType({pk: frozenset(names) for pk, names in may.items()})
    return Actor(
        "staff", staff.pk, staff.subject, staff.code, frozen, "+".join(sorted(set(roles)))[:20], request_id, address
    )


def visitor_actor(visitor: Visitor, *, request_id: str = "", address: str = "") -> Actor:
    """The actor of a visitor: their own things, at every facility."""
    may = MappingProxyType({EVERYWHERE: VISITOR_MAY})
    return Actor("visitor", visitor.pk, visitor.subject, visitor.name, may, "visitor", request_id, address)


SYSTEM = Actor(
    kind="system", pk=0, subject="system", label="Besuk", may=MappingProxyType({EVERYWHERE: SYSTEM_MAY}), role="system"
)
"""Besuk itself: keeper, worker, sweeper."""
