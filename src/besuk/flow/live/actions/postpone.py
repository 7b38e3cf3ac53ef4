"""A visit begins later: its own prepared call waits, and the call before it may last longer."""

from django.db.models import Q

from besuk.flow.bookings.models import Visit
from besuk.flow.live import rules
from besuk.flow.live.actions.prepare import next_starts
from besuk.flow.live.models import Call
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock


def postpone(*, visit_ref: str) -> list[Call]:
    """Inside the unit that shifts a visit: the open calls that are touched, with their new latest end.

    Never shortens a call. Raises Refused(STATE_CHANGED) when the call of the visit itself has begun.
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
    return touched
