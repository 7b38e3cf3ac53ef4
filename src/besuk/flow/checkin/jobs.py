"""Visits that nobody came to are concluded when their time is over. Called by the keeper every minute."""

import logging
from datetime import datetime, timedelta

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import rules
from besuk.flow.checkin.actions import conclude_absence
from besuk.flow.checkin.actions.attend import facts_of
from besuk.flow.checkin.rules import Side, Turnout
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.errors import Refused

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=2)


def run(now: datetime) -> int:
    """Conclude what is due; returns how many visits. One that fails does not keep the others."""
    begun = Visit.objects.filter(state="booked", starts_at__lte=now, starts_at__gt=now - LOOK_BACK)
    due = [found for visit in begun.order_by("starts_at") if (found := _verdict(visit, now))]
    return sum(_conclude(visit, side, outcome, now) for visit, side, outcome in due)


def _verdict(visit: Visit, now: datetime) -> tuple[Visit, Side, str] | None:
    late = policy_of(visit.facility_id).late_minutes
    found = rules.verdict(facts_of(visit), turnout_of(visit), late_minutes=late, now=now)
    return (visit, *found) if found else None


def turnout_of(visit: Visit) -> Turnout:
    """Who has come to this visit."""
    states = dict(visit.attendance.values_list("side", "state"))
    rings = list(visit.ring_attempts.values_list("reached", flat=True))
    return Turnout(states.get("visitor", "expected"), states.get("inmate", "expected"), bool(rings), any(rings))


def _conclude(visit: Visit, side: Side, outcome: str, now: datetime) -> bool:
    try:
        conclude_absence(visit_ref=visit.ref, side=side, outcome=outcome, actor=SYSTEM, now=now)
    except Refused as refused:
        log.warning("visit %s not concluded: %s", visit.ref, refused)
        return False
    return True
