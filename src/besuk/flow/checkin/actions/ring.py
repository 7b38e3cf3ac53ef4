"""Reaching the family, before anybody is called absent."""

from datetime import datetime

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import RingAttempt
from besuk.ground.accounts.capabilities import DAY_MARK
from besuk.ground.audit.actions import Data, record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def ring(*, visit_ref: str, reached: bool, actor: Actor, now: datetime, how: str = "phone") -> RingAttempt:
    """Record that an officer rang the family, or sent a message by hand. Raises Refused(VISIT_OVER).

    `reached`: somebody answered; a message reaches nobody for certain.
    """
    with unit():
        visit = _visit(visit_ref, actor)
        by_phone = how == RingAttempt.How.PHONE
        attempt = RingAttempt.objects.create(
            visit=visit, by_id=actor.pk, at=now, how=RingAttempt.How(how), reached=reached and by_phone
        )
        data: Data = {"reached": attempt.reached, "how": attempt.how}
        record("visit.ring", facility_id=visit.facility_id, actor=actor, about=visit, now=now, data=data)
        return attempt


def show_phone(*, visit_ref: str, actor: Actor, now: datetime) -> str:
    """The number of who booked the visit, to ring them; each look is an entry.

    Raises Refused(NOT_FOUND), (VISIT_OVER).
    """
    with unit():
        visit = _visit(visit_ref, actor)
        host = visit.people.filter(is_host=True, visitor__isnull=False).select_related("visitor").first()
        if host is None or host.visitor is None:
            raise refuse("NOT_FOUND")
        seen: Data = {"owner": host.visitor.subject}
        record("visit.phone", facility_id=visit.facility_id, actor=actor, about=visit, now=now, data=seen)
        return host.visitor.phone


def _visit(visit_ref: str, actor: Actor) -> Visit:
    found = lock(Rank.VISIT, Visit.objects.filter(ref=visit_ref))
    if not found:
        raise refuse("NOT_FOUND")
    visit = found[0]
    actor.must(DAY_MARK, visit.facility_id)
    if visit.state != "booked":
        raise refuse("VISIT_OVER")
    return visit
