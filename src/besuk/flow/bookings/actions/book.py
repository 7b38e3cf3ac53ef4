"""Hold a slot, and make a booking of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import talk_refusals
from besuk.flow.bookings.events import VisitBooked
from besuk.flow.bookings.lifecycle import VISIT
from besuk.flow.bookings.models import Claim, LedgerEntry, Visit, VisitPerson
from besuk.flow.bookings.queries import facts_for, own_holds
from besuk.flow.bookings.rules import Person, cells_of, company, in_the_way, is_lapsed, week_of
from besuk.ground.accounts.capabilities import DESK_BOOK, VISITOR_OWN
from besuk.ground.accounts.models import Visitor
from besuk.ground.audit.actions import record, transition
from besuk.ground.facilities.models import Inmate, Station
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel import outbox
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refusal, Refused, because, refuse
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit
from besuk.ground.timetable.queries import slot_at
from besuk.ground.timetable.rules import Slot


def hold(*, tie_ref: str, station_id: int, starts_at: datetime, key: str, actor: Actor, now: datetime) -> Visit:
    """Keep a slot for the visitor's own tie, for as long as policy says (10 minutes).

    An older hold of the same visitor is let go. Raises Refused with everything in the way;
    (SLOT_TAKEN) for the loser of a race.
    """
    tie = _own_tie(tie_ref, actor)
    with unit():
        answer = once(actor, "visit.hold", key, f"{tie_ref}|{station_id}|{starts_at.isoformat()}", now)
        if answer.result:
            return Visit.objects.get(ref=answer.result)
        _lock_people(tie)
        _let_older_go(tie, actor, now)
        visit = _held(tie, station_id, starts_at, actor, now, by_desk=False)
        answered(answer, visit.ref)
        return visit


def book_by_desk(*, tie_ref: str, station_id: int, starts_at: datetime, key: str, actor: Actor, now: datetime) -> Visit:
    """An officer books for a family at the counter, also for the same day. Counted as discretion by its code.

    Raises Refused like `hold`.
    """
    tie = Tie.objects.select_related("facility", "inmate", "visitor").filter(ref=tie_ref).first()
    if tie is None:
        raise refuse("NOT_FOUND")
    actor.must(DESK_BOOK, tie.facility_id)
    with unit():
        answer = once(actor, "visit.book_by_desk", key, f"{tie_ref}|{station_id}|{starts_at.isoformat()}", now)
        if answer.result:
            return Visit.objects.get(ref=answer.result)
        lock(Rank.STATION, Station.objects.filter(pk=station_id))
        _lock_people(tie)
        _let_older_go(tie, actor, now)
        visit = _held(tie, station_id, starts_at, actor, now, by_desk=True)
        record("visit.booked_by_desk", facility_id=tie.facility_id, actor=actor, about=visit, now=now)
        _booked(visit, (), actor, now)
        answered(answer, visit.ref)
        return visit


def confirm(
    *, visit_ref: str, people: Sequence[Person], rules_accepted: bool, key: str, actor: Actor, now: datetime
) -> Visit:
    """Turn the visitor's own hold into a booking, with the people who will come along.

    Raises Refused(HOLD_EXPIRED) from the moment the hold ends, (RULES_NOT_ACCEPTED), for the company, and
    for what came in the way since: a suspended tie, a closed station.
    """
    visit = own_visit(visit_ref, actor)
    named = tuple(one for one in people if one.name.strip() or one.is_child)
    with unit():
        answer = once(actor, "visit.confirm", key, f"{visit_ref}|{named}|{rules_accepted}", now)
        if answer.result:
            return Visit.objects.get(ref=answer.result)
        _lock_people_of(visit)
        visit = lock(Rank.VISIT, Visit.objects.select_related("facility").filter(pk=visit.pk))[0]
        if is_lapsed(visit.state, visit.held_until, now):
            raise refuse("HOLD_EXPIRED")
        reasons = [*_since_the_hold(visit, now), *company(named, policy_of(visit.facility_id))]
        if not rules_accepted:
            reasons.append(because("RULES_NOT_ACCEPTED"))
        if reasons:
            raise Refused(reasons)
        _booked(visit, named, actor, now)
        answered(answer, visit.ref)
        return visit


def _since_the_hold(visit: Visit, now: datetime) -> list[Refusal]:
    """What was decided while the slot was held. Quota and cells are the hold's own and cannot be lost."""
    tie = Tie.objects.select_related("facility", "inmate", "visitor").get(visit_people__visit=visit)
    reasons = talk_refusals(tie, now)
    if visit.facility.suspended_at is not None:
        reasons.append(because("SERVICE_SUSPENDED"))
    slot = slot_at(visit.facility, visit.station_id, visit.starts_at)
    if slot is None or slot.closed:
        reasons.append(because(slot.closed if slot else "SLOT_UNKNOWN"))
    return reasons


def let_go(*, visit_ref: str, actor: Actor, now: datetime) -> None:
    """Give up a hold. Nothing happens when it is no longer held."""
    visit = own_visit(visit_ref, actor)
    with unit():
        visit = lock(Rank.VISIT, Visit.objects.filter(pk=visit.pk))[0]
        if visit.state == "held":
            _free(visit, actor, now)


def own_visit(visit_ref: str, actor: Actor) -> Visit:
    """The visit, if the acting visitor is its host. Raises Refused(NOT_FOUND)."""
    rows = Visit.objects.select_related("facility").filter(ref=visit_ref)
    visit = rows.filter(people__visitor_id=actor.pk, people__is_host=True).first()
    if visit is None or actor.kind != "visitor":
        raise refuse("NOT_FOUND")
    actor.must(VISITOR_OWN, visit.facility_id)
    return visit


