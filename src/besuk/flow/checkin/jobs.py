"""Visits that nobody came to are concluded when their time is over. Called by the keeper every minute."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import rules
from besuk.flow.checkin.actions import conclude_absence
from besuk.flow.checkin.actions.attend import facts_of
from besuk.flow.checkin.rules import Side, Turnout
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.facilities.models import ServiceStop
from besuk.ground.facilities.policy import Policy
from besuk.ground.facilities.queries import policies_of, stops_since
from besuk.ground.kernel.errors import Refused

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=2)


def run(now: datetime) -> int:
    """Conclude what is due; returns how many visits. One that fails does not keep the others."""
    rows = Visit.objects.filter(state="booked", starts_at__lte=now, starts_at__gt=now - LOOK_BACK)
    begun = list(rows.order_by("starts_at").prefetch_related("attendance", "ring_attempts"))
    policies = policies_of(visit.facility_id for visit in begun)
    stops = stops_since(now - LOOK_BACK)
    due = [found for visit in begun if (found := _verdict(visit, policies[visit.facility_id], stops, now))]
    return sum(_conclude(visit, side, outcome, now) for visit, side, outcome in due)


def _verdict(
    visit: Visit, policy: Policy, stops: Iterable[ServiceStop], now: datetime
) -> tuple[Visit, Side, str] | None:
    until = min(now, visit.ends_at)
    stood_still = any(one.facility_id == visit.facility_id and one.covers(visit.starts_at, until) for one in stops)
    turnout = replace(turnout_of(visit), stood_still=stood_still)
    found = rules.verdict(facts_of(visit), turnout, late_minutes=policy.late_minutes, now=now)
    return (visit, *found) if found else None


def turnout_of(visit: Visit) -> Turnout:
    """Who has come to this visit."""
    states = {row.side: row.state for row in visit.attendance.all()}
    rings = [attempt.reached for attempt in visit.ring_attempts.all()]
    return Turnout(states.get("visitor", "expected"), states.get("inmate", "expected"), bool(rings), any(rings))


def _conclude(visit: Visit, side: Side, outcome: str, now: datetime) -> bool:
    try:
        conclude_absence(visit_ref=visit.ref, side=side, outcome=outcome, actor=SYSTEM, now=now)
    except Refused as refused:
        log.warning("visit %s not concluded: %s", visit.ref, refused)
        return False
    return True
