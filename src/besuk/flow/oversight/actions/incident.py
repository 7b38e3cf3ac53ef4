"""Something happened that has to be followed up: one click, and words if there is time for them."""

from datetime import datetime

from besuk.flow.live import actions as live
from besuk.flow.oversight import rules
from besuk.flow.oversight.actions.watch import call_for
from besuk.flow.oversight.models import Incident
from besuk.flow.oversight.warnings import INCIDENTS
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.unit import unit


def incident(*, call_ref: str, kind: str, text: str, actor: Actor, now: datetime) -> Incident:
    """Keep an incident; also after the call has ended. Staff alone read of it, and its words stand beside the chain.

    Raises Refused(REASON_MISSING) for an unknown kind, (FORM_INCOMPLETE) for more than 500 characters.
    """
    with unit():
        call = call_for(call_ref, CONDUCT, actor)
        reasons = rules.known_reason(kind, INCIDENTS)
        if text.strip():
            reasons += rules.note_fits(text)
        if reasons:
            raise Refused(reasons)
        row = Incident.objects.create(call=call, by_id=actor.pk, at=now, kind=kind, text=text.strip())
        data = {"kind": kind}
        record(
            "call.incident", facility_id=call.facility_id, actor=actor, about=call, now=now, data=data, words=row.text
        )
        live.happened(call, "incident", now=now, data={"officer": actor.label, "text": INCIDENTS[kind]})
        return row