def _own_tie(tie_ref: str, actor: Actor) -> Tie:
    rows = Tie.objects.select_related("facility", "inmate", "visitor")
    tie = rows.filter(ref=tie_ref, visitor_id=actor.pk).first()
    if tie is None or actor.kind != "visitor":
        raise refuse("NOT_FOUND")
    actor.must(VISITOR_OWN, tie.facility_id)
    return tie


def _lock_people(tie: Tie) -> None:
    """The inmate, then the visitor; the tie is read again under their locks, since both guard it."""
    lock(Rank.INMATE, Inmate.objects.filter(pk__in=[tie.inmate_id or 0]))
    lock(Rank.VISITOR, Visitor.objects.filter(pk=tie.visitor_id))
    tie.refresh_from_db(fields=["state", "expires_on", "permit_expires_on", "inmate"])
    if tie.inmate is None:
        raise refuse("TIE_NOT_APPROVED")


def _lock_people_of(visit: Visit) -> None:
    lock(Rank.INMATE, Inmate.objects.filter(pk=visit.inmate_id))
    lock(Rank.VISITOR, Visitor.objects.filter(visit_people__visit=visit))


def _let_older_go(tie: Tie, actor: Actor, now: datetime) -> None:
    """Before the rules are asked: their facts leave the visitor's own holds out."""
    for older in lock(Rank.VISIT, own_holds(tie.visitor_id)):
        _free(older, actor, now)


def _free(visit: Visit, actor: Actor, now: datetime) -> None:
    transition(visit, VISIT, "let_go", facility_id=visit.facility_id, actor=actor, now=now, changes={"ended_at": now})
    visit.claims.all().delete()


def _held(tie: Tie, station_id: int, starts_at: datetime, actor: Actor, now: datetime, *, by_desk: bool) -> Visit:
    slot = slot_at(tie.facility, station_id, starts_at)
    if slot is None:
        raise refuse("SLOT_UNKNOWN")
    facts = facts_for(tie, slot.taken, now)
    reasons = in_the_way(slot, facts, now=now, by_desk=by_desk)
    if reasons:
        raise Refused(reasons)
    visit = Visit.objects.create(
        facility=tie.facility,
        inmate_id=facts.inmate_id,
        station_id=station_id,
        starts_at=slot.interval.start,
        ends_at=slot.interval.end,
        buffer_minutes=slot.buffer // timedelta(minutes=1),
        held_until=now + timedelta(minutes=facts.policy.hold_minutes),
        created_at=now,
        booked_by=actor.subject,
    )
    VisitPerson.objects.create(visit=visit, visitor=tie.visitor, tie=tie, name=tie.visitor.name, is_host=True)
    _claim(visit, slot, tie, now)
    data: dict[str, str | int] = {"station": station_id, "starts_at": starts_at.isoformat()}
    record("visit.hold", facility_id=tie.facility_id, actor=actor, about=visit, now=now, data=data)
    return visit


def _claim(visit: Visit, slot: Slot, tie: Tie, now: datetime) -> None:
    """Take the cells; those of lapsed holds are freed first, so a stopped sweeper blocks nobody."""
    with_buffer, talk = cells_of(slot.interval, slot.buffer)
    wanted = [(Claim.Kind.STATION, slot.station_id, cell) for cell in with_buffer]
    wanted += [(Claim.Kind.INMATE, visit.inmate_id, cell) for cell in talk]
    wanted += [(Claim.Kind.VISITOR, tie.visitor_id, cell) for cell in talk]
    ours = Q(kind=Claim.Kind.STATION, subject=slot.station_id) | Q(kind=Claim.Kind.INMATE, subject=visit.inmate_id)
    ours |= Q(kind=Claim.Kind.VISITOR, subject=tie.visitor_id)
    lapsed = Claim.objects.filter(
        ours, visit__state="held", visit__held_until__lte=now, cell__gte=with_buffer[0], cell__lte=with_buffer[-1]
    )
    stale = lock(Rank.CLAIM, lapsed)
    Claim.objects.filter(pk__in=[row.pk for row in stale]).delete()
    rows = [Claim(kind=kind, subject=subject, cell=cell, visit=visit) for kind, subject, cell in sorted(wanted)]
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(rows)
    except IntegrityError as error:
        raise refuse("SLOT_TAKEN") from error


def _booked(visit: Visit, people: Sequence[Person], actor: Actor, now: datetime) -> None:
    """The booking itself: state, people, one unit of the ledger, the news.

    Only a visitor accepts the rules by booking; whoever is booked for at the desk does so at check-in.
    """
    changes = {"booked_at": now, "rules_accepted_at": now if actor.kind == "visitor" else None}
    transition(visit, VISIT, "confirm", facility_id=visit.facility_id, actor=actor, now=now, changes=changes)
    VisitPerson.objects.bulk_create(
        VisitPerson(visit=visit, name=one.name.strip(), is_child=one.is_child) for one in people
    )
    host = visit.people.get(is_host=True)
    LedgerEntry.objects.create(
        facility_id=visit.facility_id,
        inmate_id=visit.inmate_id,
        tie_id=host.tie_id,
        visit=visit,
        week=week_of(visit.starts_at, zone_of(visit.facility)),
        kind=LedgerEntry.Kind.USED,
        units=-1,
        reason="booked",
        at=now,
    )
    LedgerEntry.objects.filter(tie=host.tie, goes_first=True, settled_at__isnull=True).update(settled_at=now)
    outbox.emit(VisitBooked(visit.ref), now)
