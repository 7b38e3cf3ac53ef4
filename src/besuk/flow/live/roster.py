"""Who is on duty, as the conductor knows it. The record is `oversight`'s, which fills this."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.live.hub import Message

UNCOVERED = _("Belum ada petugas untuk panggilan yang segera mulai")


@dataclass(frozen=True)
class OnDuty:
    """An officer with an open shift."""

    staff_pk: int
    code: str
    facility_id: int
    since: datetime
    wall: str = ""
    """Name of the office computer it was started at; empty where that has none."""


@dataclass(frozen=True)
class Uncovered:
    """A visit that is due soon and for which nobody on duty has room."""

    visit_ref: str
    starts_at: datetime
    zone: str
    station: str
    inmate: str


def tasks_of(bare: Iterable[Uncovered]) -> list[Message]:
    """As tasks for everyone at a wall of that prison; they end when somebody comes."""
    return [
        {
            "id": f"{one.visit_ref}:uncovered", "kind": "uncovered", "title": gettext(UNCOVERED),
            "detail": f"{one.starts_at.astimezone(ZoneInfo(one.zone)):%H.%M} · {one.station} · {one.inmate}",
            "urgency": "high", "call": None, "owner": None, "mine": False, "done_by": None,
            "can_take": False, "can_finish": False,
        }
        for one in bare
    ]  # fmt: skip


def said(roster: Iterable[OnDuty], facilities: Collection[int], staff_pk: int, walls: Collection[int]) -> Message:
    """The own shift, and who else is on duty in the reader's prisons, for the wall."""
    here = [one for one in roster if one.facility_id in facilities]
    own = next((one for one in here if one.staff_pk == staff_pk), None)
    others = sorted((one for one in here if one.staff_pk != staff_pk), key=lambda one: (one.since, one.code))
    return {
        "shift": {"since": _millis(own.since), "wall": own.wall} if own else None,
        "on_duty": [
            {"code": one.code, "since": _millis(one.since), "wall": one.wall, "here": one.staff_pk in walls}
            for one in others
        ],
    }


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
