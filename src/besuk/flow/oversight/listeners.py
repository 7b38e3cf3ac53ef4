"""What oversight hears from live."""

from datetime import datetime

from besuk.flow.live.events import CallEnded, CallPutOff
from besuk.flow.live.models import Call
from besuk.flow.oversight.actions.tasks import clear_all
from besuk.flow.oversight.models import Listening
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.actions import record
from besuk.ground.kernel import outbox


def call_left(event: CallEnded | CallPutOff, now: datetime) -> None:
    """Nobody hears a call that is over or put off, and nothing is to be done about it: the log says so."""
    call = Call.objects.get(ref=event.call_ref)
    clear_all(call, SYSTEM, now)
    for heard in Listening.objects.filter(call=call, until__isnull=True).select_related("by"):
        heard.until = now
        heard.save(update_fields=["until"])
        data = {"officer": heard.by.subject}
        record("call.unlisten", facility_id=call.facility_id, actor=SYSTEM, about=call, now=now, data=data)


def connect() -> None:
    """Listen, in the transaction that ends the call or puts it off."""
    outbox.listen_at_once(CallEnded, call_left)
    outbox.listen_at_once(CallPutOff, call_left)
