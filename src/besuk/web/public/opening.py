"""When a prison receives visits, told as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.models import Closure, SessionTemplate

WHO_MAY = {"all": "", "convicted": _("khusus narapidana"), "remand": _("khusus tahanan")}


@dataclass(frozen=True)
class Hours:
    """One session of a day. `who` is empty when it is for all."""

    text: str
    who: str


@dataclass(frozen=True)
class Day:
    """A weekday with its sessions; none: closed."""

    name: str
    hours: tuple[Hours, ...]
    is_today: bool


@dataclass(frozen=True)
class Opening:
    """`state`: open, closed (outside the hours or a closed time), suspended."""

    state: str
    days: tuple[Day, ...]
    slot_minutes: int


def opening_of(facility: Facility, now: datetime) -> Opening:
    """The week of a facility, and whether it is open at `now`. Two queries."""
    local = now.astimezone(zone_of(facility))
    sessions = _sessions(facility, local.date())
    days = tuple(Day(str(WEEKDAYS[number]), _hours(sessions, number), number == local.weekday()) for number in range(7))
    lengths = {one.slot_minutes for one in sessions}
    return Opening(_state(facility, sessions, local), days, max(lengths, default=15))


def _sessions(facility: Facility, day: date) -> list[SessionTemplate]:
    """Patterns that hold within the week from `day`."""
    rows = SessionTemplate.objects.filter(facility=facility, valid_from__lte=day + timedelta(days=6))
    return [one for one in rows.order_by("weekday", "starts") if one.valid_until is None or one.valid_until >= day]


def _hours(sessions: Sequence[SessionTemplate], weekday: int) -> tuple[Hours, ...]:
    form = "%H.%M" if get_language() == "id" else "%H:%M"
    told = [
        Hours(f"{one.starts.strftime(form)}–{one.ends.strftime(form)}", _who(one.who_may))
        for one in sessions
        if one.weekday == weekday
    ]
    return tuple(dict.fromkeys(told))


def _who(who_may: str) -> str:
    return gettext(WHO_MAY[who_may]) if WHO_MAY[who_may] else ""


def _state(facility: Facility, sessions: Sequence[SessionTemplate], local: datetime) -> str:
    if facility.suspended_at is not None:
        return "suspended"
    running = any(
        one.weekday == local.weekday() and one.valid_from <= local.date() and one.starts <= local.time() < one.ends
        for one in sessions
    )
    closures = Closure.objects.filter(facility=facility, station__isnull=True, starts_at__lte=local, ends_at__gt=local)
    return "open" if running and not closures.exists() else "closed"
