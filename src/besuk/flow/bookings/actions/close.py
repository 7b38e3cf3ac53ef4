"""Cancel a visit, or conclude it with its outcome."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from besuk.flow.bookings.actions.book import own_visit
from besuk.flow.bookings.actions.settle import Supply, settle
from besuk.flow.bookings.compensation import Back, Given
from besuk.flow.bookings.events import VisitCancelled, VisitConcluded, VisitCorrected
from besuk.flow.bookings.lifecycle import VISIT
from besuk.flow.bookings.models import Visit, VisitPerson
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


def conclude(
    *, visit: Visit, outcome: str, actor: Actor, now: datetime, given: Given | None = None, sure: bool = False
) -> None:
    """Give a booked visit its outcome, inside the unit of whoever knows it (check-in, the call).

    What comes back follows from the outcome and from how much was `given` (nothing, unless somebody says so).
    `sure`: an officer named the outcome, nobody needs to confirm it. Raises KeyError for an unknown outcome,
    Refused(STATE_CHANGED) when the visit is not booked. The authority is the caller's: this only keeps the books.
    """
    what = OUTCOMES[outcome]
    with unit():
        fresh = _locked(visit)
        changes: dict[str, object] = {"ended_at": now, "outcome": outcome}
        if sure:
            changes |= {"confirmed_at": now, "confirmed_by_id": actor.pk}
        data = {"outcome": outcome, "fault": what.fault}
        transition(
            fresh, VISIT, "conclude", facility_id=fresh.facility_id, actor=actor, now=now, changes=changes, data=data
        )
        settle(fresh, outcome, given or _nothing_of(fresh), now)
        visit.state, visit.outcome, visit.ended_at = fresh.state, fresh.outcome, fresh.ended_at
        outbox.emit(VisitConcluded(fresh.ref, outcome), now)


def stand_by(*, visit: Visit, seen: str, actor: Actor, now: datetime) -> None:
    """An officer confirms the outcome they have `seen`, inside the unit of whoever checked that they may.

    Harmless when the same officer did. Raises Refused(OUTCOME_SETTLED) when somebody else was faster.
    """
    with unit():
        fresh = _locked(visit)
        if fresh.confirmed_at is not None and fresh.confirmed_by_id == actor.pk and fresh.outcome == seen:
            return
        if fresh.confirmed_at is not None or fresh.outcome != seen:
            raise refuse("OUTCOME_SETTLED")
        _stand_by(fresh, actor, now)


def stand_by_shown(
    *,
    facility_id: int,
    shown: Mapping[str, str],
    is_left_out: Callable[[Sequence[Visit]], Collection[int]],
    actor: Actor,
    now: datetime,
) -> int:
    """The same for several visits, by ref with the outcome seen of each; returns for how many.

    Whatever was settled or corrected since is left as it is, and so are the visits whose primary keys `is_left_out`
    names: it is asked once they are locked.
    """
    with unit():
        rows = Visit.objects.filter(facility=facility_id, ref__in=shown, state="concluded")
        visits = lock_visits(rows.select_related("facility"))
        left_out = is_left_out(visits)
        mine = [one for one in visits if one.confirmed_at is None and one.outcome == shown[one.ref]]
        mine = [one for one in mine if one.pk not in left_out]
        for visit in mine:
            _stand_by(visit, actor, now)
        return len(mine)


def _stand_by(visit: Visit, actor: Actor, now: datetime) -> None:
    changes = {"confirmed_at": now, "confirmed_by_id": actor.pk}
    data = {"outcome": visit.outcome}
    transition(
        visit, VISIT, "stand_by", facility_id=visit.facility_id, actor=actor, now=now, changes=changes, data=data
    )


def correct(*, visit: Visit, seen: str, outcome: str, given: Given, reason: str, actor: Actor, now: datetime) -> Back:
    """Give a concluded visit another outcome than the one `seen`, inside the unit of whoever found it wrong.

    The first stays in the history and in the log, with the reason beside it; what comes back is reckoned anew.
    Raises Refused(OUTCOME_SETTLED) when the outcome is another by now, (STATE_CHANGED) when it has none.
    """
    with unit():
        fresh = _locked(visit)
        if fresh.outcome != seen:
            raise refuse("OUTCOME_SETTLED")
        back = settle(fresh, outcome, given, now)
        changes = {"outcome": outcome, "confirmed_at": now, "confirmed_by_id": actor.pk}
        data: dict[str, str | int] = {
            "was": seen, "outcome": outcome, "fault": OUTCOMES[outcome].fault,
            "units": back.units, "minutes": back.minutes,
        }  # fmt: skip
        transition(
            fresh, VISIT, "correct", facility_id=fresh.facility_id, actor=actor, now=now, changes=changes, data=data,
            words=reason,
        )  # fmt: skip
        outbox.emit(VisitCorrected(fresh.ref, outcome), now)
        return back


def _nothing_of(visit: Visit) -> Given:
    return Given(visit.ends_at - visit.starts_at)


def _locked(visit: Visit) -> Visit:
    return lock_visits(Visit.objects.select_related("facility").filter(pk=visit.pk))[0]


def lock_visits(rows: QuerySet[Visit]) -> list[Visit]:
    """The visits, locked after their inmates and their visitors, inside the open unit."""
    people = VisitPerson.objects.filter(visit__in=rows.order_by().values("pk"), visitor__isnull=False)
    lock(Rank.INMATE, Inmate.objects.filter(pk__in=rows.order_by().values("inmate")))
    lock(Rank.VISITOR, Visitor.objects.filter(pk__in=people.values("visitor")))
    return list(lock(Rank.VISIT, rows))


def cancel_locked(visit: Visit, outcome: str, actor: Actor, now: datetime, *, returns: bool, words: str = "") -> None:
    """Cancel a visit whose people and row are locked, inside the open unit."""
    cancel_together([visit], outcome, actor, now, returns=returns, words=words)


def cancel_together(
    visits: Sequence[Visit], outcome: str, actor: Actor, now: datetime, *, returns: bool, words: str = ""
) -> None:
    """The same for several visits of one facility.

    All of them are cancelled before the first is given something back: what was theirs is free to choose from.
    """
    for visit in visits:
        changes = {"ended_at": now, "outcome": outcome}
        data: dict[str, str | bool] = {"outcome": outcome, "returned": returns}
        transition(
            visit, VISIT, "cancel", facility_id=visit.facility_id, actor=actor, now=now, changes=changes, data=data,
            words=words,
        )  # fmt: skip
        visit.claims.all().delete()
    supply = Supply(visits[0].facility, now)
    for visit in visits:
        if returns:
            settle(visit, outcome, _nothing_of(visit), now, supply)
        outbox.emit(VisitCancelled(visit.ref, outcome), now)
