"""Calls are prepared when both sides are ready and the time has come; where none could begin, the visit is closed."""

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from besuk.flow.bookings.actions import conclude
from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import Attendance
from besuk.flow.live import rules
from besuk.flow.live.actions import prepare
from besuk.flow.live.models import Heartbeat
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.actions import record
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import unit

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=2)
LINES_KEPT = timedelta(days=14)
"""So long the samples of people's lines are kept (issue 5, "line evidence")."""
AT_ONCE = 5000


def prepare_due(now: datetime) -> int:
    """Prepare what is due; returns how many calls. A refused one is tried again in the next round."""
    visits = _waiting_for_a_call().filter(starts_at__lte=now + rules.PREPARE_BEFORE, ends_at__gt=now)
    return sum(_prepare(ref, now) for ref in visits.order_by("starts_at").values_list("ref", flat=True))


def close_unheld(now: datetime) -> int:
    """Conclude visits whose time is over although both sides waited; returns how many. Called by the keeper.

    All calls were stopped, or the station was not free: ours, so the turn comes back and the two go first.
    """
    visits = _waiting_for_a_call().filter(starts_at__gt=now - LOOK_BACK, ends_at__lte=now)
    return sum(_close(visit, now) for visit in visits.order_by("starts_at"))


def forget_lines(now: datetime) -> int:
    """Delete samples of lines that are older than `LINES_KEPT`; how many of each prison goes to its log."""
    old = Heartbeat.objects.filter(at__lt=now - LINES_KEPT).order_by("pk")
    gone = 0
    while rows := list(old.values_list("pk", "participation__call__facility")[:AT_ONCE]):
        with unit():
            Heartbeat.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
            many = Counter(facility for _, facility in rows)
            for prison in Facility.objects.filter(pk__in=many).order_by("pk"):
                data = {"count": many[prison.pk], "days": LINES_KEPT.days}
                record("line.forget", facility_id=prison.pk, actor=SYSTEM, about=prison, now=now, data=data)
        gone += len(rows)
    return gone


def _waiting_for_a_call() -> QuerySet[Visit]:
    ready = Attendance.objects.filter(state="ready")
    return Visit.objects.filter(
        Q(pk__in=ready.filter(side="visitor").values("visit")) & Q(pk__in=ready.filter(side="inmate").values("visit")),
        Q(call__isnull=True) | Q(call__state="put_off"),
        state="booked",
    )


def _close(visit: Visit, now: datetime) -> bool:
    try:
        conclude(visit=visit, outcome="cancelled_by_facility", actor=SYSTEM, now=now)
    except Refused as refused:
        log.warning("visit %s not closed: %s", visit.ref, refused)
        return False
    return True


def _prepare(visit_ref: str, now: datetime) -> bool:
    try:
        prepare(visit_ref=visit_ref, actor=SYSTEM, now=now)
    except Refused as refused:
        log.info("visit %s: not prepared yet (%s)", visit_ref, refused)
        return False
    return True
