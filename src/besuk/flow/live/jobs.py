"""Calls are prepared when both sides are ready and the time has come. Called by the keeper every second."""

import logging
from datetime import datetime

from django.db.models import Q

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import Attendance
from besuk.flow.live import rules
from besuk.flow.live.actions import prepare
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.errors import Refused

log = logging.getLogger(__name__)


def prepare_due(now: datetime) -> int:
    """Prepare what is due; returns how many calls. A refused one is tried again in the next round."""
    ready = Attendance.objects.filter(state="ready")
    visits = Visit.objects.filter(
        Q(pk__in=ready.filter(side="visitor").values("visit")) & Q(pk__in=ready.filter(side="inmate").values("visit")),
        state="booked",
        call__isnull=True,
        starts_at__lte=now + rules.PREPARE_BEFORE,
        ends_at__gt=now,
    )
    return sum(_prepare(ref, now) for ref in visits.order_by("starts_at").values_list("ref", flat=True))


def _prepare(visit_ref: str, now: datetime) -> bool:
    try:
        prepare(visit_ref=visit_ref, actor=SYSTEM, now=now)
    except Refused as refused:
        log.info("visit %s: not prepared yet (%s)", visit_ref, refused)
        return False
    return True
