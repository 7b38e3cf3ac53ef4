"""Marking a visit that needs more care: its call wants two supervisors."""

from datetime import datetime

from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.capabilities import DAY_MARK
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit

LONGEST_REASON = 200


def mark_sensitive(*, visit_ref: str, sensitive: bool, reason: str, actor: Actor, now: datetime) -> Visit:
    """Say that two officers have to watch the call of a booked visit, or that one is enough again.

    The reason stands beside the audit chain. Harmless when it is so already. Raises Refused(WORDS_MISSING),
    (STATE_CHANGED) when the visit is not booked any more.
    """
    with unit():
        visit = lock(Rank.VISIT, Visit.objects.filter(ref=visit_ref))[0]
        actor.must(DAY_MARK, visit.facility_id)
        if visit.state != "booked":
            raise refuse("STATE_CHANGED")
        if not 0 < len(reason.strip()) <= LONGEST_REASON:
            raise refuse("WORDS_MISSING")
        if visit.sensitive != sensitive:
            visit.sensitive = sensitive
            visit.save(update_fields=["sensitive"])
            code = "visit.sensitive" if sensitive else "visit.not_sensitive"
            words = reason.strip()
            record(code, facility_id=visit.facility_id, actor=actor, about=visit, now=now, words=words)
        return visit
