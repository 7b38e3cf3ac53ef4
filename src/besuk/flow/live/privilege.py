"""Whether a call is protected from being watched (promise 2)."""

from collections.abc import Collection

from besuk.flow.bookings.models import VisitPerson
from besuk.flow.live.models import Call
from besuk.ground.media.grants import Privilege, SupervisedCall

_BY_RELATION = {
    "lawyer": Privilege.LAWYER,
    "consul": Privilege.CONSUL,
    "ombudsman": Privilege.OMBUDSMAN,
}


PRIVILEGED_RELATIONS = frozenset(_BY_RELATION)


def privileged_among(calls: Collection[Call]) -> set[int]:
    """Primary keys of those calls that are privileged, in one query."""
    rows = VisitPerson.objects.filter(visit__call__in=calls, tie__relation__in=_BY_RELATION)
    return set(rows.values_list("visit__call__pk", flat=True))


def privilege_of(call: Call) -> Privilege:
    """The privilege that any person of the visit brings. Bookings refuses such visits until they are protected."""
    people = VisitPerson.objects.filter(visit=call.visit_id, tie__isnull=False)
    for relation in people.values_list("tie__relation", flat=True):
        if relation in _BY_RELATION:
            return _BY_RELATION[relation]
    return Privilege.NONE


def supervised(call: Call) -> SupervisedCall | None:
    """The proof that a call may be watched, for whoever hands out places in it; None for a privileged one."""
    privilege = privilege_of(call)
    return SupervisedCall(call.ref, call.room, privilege) if privilege is Privilege.NONE else None
