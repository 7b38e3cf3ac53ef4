"""Reading what oversight keeps: who is to be looked after, and what officers have to do."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from besuk.flow.live.models import Call, Participation
from besuk.flow.oversight.lifecycle import OPEN
from besuk.flow.oversight.models import Handover, Shift, Support, Task
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.models import Facility

OLD = timedelta(minutes=5)
"""A task that waits for longer than this is shown to the head of prison."""


def support_state(call: Call | None, actor: Actor) -> str:
    """How far the newest request for support by `actor` about this call has come; "" when there is none."""
    mine = Support.objects.filter(call=call, by_subject=actor.subject).order_by("-pk")
    return mine.values_list("state", flat=True).first() or ""


def standing_now() -> list[Task]:
    """All tasks of calls whose fact was so when last written, everywhere, with call and officers."""
    rows = Task.objects.filter(cleared_at__isnull=True, call__isnull=False)
    return list(rows.select_related("call", "owner", "done_by").order_by("pk"))


@dataclass(frozen=True)
class Duty:
    """An officer on duty, and how many running calls they watch."""

    shift: Shift
    calls: int


def open_shifts() -> list[Shift]:
    """All shifts that run, everywhere."""
    return list(Shift.objects.filter(ended_at__isnull=True).select_related("staff").order_by("started_at", "pk"))


def on_duty(facility: Facility) -> list[Duty]:
    """Who is on duty at a facility, longest first."""
    rows = Shift.objects.filter(facility=facility, ended_at__isnull=True).select_related("staff")
    seats = Participation.objects.filter(
        role="supervisor", until__isnull=True, call__state__in=["prepared", "live"], staff__in=rows.values("staff")
    )
    calls = Counter(seats.values_list("staff", flat=True))
    return [Duty(row, calls[row.staff_id]) for row in rows.order_by("started_at", "pk")]


def shift_of(staff_pk: int) -> Shift | None:
    """An officer's open shift."""
    return Shift.objects.filter(staff=staff_pk, ended_at__isnull=True).first()


def open_handovers() -> QuerySet[Handover]:
    """All handovers that are offered or accepted, everywhere, oldest first, with call and officers."""
    return Handover.objects.filter(state__in=OPEN).select_related("call", "by", "to").order_by("pk")


def old_tasks(facility: Facility, now: datetime) -> list[Task]:
    """Tasks of a facility that nobody has seen to for more than five minutes, oldest first."""
    rows = Task.objects.filter(facility=facility, cleared_at__isnull=True, done_at__isnull=True)
    related = rows.filter(raised_at__lt=now - OLD).select_related("call__station", "call__visit__inmate", "owner")
    return list(related.order_by("raised_at", "pk"))
