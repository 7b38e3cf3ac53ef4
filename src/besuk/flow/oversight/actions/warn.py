"""A reminder or a formal warning."""

from datetime import datetime
from typing import Literal

from besuk.flow.live import actions as live
from besuk.flow.oversight import rules
from besuk.flow.oversight.actions.watch import watched_call
from besuk.flow.oversight.models import Warning as Caution
from besuk.flow.oversight.warnings import WARNINGS
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.audit.actions import Data, record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.unit import unit

Addressed = Literal["both", "visitor", "inmate"]


def warn(
    *, call_ref: str, code: str, formal: bool, addressed: Addressed, shown_to: list[str], actor: Actor, now: datetime
) -> Caution:
    """Record a warning that was shown to `shown_to`. Raises Refused(NOT_WATCHING), (REASON_MISSING), (CALL_ENDED)."""
    with unit():
        call = watched_call(call_ref, CONDUCT, actor)
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        if reasons := rules.known_reason(code, WARNINGS):
            raise Refused(reasons)
        row = Caution.objects.create(call=call, by_id=actor.pk, at=now, code=code, formal=formal, addressed=addressed)
        data: Data = {"code": code, "formal": formal, "addressed": addressed, "shown_to": shown_to}
        record("call.warn", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data)
        words = {"officer": actor.label, "code": code, "addressed": addressed, "text": WARNINGS[code].text}
        live.happened(call, "warned" if formal else "reminded_by_officer", now=now, data=words)
        return row
