"""Admitting: an officer has seen both faces and lets them together. The minutes run from here."""

from datetime import datetime, timedelta

from besuk.flow.bookings.actions import give_saved
from besuk.flow.bookings.models import Visit
from besuk.flow.live import rules
from besuk.flow.live.actions.enter import talk_refusals_of
from besuk.flow.live.actions.prepare import next_starts
from besuk.flow.live.actions.witness import happened
from besuk.flow.live.events import CallWentLive
from besuk.flow.live.lifecycle import CALL
from besuk.flow.live.models import Call
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.accounts.models import Visitor
from besuk.ground.audit.actions import transition
from besuk.ground.facilities.queries import is_stopped
from besuk.ground.kernel import outbox
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, because
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def admit(*, call_ref: str, officer_present: bool, both_seen: bool, actor: Actor, now: datetime) -> Call:
    """Make the call live and lift `identity`. What the officer sees is the conductor's knowledge.

    Raises Refused(NO_SUPERVISOR), (BOTH_SIDES_NOT_SEEN), (SERVICE_SUSPENDED), (STATE_CHANGED), (CALL_ENDED).
    """
    with unit():
        visit = Visit.objects.select_related("facility").get(call__ref=call_ref)
        lock(Rank.VISITOR, Visitor.objects.filter(visit_people__visit=visit))
        call = lock(Rank.CALL, Call.objects.select_related("visit").filter(ref=call_ref))[0]
        actor.must(CONDUCT, call.facility_id)
        stopped = is_stopped(call.facility_id)
        reasons = rules.may_admit(
            state=call.state, officer_present=officer_present, both_seen=both_seen, stopped=stopped
        )
        latest = rules.latest_end(call.visit.ends_at, next_starts(call.visit))
        if now >= latest:
            reasons.append(because("CALL_ENDED"))
        reasons += talk_refusals_of(call.visit, now)
        if reasons:
            raise Refused(reasons)
        length = call.visit.ends_at - call.visit.starts_at
        credit = give_saved(visit, now + length, latest, now)
        extra = timedelta(minutes=credit)
        changes = {
            "admitted_at": now,
            "admitted_by_id": actor.pk,
            "ends_at": rules.end_of_minutes(now, length, (), now, latest, extra=extra),
            "latest_end": latest,
            "credit_minutes": credit,
        }
        transition(call, CALL, "admit", facility_id=call.facility_id, actor=actor, now=now, changes=changes)
        call.holds.filter(cause="identity", lifted_at__isnull=True).update(lifted_at=now)
        happened(call, "admitted", now=now, data={"officer": actor.label})
        if credit:
            happened(call, "credited", now=now, data={"minutes": credit})
        outbox.emit(CallWentLive(call.ref, call.visit.ref, now.isoformat()), now)
        return call
