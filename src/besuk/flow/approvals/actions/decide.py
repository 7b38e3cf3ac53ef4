"""An officer decides on a tie, with reasons. Each takes the locks that booking takes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, override

from besuk.flow.approvals.events import TieDecided
from besuk.flow.approvals.lifecycle import TIE
from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import local_day
from besuk.flow.approvals.rules import PRIVILEGED
from besuk.flow.approvals.words import MISSING, REASONS
from besuk.ground.accounts.capabilities import VETTING
from besuk.ground.accounts.models import Visitor
from besuk.ground.audit.actions import transition
from besuk.ground.facilities.models import Inmate
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import outbox
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse as refusal
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit
from besuk.ground.notices.actions import notify

NOTICES = {
    "approve": "tie_approved", "refuse": "tie_refused", "ask_for_more": "tie_needs_more", "suspend": "tie_suspended",
    "restore": "tie_restored", "revoke": "tie_revoked",
}  # fmt: skip


def approve(
    *,
    tie_ref: str,
    inmate_ref: str,
    key: str,
    actor: Actor,
    now: datetime,
    permit_issuer: str = "",
    permit_expires_on: date | None = None,
) -> Tie:
    """Approve the tie with the inmate the desk has matched. Valid for the months that policy says.

    Raises Refused(INMATE_NOT_CHOSEN), (INMATE_NOT_FOUND), (PERMIT_MISSING) and (PERMIT_EXPIRED) for a tahanan,
    (PRIVILEGED_NOT_YET), (TIE_EXISTS) when these two have a running tie already.
    """
    tie = _found(tie_ref, actor)
    if not inmate_ref:
        raise refusal("INMATE_NOT_CHOSEN")
    inmate = Inmate.objects.filter(ref=inmate_ref, facility_id=tie.facility_id).first()
    if inmate is None:
        raise refusal("INMATE_NOT_FOUND")
    if tie.relation in PRIVILEGED:
        raise refusal("PRIVILEGED_NOT_YET")
    today = local_day(tie.facility, now)
    _check_permit(inmate, permit_issuer, permit_expires_on, today)
    changes = {
        "inmate_id": inmate.pk,
        "permit_issuer": permit_issuer.strip(),
        "permit_expires_on": permit_expires_on,
        "expires_on": _months_on(today, policy_of(tie.facility_id).tie_valid_months),
    }
    try:
        return _decide(tie, "approve", inmate.pk, actor, now, key=key, changes=changes)
    except IntegrityError as error:
        raise refusal("TIE_EXISTS") from error


def _check_permit(inmate: Inmate, issuer: str, expires_on: date | None, today: date) -> None:
    if inmate.legal_status != Inmate.LegalStatus.REMAND:
        return
    if not issuer.strip():
        raise refusal("PERMIT_MISSING")
    if expires_on is not None and expires_on < today:
        raise refusal("PERMIT_EXPIRED")


def refuse(*, tie_ref: str, reasons: Sequence[str], key: str, actor: Actor, now: datetime) -> Tie:
    """Refuse, with one or more reasons. Raises Refused(REASON_MISSING)."""
    tie = _found(tie_ref, actor)
    return _decide(tie, "refuse", tie.inmate_id, actor, now, key=key, reasons=_known(reasons, REASONS))


def ask_for_more(*, tie_ref: str, reasons: Sequence[str], key: str, actor: Actor, now: datetime) -> Tie:
    """Send back, listing exactly what is missing. Raises Refused(REASON_MISSING)."""
    tie = _found(tie_ref, actor)
    return _decide(tie, "ask_for_more", tie.inmate_id, actor, now, key=key, reasons=_known(reasons, MISSING))


def suspend(*, tie_ref: str, reason: str, key: str, actor: Actor, now: datetime) -> Tie:
    """Suspend an approved tie: nothing can be booked. Raises Refused(WORDS_MISSING)."""
    return _with_words(tie_ref, "suspend", reason, key=key, actor=actor, now=now)


def restore(*, tie_ref: str, reason: str, key: str, actor: Actor, now: datetime) -> Tie:
    """Lift a suspension. Raises Refused(WORDS_MISSING)."""
    return _with_words(tie_ref, "restore", reason, key=key, actor=actor, now=now)


def revoke(*, tie_ref: str, reason: str, key: str, actor: Actor, now: datetime) -> Tie:
    """End a tie. Raises Refused(WORDS_MISSING)."""
    return _with_words(tie_ref, "revoke", reason, key=key, actor=actor, now=now)


def _with_words(tie_ref: str, verb: str, reason: str, *, key: str, actor: Actor, now: datetime) -> Tie:
    tie = _found(tie_ref, actor)
    if not reason.strip():
        raise refusal("WORDS_MISSING")
    return _decide(tie, verb, tie.inmate_id, actor, now, key=key, words=reason.strip())


def _found(tie_ref: str, actor: Actor) -> Tie:
    tie = Tie.objects.select_related("facility", "visitor", "inmate").filter(ref=tie_ref).first()
    if tie is None:
        raise refusal("NOT_FOUND")
    actor.must(VETTING, tie.facility_id)
    return tie


def _known(reasons: Sequence[str], table: Mapping[str, str]) -> list[str]:
    chosen = [code for code in table if code in reasons]
    if not chosen:
        raise refusal("REASON_MISSING")
    return chosen


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


def _decide(
    tie: Tie,
    verb: str,
    inmate_pk: int | None,
    actor: Actor,
    now: datetime,
    *,
    key: str,
    changes: Mapping[str, Any] | None = None,
    reasons: Sequence[str] = (),
    words: str = "",
) -> Tie:
    values = {"decided_at": now, "decided_by_id": actor.pk, "reasons": list(reasons), **(changes or {})}
    with unit():
        permit = f"{values.get('permit_issuer', '')}|{values.get('permit_expires_on', '')}"
        body = f"{tie.ref}|{inmate_pk}|{','.join(reasons)}|{words}|{permit}"
        answer = once(actor, f"tie.{verb}", key, body, now)
        if answer.result:
            return tie
        lock(Rank.INMATE, Inmate.objects.filter(pk__in=[inmate_pk or 0]))
        lock(Rank.VISITOR, Visitor.objects.filter(pk=tie.visitor_id))
        tie.refresh_from_db(fields=["state"])
        data = {"reasons": list(reasons)}
        with transaction.atomic():
            transition(
                tie,
                TIE,
                verb,
                facility_id=tie.facility_id,
                actor=actor,
                now=now,
                changes=values,
                data=data,
                words=words,
            )
        tie.refresh_from_db()
        _tell(tie, verb, reasons, now)
        outbox.emit(TieDecided(tie.ref, verb), now)
        answered(answer, tie.ref)
        return tie


def _tell(tie: Tie, verb: str, reasons: Sequence[str], now: datetime) -> None:
    visitor = tie.visitor
    with override(visitor.language):
        told = "; ".join(gettext({**REASONS, **MISSING}[code]) for code in reasons)
    values: dict[str, str | int] = {"reasons": told} if reasons else {}
    if verb == "approve":
        values = {"inmate": tie.inmate_named}
    notify(
        facility_id=tie.facility_id, recipient_subject=visitor.subject, template=NOTICES[verb], values=values,
        now=now, language=visitor.language,
    )  # fmt: skip
