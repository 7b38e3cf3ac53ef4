"""Writing down that somebody tried what is not allowed: another's place, a broken rule of the door, a flood."""

import logging
from datetime import datetime

from besuk.flow.live.models import Participation
from besuk.ground.accounts.capabilities import SYSTEM_RUN
from besuk.ground.audit.actions import Data, record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.unit import unit

log = logging.getLogger(__name__)


def note_attempt(
    *, participation_ref: str, what: str, why: str, who: Actor, times: int, actor: Actor, now: datetime
) -> bool:
    """Note it on the prison's log, about the call of this place. False when there is no such place to note it of."""
    seat = Participation.objects.select_related("call").filter(ref=participation_ref).first()
    if seat is None:
        log.warning("somebody (%s) tried a place that there is not: %s, %d times", who.kind, why, times)
        return False
    actor.must(SYSTEM_RUN, seat.call.facility_id)
    data: Data = {"what": what, "why": why, "place": seat.role, "kind": who.kind, "who": who.subject, "times": times}
    with unit():
        record("call.attempt", facility_id=seat.call.facility_id, actor=actor, about=seat.call, now=now, data=data)
    return True
