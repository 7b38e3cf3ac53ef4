"""The sessions a new prison begins with: common practice, to be changed by the prison."""

from datetime import date, time, timedelta

from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.models import SessionTemplate
from besuk.ground.timetable.rules import SessionShape

FRIDAY = 4
MONDAY_TO_SATURDAY = range(6)
USUAL = ((time(9, 0), time(11, 30)), (time(13, 30), time(15, 30)))
ON_FRIDAY = ((time(8, 30), time(10, 30)), (time(13, 30), time(14, 30)))
"""Shorter, for the Friday prayer."""


def hours_of(weekday: int) -> tuple[tuple[time, time], ...]:
    """From when to when a prison is open on a weekday by default."""
    return ON_FRIDAY if weekday == FRIDAY else USUAL


def default_shapes(days: range, *, stagger_minutes: int, since: date) -> list[SessionShape]:
    """The default sessions on some weekdays, for planning."""
    return [
        SessionShape(
            weekday, starts, ends, since, None, timedelta(minutes=15), timedelta(minutes=5),
            timedelta(minutes=stagger_minutes), "all",
        )
        for weekday in days
        for starts, ends in hours_of(weekday)
    ]  # fmt: skip


def seed_sessions(facility: Facility, since: date) -> None:
    """Give a facility the default sessions from `since`, unless it has some."""
    if SessionTemplate.objects.filter(facility=facility).exists():
        return
    SessionTemplate.objects.bulk_create(
        SessionTemplate(facility=facility, weekday=weekday, starts=starts, ends=ends, valid_from=since)
        for weekday in MONDAY_TO_SATURDAY
        for starts, ends in hours_of(weekday)
    )
