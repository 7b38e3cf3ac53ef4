"""Rating a visit, complaining about it, and answering."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from besuk.flow.bookings.models import Visit
from besuk.flow.complaints import rules
from besuk.flow.complaints.lifecycle import COMPLAINT
from besuk.flow.complaints.models import Complaint, Rating
from besuk.ground.accounts.capabilities import COMPLAINT_ANSWER, COMPLAINT_FILE, VISITOR_OWN
from besuk.ground.accounts.models import Visitor
from besuk.ground.accounts.queries import staff_with
from besuk.ground.audit.actions import Data, record, transition
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, because, refuse
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit
from besuk.ground.notices.actions import notify

TRIES = 8
"""Two complaints of one prison in the same moment want the same number: the later one takes the next."""


def rate(*, visit_ref: str, points: int, words: str, actor: Actor, now: datetime) -> Rating:
    """The family says how a visit was; saying it again changes it. The words stay out of the log.

    Raises Refused(NOT_FOUND) for somebody else's visit, (VISIT_NOT_OVER), (FORM_INCOMPLETE).
    """
    with unit():
        visit = _own(visit_ref, actor)
        if reasons := rules.may_rate(visit.state, points, words.strip()):
            raise Refused([because(code) for code in reasons])
        lock(Rank.VISIT, Visit.objects.filter(pk=visit.pk))
        values = {"points": points, "words": words.strip(), "at": now}
        rating, _ = Rating.objects.update_or_create(visit=visit, defaults=values)
        record("visit.rate", facility_id=visit.facility_id, actor=actor, about=visit, now=now, data={"points": points})
        return rating


def complain(*, visit_ref: str, reason: str, words: str, key: str, actor: Actor, now: datetime) -> Complaint:
    """The family complains about its visit, also about one that never took place.

    Raises Refused(NOT_FOUND), (COMPLAINT_OPEN) while one waits for its answer, and what `rules.may_complain` says.
    """
    visit = _own(visit_ref, actor)
    return _file(Complaint(visit=visit, side=Complaint.Side.VISITOR, reason=reason, words=words), key, actor, now)


def complain_for_inmate(*, visit_ref: str, reason: str, words: str, key: str, actor: Actor, now: datetime) -> Complaint:
    """An officer writes down what an inmate complains of. Raises Refused as `complain` does."""
    visit = Visit.objects.select_related("facility").filter(ref=visit_ref).first()
    if visit is None:
        raise refuse("NOT_FOUND")
    actor.must(COMPLAINT_FILE, visit.facility_id)
    return _file(Complaint(visit=visit, side=Complaint.Side.INMATE, reason=reason, words=words), key, actor, now)


def answer(*, complaint_ref: str, words: str, actor: Actor, now: datetime) -> Complaint:
    """Answer a complaint, once. The family is told that there is an answer, and reads it at its visit.

    Raises Refused(ANSWER_MISSING), (STATE_CHANGED) when somebody else has answered, (NOT_FOUND).
    """
    with unit():
        row = Complaint.objects.select_related("visit__facility").filter(ref=complaint_ref).first()
        if row is None:
            raise refuse("NOT_FOUND")
        actor.must(COMPLAINT_ANSWER, row.facility_id)
        if not 0 < len(words.strip()) <= rules.LONGEST_ANSWER:
            raise refuse("ANSWER_MISSING")
        changes = {"answer": words.strip(), "answered_at": now, "answered_by_id": actor.pk}
        transition(
            row, COMPLAINT, "answer", facility_id=row.facility_id, actor=actor, now=now, changes=changes,
            data={"number": row.number}, words=words.strip(),
        )  # fmt: skip
        _tell_family(row, now)
        return row


def _file(row: Complaint, key: str, actor: Actor, now: datetime) -> Complaint:
    """File what was written down in `row`, once for each key."""
    visit = row.visit
    row.facility_id, row.filed_by, row.filed_at, row.words = visit.facility_id, actor.subject, now, row.words.strip()
    with unit():
        first = once(actor, "complaint.file", key, f"{visit.ref}|{row.side}|{row.reason}|{row.words}", now)
        if first.result:
            return Complaint.objects.get(ref=first.result)
        reasons = rules.may_complain(
            over=rules.is_over(visit.state, visit.starts_at, now),
            since_start=now - visit.starts_at,
            reason=row.reason,
            words=row.words,
            days=policy_of(visit.facility_id).complaint_days,
        )
        if reasons:
            raise Refused([because(code) for code in reasons])
        lock(Rank.VISIT, Visit.objects.filter(pk=visit.pk))
        if Complaint.objects.filter(visit=visit, side=row.side, state="open").exists():
            raise refuse("COMPLAINT_OPEN")
        _number(row)
        data: Data = {"number": row.number, "reason": row.reason, "side": str(row.side), "visit": visit.ref}
        record("complaint.file", facility_id=row.facility_id, actor=actor, about=row, now=now, data=data)
        _tell_office(row, now)
        answered(first, row.ref)
        return row


def _number(row: Complaint) -> None:
    """Save with the facility's next number."""
    for _ in range(TRIES):
        last = Complaint.objects.filter(facility_id=row.facility_id).aggregate(last=Max("number"))["last"]
        row.number = (last or 0) + 1
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise refuse("STATE_CHANGED")


def _tell_office(row: Complaint, now: datetime) -> None:
    """Whoever answers complaints here."""
    for one in staff_with(COMPLAINT_ANSWER, row.facility_id, now):
        notify(
            facility_id=row.facility_id, recipient_subject=one.subject, template="complaint_filed",
            values={"number": row.number}, now=now,
        )  # fmt: skip


def _own(visit_ref: str, actor: Actor) -> Visit:
    mine = Visit.objects.select_related("facility").filter(ref=visit_ref, people__is_host=True)
    visit = mine.filter(people__visitor_id=actor.pk).exclude(state="held").first()
    if visit is None or actor.kind != "visitor":
        raise refuse("NOT_FOUND")
    actor.must(VISITOR_OWN, visit.facility_id)
    return visit


def _tell_family(row: Complaint, now: datetime) -> None:
    """Nobody, where an officer wrote it down: that officer tells the inmate."""
    family = Visitor.objects.filter(subject=row.filed_by).first()
    if family is not None:
        at, zone = row.visit.starts_at.isoformat(), row.visit.facility.zone
        values: dict[str, str | int] = {"number": row.number, "starts_at": at, "zone": zone}
        notify(
            facility_id=row.facility_id, recipient_subject=family.subject, template="complaint_answered",
            values=values, now=now, language=family.language,
        )  # fmt: skip
