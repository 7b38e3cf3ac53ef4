"""Many outcomes confirmed in one click: all that an officer was shown and nobody complains of."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from besuk.flow.bookings.actions import stand_by_shown
from besuk.flow.bookings.models import Visit
from besuk.flow.complaints.models import Complaint
from besuk.ground.accounts.capabilities import OUTCOME_SETTLE
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.unit import unit


def confirm_undisputed(*, facility_id: int, shown: Mapping[str, str], key: str, actor: Actor, now: datetime) -> int:
    """An officer confirms the outcomes they were `shown`, by ref of the visit; returns how many.

    Left as they are: whatever was settled or corrected since, and every visit of which somebody complains by now.
    Each is an entry of its own in the log. Raises Refused(STATE_CHANGED) when nothing was shown.
    """
    actor.must(OUTCOME_SETTLE, facility_id)
    if not shown:
        raise refuse("STATE_CHANGED")
    with unit():
        answer = once(actor, "visit.confirm_undisputed", key, str(sorted(shown.items())), now)
        if answer.result:
            return int(answer.result)
        count = stand_by_shown(facility_id=facility_id, shown=shown, is_left_out=disputed_among, actor=actor, now=now)
        answered(answer, str(count))
        return count


def disputed_among(visits: Iterable[Visit]) -> set[int]:
    """Primary keys of those visits of which a complaint waits for its answer.

    While they are locked none slips in: whoever complains locks the visit as well.
    """
    rows = Complaint.objects.filter(visit__in=[one.pk for one in visits], state="open")
    return set(rows.values_list("visit_id", flat=True))
