"""A visitor asks to be allowed to talk with an inmate."""

import hashlib
from datetime import datetime, timedelta

from besuk.flow.approvals.images import clean_image
from besuk.flow.approvals.lifecycle import TIE
from besuk.flow.approvals.models import Document, Tie
from besuk.flow.approvals.rules import PRIVILEGED
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.accounts.models import Visitor
from besuk.ground.audit.actions import record, transition
from besuk.ground.kernel import files, rate
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, because
from besuk.ground.kernel.errors import refuse as refusal
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import unit
from besuk.ground.notices.actions import notify

PAPERS = rate.Limit(tries=12, per=timedelta(hours=1))
"""Pictures of one visitor: each costs us a process and a file."""


def apply(
    *,
    visitor: Visitor,
    facility: Facility,
    inmate_named: str,
    inmate_hint: str,
    relation: str,
    image: bytes,
    key: str,
    actor: Actor,
    now: datetime,
) -> Tie:
    """File the application with one picture of the ID card. The answer never says whether the inmate exists.

    Raises Refused with everything that is wrong: PRIVILEGED_NOT_YET, NAME_MISSING, IMAGE_*, TIE_EXISTS,
    TOO_MANY_TRIES.
    """
    actor.must(VISITOR_OWN, facility.pk)
    if actor.pk != visitor.pk:
        raise refusal("NOT_ALLOWED")
    named, hint = " ".join(inmate_named.split())[:120], " ".join(inmate_hint.split())[:120]
    _check(named, relation)
    rate.take(f"papers:{actor.subject}", PAPERS, now)
    clean = clean_image(image)
    with unit():
        body = "|".join([facility.code, named, hint, relation, hashlib.sha256(image).hexdigest()])
        answer = once(actor, "tie.apply", key, body, now)
        if answer.result:
            return Tie.objects.get(ref=answer.result)
        lock(Rank.VISITOR, Visitor.objects.filter(pk=visitor.pk))
        running = Tie.objects.filter(visitor=visitor, facility=facility, state__in=["submitted", "needs_more"])
        if running.filter(inmate_named__iexact=named).exists():
            raise refusal("TIE_EXISTS")
        tie = Tie.objects.create(
            facility=facility,
            visitor=visitor,
            inmate_named=named,
            inmate_hint=hint,
            relation=relation,
            submitted_at=now,
        )
        _keep(clean, visitor, facility, now)
        data = {"relation": relation}
        record("tie.apply", facility_id=facility.pk, actor=actor, about=tie, now=now, data=data)
        values = {"inmate": named}
        notify(
            facility_id=facility.pk, recipient_subject=visitor.subject, template="tie_submitted", values=values,
            now=now, language=visitor.language,
        )  # fmt: skip
        answered(answer, tie.ref)
        return tie


def add_document(*, tie_ref: str, image: bytes, actor: Actor, now: datetime) -> Tie:
    """The visitor completes an application that needs more; it goes back to the desk."""
    tie = Tie.objects.select_related("visitor", "facility").filter(ref=tie_ref, visitor_id=actor.pk).first()
    if tie is None or actor.kind != "visitor":
        raise refusal("NOT_FOUND")
    actor.must(VISITOR_OWN, tie.facility_id)
    rate.take(f"papers:{actor.subject}", PAPERS, now)
    clean = clean_image(image)
    with unit():
        lock(Rank.VISITOR, Visitor.objects.filter(pk=tie.visitor_id))
        _keep(clean, tie.visitor, tie.facility, now)
        changes = {"submitted_at": now}
        transition(tie, TIE, "submit", facility_id=tie.facility_id, actor=actor, now=now, changes=changes)
        return tie


def _check(named: str, relation: str) -> None:
    reasons = []
    if relation in PRIVILEGED:
        reasons.append(because("PRIVILEGED_NOT_YET"))
    elif relation not in Tie.Relation.values:
        reasons.append(because("FORM_INCOMPLETE"))
    if not named:
        reasons.append(because("NAME_MISSING"))
    if reasons:
        raise Refused(reasons)


def _keep(clean: bytes, visitor: Visitor, facility: Facility, now: datetime) -> None:
    file = files.store(clean, facility=facility, purpose="identity", mime="image/jpeg", now=now)
    Document.objects.create(visitor=visitor, kind=Document.Kind.ID_CARD, file=file, added_at=now)
