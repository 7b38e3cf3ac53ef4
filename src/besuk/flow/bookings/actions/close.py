"""Cancel a visit, or conclude it with its outcome."""

from datetime import datetime

from besuk.flow.bookings.actions.book import own_visit
from besuk.flow.bookings.events import VisitCancelled, VisitConcluded
from besuk.flow.bookings.lifecycle import VISIT
from besuk.flow.bookings.models import LedgerEntry, Owed, Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.bookings.rules import cancels_free
from besuk.ground.accounts.capabilities import DESK_BOOK
from besuk.ground.accounts.models import Visitor
from besuk.ground.audit.actions import transition
from besuk.ground.facilities.models import Inmate
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import outbox
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit

OWES = frozenset({"cancelled_by_facility"})
"""Outcomes after which the family and the inmate go first next time."""
BY_FACILITY = frozenset({"cancelled_by_facility", "inmate_unavailable", "booked_in_error"})


def cancel(*, visit_ref: str, key: str, actor: Actor, now: datetime) -> Visit:
    """The visitor cancels their booking. Free until some hours before; later the unit stays used.

    Raises Refused(VISIT_OVER) once it has begun, (STATE_CHANGED) when it is no longer booked.
    """
    visit = own_visit(visit_ref, actor)
    with unit():
        answer = once(actor, "visit.cancel", key, visit_ref, now)
        if answer.result:
            return visit
        visit = _locked(visit)
        if visit.starts_at <= now:
            raise refuse("VISIT_OVER")
        free = cancels_free(visit.starts_at, now, policy_of(visit.facility_id))
        cancel_locked(visit, "cancelled_by_visitor", actor, now, returns=free)
        answered(answer, visit.ref)
        return visit


def cancel_by_facility(*, visit_ref: str, outcome: str, reason: str, key: str, actor: Actor, now: datetime) -> Visit:
    """An officer cancels, with an internal reason; the family reads the outward one, and keeps its unit.

    Raises Refused(REASON_MISSING) without a reason or for an outcome that is not the facility's to give.
    """
    visit = Visit.objects.select_related("facility").filter(ref=visit_ref).first()
    if visit is None:
        raise refuse("NOT_FOUND")
    actor.must(DESK_BOOK, visit.facility_id)
    if outcome not in BY_FACILITY or not reason.strip():
        raise refuse("REASON_MISSING")
    with unit():
        answer = once(actor, "visit.cancel_by_facility", key, f"{visit_ref}|{outcome}|{reason}", now)
        if answer.result:
            return visit
        visit = _locked(visit)
        cancel_locked(visit, outcome, actor, now, returns=True, words=reason)
        answered(answer, visit.ref)
        return visit


def conclude(*, visit: Visit, outcome: str, actor: Actor, now: datetime) -> None:
    """Give a booked visit its outcome, inside the unit of whoever knows it (check-in, the call).

    A fault of the facility returns the unit. Raises KeyError for an unknown outcome, Refused(STATE_CHANGED)
    when the visit is not booked. The authority is the caller's: this only keeps the books.
    """
    what = OUTCOMES[outcome]
    with unit():
        fresh = lock(Rank.VISIT, Visit.objects.filter(pk=visit.pk))[0]
        changes = {"ended_at": now, "outcome": outcome}
        data = {"outcome": outcome, "fault": what.fault}
        transition(
            fresh, VISIT, "conclude", facility_id=fresh.facility_id, actor=actor, now=now, changes=changes, data=data
        )
        if what.returns_quota:
            _return_unit(fresh, outcome, now)
        _owe(fresh, outcome, now)
        visit.state, visit.outcome, visit.ended_at = fresh.state, fresh.outcome, fresh.ended_at
        outbox.emit(VisitConcluded(fresh.ref, outcome), now)


def _locked(visit: Visit) -> Visit:
    lock(Rank.INMATE, Inmate.objects.filter(pk=visit.inmate_id))
    lock(Rank.VISITOR, Visitor.objects.filter(visit_people__visit=visit))
    return lock(Rank.VISIT, Visit.objects.select_related("facility").filter(pk=visit.pk))[0]


def cancel_locked(visit: Visit, outcome: str, actor: Actor, now: datetime, *, returns: bool, words: str = "") -> None:
    """Cancel a visit whose people and row are locked, inside the open unit."""
    changes = {"ended_at": now, "outcome": outcome}
    data: dict[str, str | bool] = {"outcome": outcome, "returned": returns}
    transition(
        visit, VISIT, "cancel", facility_id=visit.facility_id, actor=actor, now=now, changes=changes, data=data,
        words=words,
    )  # fmt: skip
    visit.claims.all().delete()
    if returns:
        _return_unit(visit, outcome, now)
    _owe(visit, outcome, now)
    outbox.emit(VisitCancelled(visit.ref, outcome), now)


def _owe(visit: Visit, outcome: str, now: datetime) -> None:
    host = visit.people.filter(is_host=True).first()
    if outcome not in OWES or host is None or host.tie_id is None:
        return
    facts = {"facility_id": visit.facility_id, "inmate_id": visit.inmate_id, "tie_id": host.tie_id}
    Owed.objects.get_or_create(visit=visit, defaults={**facts, "reason": outcome, "since": now})


def _return_unit(visit: Visit, reason: str, now: datetime) -> None:
    used = visit.ledger.filter(kind=LedgerEntry.Kind.USED).first()
    if used is None:
        return
    LedgerEntry.objects.get_or_create(
        visit=visit,
        kind=LedgerEntry.Kind.RETURNED,
        defaults={
            "facility_id": visit.facility_id, "inmate_id": visit.inmate_id, "tie_id": used.tie_id,
            "week": used.week, "units": 1, "reason": reason, "at": now,
        },
    )  # fmt: skip
