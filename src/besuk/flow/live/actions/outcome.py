"""The outcome of a visit that is over: an officer stands by what the evidence speaks for, or corrects it."""

from datetime import datetime

from besuk.flow.bookings.actions import correct, stand_by
from besuk.flow.bookings.compensation import Given
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.live import rules
from besuk.flow.live.actions.end import given_of
from besuk.flow.live.evidence import ended_by, proofs_of
from besuk.flow.live.models import Call
from besuk.ground.accounts.capabilities import OUTCOME_SETTLE
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, because, refuse
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.unit import unit

LONGEST_REASON = 300


def confirm_outcome(*, visit_ref: str, seen: str, actor: Actor, now: datetime) -> Visit:
    """An officer confirms the outcome they have `seen`.

    Raises Refused(OUTCOME_SETTLED) when another officer was faster, (STATE_CHANGED) when the visit is not over.
    """
    visit = _over(visit_ref, actor)
    stand_by(visit=visit, seen=seen, actor=actor, now=now)
    return visit


def correct_outcome(
    *, visit_ref: str, seen: str, outcome: str, reason: str, key: str, actor: Actor, now: datetime
) -> Visit:
    """An officer gives another outcome than the one they have `seen`, with a reason; what comes back follows.

    Raises Refused(WORDS_MISSING), (OUTCOME_NOT_THEIRS) for an outcome that is not an officer's to give,
    (OUTCOME_AGAINST_EVIDENCE), (OUTCOME_OF_OWN_CALL), and what `confirm_outcome` raises.
    """
    visit = _over(visit_ref, actor)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise refuse("WORDS_MISSING")
    with unit():
        answer = once(actor, "visit.correct", key, f"{visit_ref}|{seen}|{outcome}|{reason}", now)
        if answer.result:
            return visit
        call = Call.objects.select_related("visit").filter(visit=visit).first()
        if reasons := _against(visit, call, seen, outcome, actor):
            raise Refused([because(code) for code in reasons])
        given = _given(visit, call)
        correct(visit=visit, seen=seen, outcome=outcome, given=given, reason=reason.strip(), actor=actor, now=now)
        answered(answer, visit.ref)
        return visit


def _against(visit: Visit, call: Call | None, was: str, outcome: str, actor: Actor) -> list[str]:
    proof = proofs_of([visit])[visit.pk]
    facts = rules.Correction(
        was=was,
        outcome=outcome,
        was_ours=was in OUTCOMES and OUTCOMES[was].fault == "facility",
        is_ours=outcome in OUTCOMES and OUTCOMES[outcome].fault == "facility",
        was_admitted=proof.was_admitted,
        visitor_came=proof.visitor_came,
        own_call=call is not None and call.participations.filter(role="supervisor", staff_id=actor.pk).exists(),
    )
    return rules.may_correct(facts)


def _given(visit: Visit, call: Call | None) -> Given:
    if call is None or call.ended_at is None:
        return Given(visit.ends_at - visit.starts_at)
    return given_of(call, ended_by(call), call.ended_at)


def _over(visit_ref: str, actor: Actor) -> Visit:
    visit = Visit.objects.select_related("facility").filter(ref=visit_ref).first()
    if visit is None:
        raise refuse("NOT_FOUND")
    actor.must(OUTCOME_SETTLE, visit.facility_id)
    if visit.state != "concluded":
        raise refuse("STATE_CHANGED")
    return visit
