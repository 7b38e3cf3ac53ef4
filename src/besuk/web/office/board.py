"""The board of the head of prison: what goes on now, without pictures, and how the day went."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.checkin.queries import waiting
from besuk.flow.live.privilege import privileged_among
from besuk.flow.live.queries import live_now
from besuk.flow.live.tasks import title_of
from besuk.flow.oversight.models import Task
from besuk.flow.oversight.queries import old_tasks, on_duty
from besuk.ground.accounts.capabilities import AUDIT_VIEW, BOARD_VIEW, LOOK, VISIT_VIEW
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.models import Facility
from besuk.web.office.audit import audit_state
from besuk.web.shared.access import Asked, asked_facility, needs

HOLD_WORDS: dict[str, str] = {
    "identity": _("memeriksa identitas"),
    "supervisor": _("dijeda petugas"),
    "no_supervisor": _("pengawas tidak tersambung"),
    "recorder": _("perekam tidak berjalan"),
    "technical": _("satu pihak terputus"),
}


@dataclass(frozen=True)
class Today:
    """The figures of a local day."""

    done: int
    completed: int
    faults: int
    """Visits that failed by the facility's own fault."""
    coming: int
    outcomes: list[tuple[str, int]]
    """What became of the visits, in words, most frequent first."""

    @property
    def fault_percent(self) -> int:
        return round(100 * self.faults / self.done) if self.done else 0


@dataclass(frozen=True)
class OldTask:
    """A task that nobody has seen to for minutes, in words."""

    title: str
    about: str
    minutes: int
    owner: str


@require_safe
@never_cache
@needs(BOARD_VIEW)
def board(request: Asked) -> HttpResponseBase:
    """The board of one facility; whoever oversees several chooses with `?facility=`."""
    facility, mine = asked_facility(request, BOARD_VIEW)
    now = clock.now()
    live = live_now(facility, now)
    in_a_call = {one.call.visit_id for one in live}
    context: dict[str, Any] = {
        "facility": facility,
        "facilities": mine,
        "now": now,
        "live": [(call, _holds(call.holds)) for call in live],
        "waiting": [one for one in waiting(facility, now) if one.pk not in in_a_call],
        "today": today_of(facility, now),
        "old_tasks": [_told(task, now) for task in old_tasks(facility, now)],
        "duties": on_duty(facility),
        "applications": Tie.objects.filter(facility=facility, state="submitted").count(),
        "may_look": request.actor.can(LOOK, facility.pk),
        "privileged": privileged_among([one.call for one in live]),
        "may_read": request.actor.can(VISIT_VIEW, facility.pk),
        "audit": audit_state(facility) if request.actor.can(AUDIT_VIEW, facility.pk) else None,
    }
    part = "office/_board.html" if request.headers.get("HX-Request") == "true" else "office/board.html"
    return render(request, part, context)


def today_of(facility: Facility, now: datetime) -> Today:
    """What became of today's visits (local day), and whose fault it was."""
    zone = zone_of(facility)
    begin = datetime.combine(now.astimezone(zone).date(), time(), zone)
    rows = Visit.objects.filter(facility=facility, starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1))
    over = [one for state, one in rows.values_list("state", "outcome") if state == "concluded"]
    told = Counter(gettext(OUTCOMES[one].inward) if one in OUTCOMES else one for one in over)
    return Today(
        done=len(over),
        completed=sum(one.startswith("completed") for one in over),
        faults=sum(one in OUTCOMES and OUTCOMES[one].fault == "facility" for one in over),
        coming=rows.filter(state="booked", starts_at__gt=now).count(),
        outcomes=told.most_common(),
    )


def _told(task: Task, now: datetime) -> OldTask:
    call = task.call
    inmate = call.visit.inmate if call else None
    about = f"{call.station} · {inmate.call_name or inmate.name}" if call and inmate else ""
    minutes = int((now - task.raised_at).total_seconds() // 60)
    return OldTask(title_of(task.kind, task.side), about, minutes, task.owner.code if task.owner else "")


def _holds(causes: tuple[str, ...]) -> str:
    """Why a call is held, in words."""
    return ", ".join(gettext(HOLD_WORDS[cause]) for cause in causes if cause in HOLD_WORDS)
