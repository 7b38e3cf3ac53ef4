"""What an officer writes down during a call."""

from datetime import datetime

from besuk.flow.live import actions as live
from besuk.flow.oversight import rules
from besuk.flow.oversight.actions.watch import call_for
from besuk.flow.oversight.models import Note
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.unit import unit


def note(*, call_ref: str, text: str, actor: Actor, now: datetime) -> Note:
    """Keep a note; also after the call has ended. Its words stand beside the audit chain.

    Raises Refused(FORM_INCOMPLETE) when empty or longer than 500 characters.
    """
    with unit():
        call = call_for(call_ref, CONDUCT, actor)
        if reasons := rules.note_fits(text):
            raise Refused(reasons)
        row = Note.objects.create(call=call, by_id=actor.pk, at=now, text=text.strip())
        record("call.note", facility_id=call.facility_id, actor=actor, about=call, now=now, words=row.text)
        live.happened(call, "noted", now=now, data={"officer": actor.label})
        return row
