"""Ringing the family, before anybody is called absent."""

from datetime import datetime

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import RingAttempt
from besuk.ground.accounts.capabilities import DAY_MARK
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def ring(*, visit_ref: str, reached: bool, actor: Actor, now: datetime) -> RingAttempt:
    """Record that an officer rang the family, and whether somebody answered. Raises Refused(VISIT_OVER)."""
    with unit():
        found = lock(Rank.VISIT, Visit.objects.filter(ref=visit_ref))
        if not found:
            raise refuse("NOT_FOUND")
        visit = found[0]
        actor.must(DAY_MARK, visit.facility_id)
        if visit.state != "booked":
            raise refuse("VISIT_OVER")
        attempt = RingAttempt.objects.create(visit=visit, by_id=actor.pk, at=now, reached=reached)
        data = {"reached": reached}
        record("visit.ring", facility_id=visit.facility_id, actor=actor, about=visit, now=now, data=data)
        return attempt
