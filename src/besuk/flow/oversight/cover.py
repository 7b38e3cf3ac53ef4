"""Whether somebody is there for the calls due soon; if not, walls show it and the head of the shift is told."""

from collections import defaultdict
from datetime import datetime, timedelta

from besuk.flow.bookings.models import Visit
from besuk.flow.live.models import Participation
from besuk.flow.live.privilege import PRIVILEGED_RELATIONS
from besuk.flow.live.roster import Uncovered
from besuk.flow.oversight import rules
from besuk.flow.oversight.actions.page_head import page_head, was_paged
from besuk.flow.oversight.queries import on_duty
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.models import Facility

BEFORE = timedelta(minutes=10)
"""So long before its time a call that nobody on duty has room for is a task."""


def look(now: datetime) -> dict[int, list[Uncovered]]:
    """By facility, what is due and has nobody; the head of the shift was told, once a visit."""
    by_facility: dict[Facility, list[Visit]] = defaultdict(list)
    for visit in _due(now):
        by_facility[visit.facility].append(visit)
    found = {}
    for facility, visits in by_facility.items():
        bare = uncovered(facility, visits)
        for visit in bare:
            if not was_paged(visit):  # asked before: else each look would take the database's write lock
                page_head(visit=visit, actor=SYSTEM, now=now)
        if bare:
            found[facility.pk] = [_told(visit) for visit in bare]
    return found


def uncovered(facility: Facility, visits: list[Visit]) -> list[Visit]:
    """Those of the due visits, in order of time, for which the officers on duty have no room."""
    limit = policy_of(facility.pk).calls_per_supervisor
    room = [max(0, limit - duty.calls) for duty in on_duty(facility)]
    bare = set(rules.without_cover([(visit.ref, 2 if visit.sensitive else 1) for visit in visits], room))
    return [visit for visit in visits if visit.ref in bare]


def _due(now: datetime) -> list[Visit]:
    """Visits that begin within ten minutes or should have begun, and that nobody watches."""
    watched = Participation.objects.filter(role="supervisor", until__isnull=True)
    rows = Visit.objects.filter(state="booked", starts_at__lte=now + BEFORE, ends_at__gt=now)
    rows = rows.exclude(pk__in=watched.values("call__visit")).exclude(people__tie__relation__in=PRIVILEGED_RELATIONS)
    return list(rows.select_related("facility", "inmate", "station").order_by("starts_at", "pk"))


def _told(visit: Visit) -> Uncovered:
    name = visit.inmate.call_name or visit.inmate.name
    return Uncovered(visit.ref, visit.starts_at, visit.facility.zone, str(visit.station), name)
