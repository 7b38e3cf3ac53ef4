"""The desk approves, refuses, asks for more, suspends, restores, revokes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from besuk.flow.approvals.actions import approve, ask_for_more, refuse, restore, revoke, suspend
from besuk.flow.approvals.actions import decide as module
from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import queue, talk_refusals
from besuk.ground.audit.models import Entry, EntryText, Transition
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.notices.models import Notice
from besuk.testing.builders import approved_tie
from besuk.testing.builders import tie as any_tie
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


def codes(error: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return error.value.codes


def test_an_approved_tie_is_matched_valid_and_told(applied: Tie, cast: Cast, desk: Actor, now: datetime) -> None:
    approve(tie_ref=applied.ref, inmate_ref=cast.lapas.convicted.ref, key="k", actor=desk, now=now)
    applied.refresh_from_db()
    assert (applied.state, applied.inmate) == ("approved", cast.lapas.convicted)
    assert (applied.decided_by_id, applied.decided_at) == (desk.pk, now)
    assert applied.expires_on == date(2028, 12, 3)
    assert talk_refusals(applied, now) == []
    assert Notice.objects.get().template == "tie_approved"
    assert Transition.objects.get().verb == "approve"
    assert Entry.objects.get(code="tie.approve").actor_subject == desk.subject


def test_approving_twice_with_one_key_tells_the_visitor_once(
    applied: Tie, cast: Cast, desk: Actor, now: datetime
) -> None:
    for _ in range(2):
        approve(tie_ref=applied.ref, inmate_ref=cast.lapas.convicted.ref, key="k", actor=desk, now=now)
    assert Notice.objects.count() == 1
    with pytest.raises(Refused) as refused:
        refuse(tie_ref=applied.ref, reasons=["not_suitable"], key="other", actor=desk, now=now)
    assert codes(refused) == ("STATE_CHANGED",)


def test_how_long_an_approval_holds_is_policy(applied: Tie, cast: Cast, desk: Actor, now: datetime) -> None:
    FacilityPolicy.objects.create(facility=cast.lapas.facility, values={"tie_valid_months": 3})
    tie = approve(tie_ref=applied.ref, inmate_ref=cast.lapas.convicted.ref, key="k", actor=desk, now=now)
    assert tie.expires_on == date(2027, 3, 3)
    after = datetime.fromisoformat("2027-03-03T17:00:00+00:00")
    assert talk_refusals(tie, after - timedelta(seconds=1)) == []
    assert [one.code for one in talk_refusals(tie, after)] == ["TIE_EXPIRED"]


def test_a_tahanan_needs_a_permit_that_has_not_run_out(applied: Tie, cast: Cast, desk: Actor, now: datetime) -> None:
    remand, today = cast.lapas.remand.ref, date(2026, 12, 3)
    with pytest.raises(Refused) as missing:
        approve(tie_ref=applied.ref, inmate_ref=remand, permit_issuer=" ", key="k", actor=desk, now=now)
    assert codes(missing) == ("PERMIT_MISSING",)
    with pytest.raises(Refused) as old:
        approve(
            tie_ref=applied.ref, inmate_ref=remand, permit_issuer="Kejaksaan", key="k", actor=desk, now=now,
            permit_expires_on=today - timedelta(days=1),
        )  # fmt: skip
    assert codes(old) == ("PERMIT_EXPIRED",)
    tie = approve(
        tie_ref=applied.ref, inmate_ref=remand, permit_issuer="Kejaksaan", key="k", actor=desk, now=now,
        permit_expires_on=today,
    )  # fmt: skip
    assert (tie.permit_issuer, tie.permit_expires_on) == ("Kejaksaan", today)
    assert [one.code for one in talk_refusals(tie, now + timedelta(days=1))] == ["PERMIT_EXPIRED"]


def test_an_inmate_of_another_prison_cannot_be_matched(applied: Tie, cast: Cast, desk: Actor, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        approve(tie_ref=applied.ref, inmate_ref=cast.rutan.convicted.ref, key="k", actor=desk, now=now)
    assert codes(refused) == ("INMATE_NOT_FOUND",)


def test_nobody_is_approved_for_an_inmate_who_was_not_chosen(applied: Tie, desk: Actor, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        approve(tie_ref=applied.ref, inmate_ref="", key="k", actor=desk, now=now)
    assert codes(refused) == ("INMATE_NOT_CHOSEN",)


def test_two_running_ties_of_one_pair_cannot_be(applied: Tie, cast: Cast, desk: Actor, now: datetime) -> None:
    approved_tie(cast.siti, cast.lapas.convicted)
    with pytest.raises(Refused) as refused:
        approve(tie_ref=applied.ref, inmate_ref=cast.lapas.convicted.ref, key="k", actor=desk, now=now)
    assert codes(refused) == ("TIE_EXISTS",)
    applied.refresh_from_db()
    assert applied.state == "submitted"
    assert not Notice.objects.exists()


def test_a_refused_pair_may_apply_again(applied: Tie, cast: Cast, desk: Actor, now: datetime) -> None:
    refuse(tie_ref=applied.ref, reasons=["id_not_readable"], key="r", actor=desk, now=now)
    again = any_tie(cast.siti, cast.lapas.convicted, state="submitted")
    approve(tie_ref=again.ref, inmate_ref=cast.lapas.convicted.ref, key="a", actor=desk, now=now)
    again.refresh_from_db()
    assert again.state == "approved"


def test_a_refusal_names_its_reasons(applied: Tie, desk: Actor, now: datetime) -> None:
    chosen = ["id_not_readable", "something_invented", "name_does_not_match"]
    refuse(tie_ref=applied.ref, reasons=chosen, key="k", actor=desk, now=now)
    applied.refresh_from_db()
    assert applied.state == "refused"
    assert applied.reasons == ["name_does_not_match", "id_not_readable"]
    assert "Foto KTP tidak terbaca" in Notice.objects.get().values["reasons"]


@pytest.mark.parametrize("act", [refuse, ask_for_more])
def test_a_decision_against_somebody_needs_a_reason(
    act: Callable[..., Tie], applied: Tie, desk: Actor, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        act(tie_ref=applied.ref, reasons=["something_invented"], key="k", actor=desk, now=now)
    assert codes(refused) == ("REASON_MISSING",)


def test_what_is_missing_is_listed_and_the_application_leaves_the_queue(
    applied: Tie, cast: Cast, desk: Actor, now: datetime
) -> None:
    ask_for_more(tie_ref=applied.ref, reasons=["permit"], key="k", actor=desk, now=now)
    applied.refresh_from_db()
    assert (applied.state, applied.reasons) == ("needs_more", ["permit"])
    assert queue(cast.lapas.facility) == []


def test_a_suspension_is_told_without_its_words_and_can_be_lifted(cast: Cast, desk: Actor, now: datetime) -> None:
    tie = approved_tie(cast.siti, cast.lapas.convicted)
    suspend(tie_ref=tie.ref, reason="Ancaman di telepon", key="s", actor=desk, now=now)
    tie.refresh_from_db()
    assert [one.code for one in talk_refusals(tie, now)] == ["TIE_SUSPENDED"]
    assert EntryText.objects.get().words == "Ancaman di telepon"
    assert "Ancaman" not in str(Notice.objects.get(template="tie_suspended").values)
    restore(tie_ref=tie.ref, reason="Keliru", key="t", actor=desk, now=now)
    tie.refresh_from_db()
    assert talk_refusals(tie, now) == []


def test_a_revoked_tie_cannot_come_back(cast: Cast, desk: Actor, now: datetime) -> None:
    tie = approved_tie(cast.siti, cast.lapas.convicted)
    revoke(tie_ref=tie.ref, reason="Palsu", key="r", actor=desk, now=now)
    with pytest.raises(Refused) as refused:
        restore(tie_ref=tie.ref, reason="Ternyata benar", key="t", actor=desk, now=now)
    assert codes(refused) == ("STATE_CHANGED",)


@pytest.mark.parametrize("act", [suspend, restore, revoke])
def test_a_step_outside_the_queue_needs_words(act: Callable[..., Tie], cast: Cast, desk: Actor, now: datetime) -> None:
    tie = approved_tie(cast.siti, cast.lapas.convicted)
    with pytest.raises(Refused) as refused:
        act(tie_ref=tie.ref, reason="  ", key="k", actor=desk, now=now)
    assert codes(refused) == ("WORDS_MISSING",)


def test_only_the_desk_and_the_head_of_that_prison_decide(applied: Tie, cast: Cast, now: datetime) -> None:
    others = [cast.lapas.actor("supervisor", now), cast.rutan.actor("desk", now), cast.lapas.actor("inspector", now)]
    for actor in others:
        with pytest.raises(Refused) as refused:
            refuse(tie_ref=applied.ref, reasons=["not_suitable"], key="k", actor=actor, now=now)
        assert codes(refused) == ("NOT_ALLOWED",)
    head = cast.lapas.actor("head", now)
    assert refuse(tie_ref=applied.ref, reasons=["not_suitable"], key="k", actor=head, now=now).state == "refused"


def test_every_decision_has_a_notice() -> None:
    from besuk.ground.notices.templates import TEMPLATES

    assert set(module.NOTICES.values()) <= set(TEMPLATES)
