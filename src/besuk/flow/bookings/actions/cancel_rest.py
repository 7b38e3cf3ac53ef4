"""Cancel what is left of a session, all of it or nothing."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from besuk.flow.bookings.actions.close import cancel_together, lock_visits
from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.capabilities import DESK_BOOK
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.unit import unit

OUTCOME = "cancelled_by_facility"


def cancel_rest(
    *, facility_id: int, visit_refs: Collection[str], reason: str, key: str, actor: Actor, now: datetime
) -> int:
    """Cancel exactly these booked visits, as the officer saw them before; returns how many.

    The reason stays inside; the families read the outward one, keep their units and go first next time.
    Raises Refused(WORDS_MISSING) without a reason, (STATE_CHANGED) when one of them began or was decided since.
    """
    actor.must(DESK_BOOK, facility_id)
    wanted = sorted(set(visit_refs))
    if not wanted:
        raise refuse("STATE_CHANGED")
    if not reason.strip():
        raise refuse("WORDS_MISSING")
    with unit():
        answer = once(actor, "visit.cancel_rest", key, f"{wanted}|{reason}", now)
        if answer.result:
            return int(answer.result)
        rows = Visit.objects.filter(facility=facility_id, ref__in=wanted)
        cancel_shown(rows, wanted, reason.strip(), actor, now)
        answered(answer, str(len(wanted)))
        return len(wanted)


def cancel_shown(rows: QuerySet[Visit], shown: Collection[str], reason: str, actor: Actor, now: datetime) -> None:
    """Cancel the booked ones of `rows` inside the open unit, if they are exactly what was shown and none has begun.

    Held ones are locked as well: they are asked again before they are confirmed. Raises Refused(STATE_CHANGED).
    """
    locked = lock_visits(rows.select_related("facility", "inmate"))
    visits = [one for one in locked if one.state == "booked"]
    if {one.ref for one in visits} != set(shown) or any(one.starts_at <= now for one in visits):
        raise refuse("STATE_CHANGED")
    if visits:
        cancel_together(visits, OUTCOME, actor, now, returns=True, words=reason)
