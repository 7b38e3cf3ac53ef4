"""Tidying: nothing waits for it."""

from datetime import datetime, timedelta

from besuk.flow.bookings.lifecycle import VISIT
from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.actions import transition
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit

OLD = timedelta(hours=1)


def run(now: datetime, limit: int = 100) -> int:
    """Close holds that lapsed an hour ago or more; returns how many."""
    lapsed = Visit.objects.filter(state="held", held_until__lte=now - OLD).order_by("pk")[:limit]
    return sum(_tidy(pk, now) for pk in list(lapsed.values_list("pk", flat=True)))


def _tidy(pk: int, now: datetime) -> bool:
    try:
        with unit():
            visit = lock(Rank.VISIT, Visit.objects.filter(pk=pk))[0]
            changes = {"ended_at": now}
            transition(visit, VISIT, "let_go", facility_id=visit.facility_id, actor=SYSTEM, now=now, changes=changes)
            visit.claims.all().delete()
    except Refused:
        return False
    return True
