"""What calls hear from bookings."""

from datetime import datetime
from functools import partial

from django.db import transaction

from besuk.flow.bookings.events import VisitCancelled, VisitConcluded, VisitShifted
from besuk.flow.live import reach
from besuk.flow.live.actions.end import end_put_off, end_with_visit
from besuk.flow.live.actions.postpone import postpone
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel import outbox


def visit_cancelled(event: VisitCancelled, now: datetime) -> None:
    """A prepared call ends with its visit. The conductor hears of it once it is certain, and ends the room at once."""
    call = end_with_visit(visit_ref=event.visit_ref, outcome=event.outcome, actor=SYSTEM, now=now)
    if call is not None:
        transaction.on_commit(partial(reach.hint_over, call.ref, event.outcome))


def visit_shifted(event: VisitShifted, now: datetime) -> None:
    """A prepared call waits for the new time, and the one before it may use the room. The conductor hears of both."""
    for call in postpone(visit_ref=event.visit_ref, now=now):
        if call.state == "put_off":
            transaction.on_commit(partial(reach.hint_put_off, call.ref))
            continue
        transaction.on_commit(partial(reach.hint_times, call.ref, call.visit.starts_at, call.latest_end))


def visit_concluded(event: VisitConcluded, now: datetime) -> None:
    """A call that was put off ends with its visit, if that is over before it was prepared again."""
    end_put_off(visit_ref=event.visit_ref, outcome=event.outcome, actor=SYSTEM, now=now)


def connect() -> None:
    """Listen inside the cancelling transaction: a visit that is cancelled has no running call."""
    outbox.listen_at_once(VisitCancelled, visit_cancelled)
    outbox.listen_at_once(VisitConcluded, visit_concluded)
    outbox.listen_at_once(VisitShifted, visit_shifted)
