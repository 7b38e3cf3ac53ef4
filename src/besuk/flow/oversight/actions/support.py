"""Perlu pendampingan: somebody asks that a person be looked after, and the named officer answers.

Nothing of it stands in the visit's timeline, and what was written is sealed: it may tell of a death or an
illness. The log holds that it was asked, read and answered, never the words.
"""

from datetime import datetime, timedelta

from besuk.flow.live.models import Call
from besuk.flow.oversight.lifecycle import SUPPORT as STEPS
from besuk.flow.oversight.models import Support
from besuk.flow.oversight.rules import LONGEST_NOTE, may_read_support, note_fits
from besuk.ground.accounts.capabilities import DAY_MARK, STATION_OWN, SUPPORT, VISITOR_OWN
from besuk.ground.accounts.models import Staff
from besuk.ground.accounts.queries import staff_with
from besuk.ground.audit.actions import Data, record, transition
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import crypto
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit
from besuk.ground.notices.actions import notify

WORDS, REPORT = "support-words", "support-report"
AT_THE_STATION = timedelta(minutes=15)
"""So long after a call its station may still ask: then somebody else sits there."""


def ask_support(*, call_ref: str, words: str, actor: Actor, now: datetime) -> Support:
    """Ask, during a call or after it. Asking again is the same request; new words are added to it.

    Raises Refused(NOT_FOUND) for whoever has nothing to do with the call, (FORM_INCOMPLETE) for too many words.
    """
    with unit():
        call, side = _own_call(call_ref, actor, now)
        lock(Rank.CALL, Call.objects.filter(pk=call.pk))
        mine = Support.objects.filter(call=call, by_subject=actor.subject).exclude(state="followed").first()
        if mine is not None:
            return _with_more(mine, words.strip(), actor, now)
        must_fit(words)
        to = companions(call.facility_id, now)
        named = next((one for one in to if one.code == policy_of(call.facility_id).companion), None)
        row = Support(call=call, side=side, by_subject=actor.subject, at=now, named=named)
        row.words_sealed = _sealed(words.strip(), WORDS, row)
        row.save()
        for one in [named] if named else to:
            notify(
                facility_id=call.facility_id,
                recipient_subject=one.subject,
                template="support_asked",
                values={},
                now=now,
            )
        data: Data = {"side": side, "told": [named.code] if named else [one.code for one in to]}
        record("support.ask", facility_id=call.facility_id, actor=actor, about=row, now=now, data=data)
        return row


def companions(facility_id: int, now: datetime) -> list[Staff]:
    """Who may look after people here: those whose only task it is, else the others who may."""
    found = staff_with(SUPPORT, facility_id, now)
    named = policy_of(facility_id).companion
    own = [one for one in found if one.memberships.filter(facility=facility_id, role="companion").exists()]
    return [one for one in found if one.code == named] or own or found


def view_support(*, support_ref: str, actor: Actor, now: datetime) -> tuple[Support, str, str]:
    """The request with its words and the report, for whom it was given to or who received it; reading is on record.

    Words of somebody else's request come back empty. Raises Refused(NOT_FOUND).
    """
    with unit():
        row = _row(support_ref, actor)
        if not may_read_support(actor.pk, named=row.named_id, received_by=row.received_by_id):
            return row, "", ""
        record("support.view", facility_id=row.call.facility_id, actor=actor, about=row, now=now)
        return row, _open(row.words_sealed, WORDS, row), _open(row.report_sealed, REPORT, row)


def receive_support(*, support_ref: str, actor: Actor, now: datetime) -> Support:
    """ "Diterima": this officer looks after it from now on. Again by the same is harmless.

    Raises Refused(NOT_FOUND), (STATE_CHANGED) when a colleague was faster.
    """
    with unit():
        row = _row(support_ref, actor)
        if row.received_by_id == actor.pk:
            return row
        changes = {"received_at": now, "received_by_id": actor.pk}
        transition(row, STEPS, "receive", facility_id=row.call.facility_id, actor=actor, now=now, changes=changes)
        return row


def follow_up_support(*, support_ref: str, report: str, actor: Actor, now: datetime) -> Support:
    """ "Ditindaklanjuti", with what was done. The same again is harmless.

    Raises Refused(NOT_FOUND), (WORDS_MISSING), (FORM_INCOMPLETE), (STATE_CHANGED) for whoever did not receive it.
    """
    with unit():
        row = _row(support_ref, actor)
        if row.state == "followed" and _open(row.report_sealed, REPORT, row) == report.strip():
            return row
        if not report.strip():
            raise refuse("WORDS_MISSING")
        must_fit(report)
        if row.received_by_id != actor.pk:
            raise refuse("STATE_CHANGED")
        changes = {"followed_at": now, "report_sealed": _sealed(report.strip(), REPORT, row)}
        transition(row, STEPS, "follow_up", facility_id=row.call.facility_id, actor=actor, now=now, changes=changes)
        return row


def must_fit(words: str) -> None:
    """Raises Refused(FORM_INCOMPLETE) for too many words; none at all are fine."""
    if words.strip() and (reasons := note_fits(words)):
        raise Refused(reasons)


def _own_call(call_ref: str, actor: Actor, now: datetime) -> tuple[Call, str]:
    """The call and the side that asks."""
    call = Call.objects.filter(ref=call_ref).first()
    if call is None:
        raise refuse("NOT_FOUND")
    if actor.kind == "staff" and actor.can(DAY_MARK, call.facility_id):
        return call, Support.Side.OFFICER
    seats = call.participations.filter(role="visitor", visitor_id=actor.pk)
    if actor.kind == "visitor" and actor.can(VISITOR_OWN, call.facility_id) and seats.exists():
        return call, Support.Side.VISITOR
    mine = actor.kind == "station" and actor.can(STATION_OWN, call.facility_id) and call.station_id == actor.pk
    if mine and (call.ended_at is None or now - call.ended_at <= AT_THE_STATION):
        return call, Support.Side.INMATE
    raise refuse("NOT_FOUND")


def _with_more(row: Support, words: str, actor: Actor, now: datetime) -> Support:
    before = _open(row.words_sealed, WORDS, row)
    if not words or words in before.split("\n\n"):
        return row
    together = f"{before}\n\n{words}".strip()
    if len(together) > 4 * LONGEST_NOTE:
        raise refuse("FORM_INCOMPLETE")
    must_fit(words)
    row.words_sealed = _sealed(together, WORDS, row)
    row.save(update_fields=["words_sealed"])
    record("support.add", facility_id=row.call.facility_id, actor=actor, about=row, now=now)
    return row


def _row(support_ref: str, actor: Actor) -> Support:
    rows = Support.objects.select_related("call__visit__inmate__block", "named", "received_by")
    row = rows.filter(ref=support_ref).first()
    if row is None or not actor.can(SUPPORT, row.call.facility_id):
        raise refuse("NOT_FOUND")
    return row


def _sealed(text: str, purpose: str, row: Support) -> bytes:
    return crypto.seal(text.encode(), purpose=purpose, about=row.ref) if text else b""


def _open(sealed: bytes | memoryview, purpose: str, row: Support) -> str:
    return crypto.unseal(bytes(sealed), purpose=purpose, about=row.ref).decode() if sealed else ""
