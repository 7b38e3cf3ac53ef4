"""Who is on duty, as the conductor knows it. The record is `oversight`'s, which fills this."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.live.hub import Message
from besuk.flow.live.stage import Stage

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
class Offer:
    """A call that one officer hands to another, who has accepted it or not yet."""

    pk: int
    call_ref: str
    by_pk: int
    by: str
    to_pk: int
    to: str
    accepted: bool = False


@dataclass(frozen=True)
class Uncovered:
    """A visit that is due soon and for which nobody on duty has room."""

    visit_ref: str
    starts_at: datetime
    zone: str
    station: str
    inmate: str


def tasks_of(bare: Iterable[Uncovered], stages: Iterable[Stage]) -> list[Message]:
    """As tasks for everyone at a wall of that prison; they end when somebody comes, which the stages know first."""
    watched = {one.visit_ref for one in stages if any(seat.role == "supervisor" for seat in one.seats.values())}
    return [
        {
            "id": f"{one.visit_ref}:uncovered", "kind": "uncovered", "title": gettext(UNCOVERED),
            "detail": f"{one.starts_at.astimezone(ZoneInfo(one.zone)):%H.%M} · {one.station} · {one.inmate}",
            "urgency": "high", "call": None, "owner": None, "mine": False, "done_by": None,
            "can_take": False, "can_finish": False,
        }
        for one in bare
        if one.visit_ref not in watched
    ]  # fmt: skip


def said(
    roster: Iterable[OnDuty],
    facilities: Collection[int],
    staff_pk: int,
    walls: Collection[int],
    watched: Mapping[int, int],
) -> Message:
    """The own shift, and who else is on duty in the reader's prisons with how many calls, for the wall."""
    here = [one for one in roster if one.facility_id in facilities]
    own = next((one for one in here if one.staff_pk == staff_pk), None)
    others = sorted((one for one in here if one.staff_pk != staff_pk), key=lambda one: (one.since, one.code))
    return {
        "shift": {"since": _millis(own.since), "wall": own.wall} if own else None,
        "on_duty": [
            {
                "code": one.code, "since": _millis(one.since), "wall": one.wall, "here": one.staff_pk in walls,
                "calls": watched.get(one.staff_pk, 0),
            }
            for one in others
        ],
    }  # fmt: skip


def watched_by_each(stages: Iterable[Stage]) -> Counter[int]:
    """How many calls each officer has a place in."""
    seats = (seat for stage in stages if not stage.ending for seat in stage.seats.values())
    return Counter(seat.owner[1] for seat in seats if seat.role == "supervisor")


def offers_of(offers: Iterable[Offer], stages: Mapping[str, Stage], staff_pk: int) -> list[Message]:
    """What this officer hands to others and what is handed to them, one entry for each pair of officers."""
    pairs: dict[tuple[str, str], list[Offer]] = {}
    for one in offers:
        if staff_pk in {one.by_pk, one.to_pk} and one.call_ref in stages:
            pairs.setdefault((one.by, one.to), []).append(one)
    return [
        {
            "by": by, "to": to, "mine": some[0].by_pk == staff_pk, "accepted": all(one.accepted for one in some),
            "calls": [
                {"ref": stage.ref, "station": stage.station, "inmate": stage.inmate_name}
                for stage in (stages[one.call_ref] for one in some)
            ],
        }
        for (by, to), some in sorted(pairs.items())
    ]  # fmt: skip


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
