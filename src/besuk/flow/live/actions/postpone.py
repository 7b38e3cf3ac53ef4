"""A visit begins later: its own prepared call waits or is put off, and the call before it may last longer."""

from datetime import datetime

from django.db.models import Q

from besuk.flow.bookings.models import Visit
from besuk.flow.live import rules
from besuk.flow.live.actions.end import let_officers_go
from besuk.flow.live.actions.prepare import next_starts
from besuk.flow.live.actions.witness import happened
from besuk.flow.live.events import CallPutOff
from besuk.flow.live.lifecycle import CALL
from besuk.flow.live.models import Call
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.actions import transition
from besuk.ground.kernel import outbox
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock


def postpone(*, visit_ref: str, now: datetime) -> list[Call]:
    """Inside the unit that shifts a visit: the open calls that are touched, with their new latest end.

    A call whose room would not open yet by the new time is put off: it holds its station no more, and is prepared
    again when that time comes. Never shortens a call. Raises Refused(STATE_CHANGED) when the call of the visit
    itself has begun.
    """
    visit = Visit.objects.get(ref=visit_ref)
    near = Q(visit=visit) | Q(station=visit.station_id) | Q(visit__inmate=visit.inmate_id)
    touched = []
    for call in lock(Rank.CALL, Call.objects.select_related("visit").filter(near, state__in=["prepared", "live"])):
        own = call.visit_id == visit.pk
        if own and call.admitted_at is not None:
            raise refuse("STATE_CHANGED")
        latest = rules.latest_end(call.visit.ends_at, next_starts(call.visit))
        if own or latest > call.latest_end:
            call.latest_end = max(latest, call.latest_end)
            call.save(update_fields=["latest_end"])
            touched.append(call)
        if own and now < rules.opens_at(visit.starts_at):
            _put_off(call, now)
    return touched


def _put_off(call: Call, now: datetime) -> None:
    transition(call, CALL, "put_off", facility_id=call.facility_id, actor=SYSTEM, now=now)
    let_officers_go(call, SYSTEM, now)
    happened(call, "put_off", now=now)
    outbox.emit(CallPutOff(call.ref, call.visit.ref), now)
