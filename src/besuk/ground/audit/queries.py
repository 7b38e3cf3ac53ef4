"""Reading the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from besuk.ground.audit.codes import sentence_of
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.models import Facility

Thing = tuple[str, str]
"""(kind, ref) of something the log speaks of, such as ("bookings.visit", visit.ref)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry for people. `who` is the subject id and role: names are looked up by whoever may see them."""

    number: int
    at: datetime
    code: str
    sentence: str
    actor_kind: str
    who: str
    role: str
    purpose: str


def entries_about(facility: Facility, things: Iterable[Thing], limit: int = 500) -> list[Line]:
    """What the log says about these things, oldest first. Of a visit that is: the visit, its call, its tie."""
    wanted = Q(pk__in=[])
    for kind, ref in things:
        wanted |= Q(object_kind=kind, object_ref=ref)
    rows = Entry.objects.filter(wanted, facility=facility).order_by("number")[:limit]
    return [_line(entry) for entry in rows]


def entries_by(facility: Facility, subject: str, limit: int = 500) -> list[Line]:
    """What this person did here, newest first."""
    rows = Entry.objects.filter(facility=facility, actor_subject=subject).order_by("-number")[:limit]
    return [_line(entry) for entry in rows]


def _line(entry: Entry) -> Line:
    return Line(
        number=entry.number,
        at=entry.at,
        code=entry.code,
        sentence=sentence_of(entry.code),
        actor_kind=entry.actor_kind,
        who=entry.actor_subject,
        role=entry.actor_role,
        purpose=entry.purpose,
    )
