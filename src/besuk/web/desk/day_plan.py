"""The day as the desk reads it: stations beside each other, times below each other, and whom to fetch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.checkin.queries import DayRow, day_rows
from besuk.flow.live.models import Call
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.interval import Interval
from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.queries import slots_between

FETCH_BEFORE = timedelta(minutes=15)
"""An inmate is fetched this long before the slot: the way from the block, and the search."""
SOON = timedelta(hours=1)

STATES: dict[str, tuple[str, str]] = {
    "booked": ("", _("Terjadwal")),
    "fetch": ("a", _("Jemput sekarang")),
    "late": ("r", _("Belum lengkap, lewat waktu")),
    "family_waits": ("b", _("Keluarga menunggu")),
    "inmate_here": ("b", _("Warga binaan hadir")),
    "both_here": ("b", _("Kedua pihak hadir")),
    "prepared": ("a", _("Menunggu pemeriksaan identitas")),
    "live": ("g", _("Sedang berlangsung")),
    "concluded": ("done", _("Selesai")),
}
"""State -> (tone of the cell, words)."""


@dataclass(frozen=True)
class Cell:
    """One slot of one station; without a visit it is free."""

    starts_at: datetime
    row: DayRow | None = None
    state: str = "free"
    tone: str = "free"
    words: str = ""

    @property
    def visit(self) -> Visit | None:
        return self.row.visit if self.row else None


@dataclass(frozen=True)
class Line:
    """About one slot's length of the day: for each station the slots that begin in it."""

    starts_at: datetime
    is_now: bool
    columns: list[list[Cell]]


@dataclass(frozen=True)
class Fetch:
    """An inmate who must be brought."""

    row: DayRow
    at: datetime
    is_due: bool


Blocks = dict[str, list[Fetch]]
"""By block, each in the order of time."""


@dataclass(frozen=True)
class DayPlan:
    """Everything the desk's day page shows."""

    stations: list[Station]
    lines: list[Line]
    soon: Blocks
    later: Blocks
    rows: list[DayRow]
    waiting: int
    done: int


def day_plan(facility: Facility, on: date, now: datetime) -> DayPlan:
    """The plan of a local day. The number of queries does not grow with the visits."""
    rows = day_rows(facility, on, now)
    stations = list(facility.stations.select_related("room").order_by("number"))
    open_or_over = Call.objects.exclude(state="put_off").filter(visit__in=[row.visit for row in rows])
    calls = dict(open_or_over.values_list("visit", "state"))
    cells = _cells(facility, on, rows, calls, now)
    cycle = timedelta(minutes=policy_of(facility.pk).slot_minutes + policy_of(facility.pk).buffer_minutes)
    booked = [row for row in rows if row.visit.state == "booked"]
    return DayPlan(
        stations=stations,
        lines=_lines(cells, stations, cycle, now),
        soon=_fetches(booked, now, now, now + SOON),
        later=_fetches(booked, now, now + SOON, now + timedelta(days=2)),
        rows=rows,
        waiting=sum(row.visitor in {"present", "ready"} and row.visit.pk not in calls for row in booked),
        done=len(rows) - len(booked),
    )


def state_of(row: DayRow, call: str | None, now: datetime) -> str:
    """Where a visit stands: a key of `STATES`."""
    if row.visit.state == "concluded":
        return "concluded"
    if call in {"prepared", "live"}:
        return str(call)
    family, inmate = (one in {"present", "ready"} for one in (row.visitor, row.inmate))
    if family and inmate:
        return "both_here"
    if row.is_late:
        return "late"
    if not inmate and now >= row.visit.starts_at - FETCH_BEFORE:
        return "fetch"
    if family:
        return "family_waits"
    return "inmate_here" if inmate else "booked"


def words_of(row: DayRow, state: str) -> str:
    """The state in words; a concluded visit says what became of it."""
    outcome = OUTCOMES.get(row.visit.outcome) if state == "concluded" else None
    words = outcome.inward if outcome else STATES[state][1]
    return gettext(words)


def _cells(
    facility: Facility, on: date, rows: Sequence[DayRow], calls: dict[int, str], now: datetime
) -> dict[tuple[int, datetime], Cell]:
    busy = defaultdict(list)
    for row in rows:
        busy[row.visit.station_id].append(Interval(row.visit.starts_at, row.visit.ends_at))
    slots = [slot for slot in slots_between(facility, on, on) if not slot.closed]
    free = {
        (slot.station_id, slot.interval.start): Cell(slot.interval.start)
        for slot in slots
        if not any(slot.taken.overlaps(one) for one in busy[slot.station_id])  # a shifted visit lies across two
    }
    taken = {}
    for row in rows:
        state = state_of(row, calls.get(row.visit.pk), now)
        tone = STATES[state][0]
        key = (row.visit.station_id, row.visit.starts_at)
        taken[key] = Cell(row.visit.starts_at, row, state, tone, words_of(row, state))
    return free | taken


def _lines(
    cells: dict[tuple[int, datetime], Cell], stations: Sequence[Station], cycle: timedelta, now: datetime
) -> list[Line]:
    """Starts are staggered between stations: slots that begin within one cycle share a line.

    What is past and was free is left out.
    """
    if not cells:
        return []
    first = min(cell.starts_at for cell in cells.values())
    by_line: dict[int, dict[int, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for (station, starts_at), cell in sorted(cells.items(), key=lambda item: item[1].starts_at):
        by_line[(starts_at - first) // cycle][station].append(cell)
    lines = []
    for number in sorted(by_line):
        columns = [by_line[number][station.pk] for station in stations]
        begins = min(cell.starts_at for column in columns for cell in column)
        if begins + cycle <= now and not any(cell.row for column in columns for cell in column):
            continue
        lines.append(Line(begins, begins <= now < begins + cycle, columns))
    return lines


def _fetches(booked: Sequence[DayRow], now: datetime, after: datetime, until: datetime) -> Blocks:
    """Who must be fetched between two moments; whoever should be here already counts as now."""
    blocks: Blocks = defaultdict(list)
    for row in sorted(booked, key=lambda row: (row.visit.inmate.block.name, row.visit.starts_at)):
        at = row.visit.starts_at - FETCH_BEFORE
        if row.inmate in {"expected", "absent"} and row.visit.ends_at > now and after <= max(at, now) < until:
            blocks[row.visit.inmate.block.name].append(Fetch(row, at, now >= at))
    return dict(blocks)
