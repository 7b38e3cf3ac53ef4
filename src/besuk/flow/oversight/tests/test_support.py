"""Perlu pendampingan: whoever asks, it reaches the named person, and nobody else reads of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from besuk.flow.live.actions import end
from besuk.flow.live.models import Call, Happening
from besuk.flow.live.queries import timeline
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight.actions import ask_support, follow_up_support, receive_support, view_support
from besuk.flow.oversight.models import Support
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.accounts.models import Membership
from besuk.ground.audit.models import Entry, EntryText
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.unit import unit
from besuk.ground.notices.models import Notice
from besuk.testing.cast import as_visitor, employ, new_staff
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db
WORDS = "Ayahnya meninggal tadi pagi."


def ask(call: Call, actor: Actor, words: str = "") -> Support:
    return ask_support(call_ref=call.ref, words=words, actor=actor, now=THURSDAY)


def companion(cast: Cast) -> Actor:
    return cast.lapas.actor("companion", THURSDAY)


@pytest.mark.parametrize(("who", "side"), [("supervisor", "officer"), ("siti", "visitor"), ("station", "inmate")])
def test_officer_family_and_inmate_may_ask(cast: Cast, call: Call, who: str, side: str) -> None:
    actor = {
        "supervisor": cast.lapas.actor("supervisor", THURSDAY),
        "siti": as_visitor(cast.siti),
        "station": cast.lapas.station(1),
    }[who]
    row = ask(call, actor, WORDS)
    assert (row.side, row.state, row.at) == (side, "asked", THURSDAY)
    assert [one.recipient for one in Notice.objects.filter(template="support_asked")] == [companion(cast).subject]


@pytest.mark.parametrize("who", ["outsider", "yosina", "other_station", "rutan_officer", "regional"])
def test_nobody_else_may(cast: Cast, call: Call, who: str) -> None:
    actor = {
        "outsider": as_visitor(cast.outsider),
        "yosina": as_visitor(cast.yosina),
        "other_station": cast.lapas.station(2),
        "rutan_officer": cast.rutan.actor("supervisor", THURSDAY),
        "regional": cast.lapas.actor("regional", THURSDAY),
    }[who]
    with pytest.raises(Refused, match="NOT_FOUND"):
        ask(call, actor)
    assert not Support.objects.exists()


def test_asking_again_is_the_same_request_and_new_words_are_added(cast: Cast, call: Call) -> None:
    siti = as_visitor(cast.siti)
    first = ask(call, siti, WORDS)
    assert ask(call, siti).pk == first.pk
    assert ask(call, siti, WORDS).pk == first.pk
    assert ask(call, siti, "Tolong ditemani malam ini.").pk == first.pk
    _row, words, _report = view_support(support_ref=first.ref, actor=companion(cast), now=THURSDAY)
    assert words == f"{WORDS}\n\nTolong ditemani malam ini."
    assert Notice.objects.filter(template="support_asked").count() == 1


def test_two_open_requests_of_one_person_cannot_stand_in_the_database(cast: Cast, call: Call) -> None:
    row = ask(call, as_visitor(cast.siti))
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.create(call=call, side="visitor", by_subject=row.by_subject, at=THURSDAY)


def test_each_side_has_its_own_request_and_reads_nothing_of_the_others(cast: Cast, call: Call) -> None:
    assert ask(call, as_visitor(cast.siti)).pk != ask(call, cast.lapas.station(1)).pk
    assert [line.code for line in timeline(call.visit) if "support" in line.code] == []
    assert not Happening.objects.filter(code__contains="support").exists()


def test_the_words_are_sealed_and_stand_neither_in_the_log_nor_beside_it(cast: Cast, call: Call) -> None:
    row = Support.objects.get(pk=ask(call, as_visitor(cast.siti), WORDS).pk)
    assert WORDS.encode() not in bytes(row.words_sealed)
    assert bytes(row.words_sealed)
    entry = Entry.objects.get(code="support.ask")
    assert WORDS not in str(entry.data)
    assert entry.object_kind == "oversight.support"
    assert not EntryText.objects.filter(words__contains="meninggal").exists()


def test_it_works_when_the_call_is_over_at_the_station_for_a_quarter_of_an_hour(cast: Cast, call: Call) -> None:
    with unit():
        end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=THURSDAY)
    later = THURSDAY + timedelta(minutes=15)
    assert ask_support(call_ref=call.ref, words="", actor=cast.lapas.station(1), now=later).side == "inmate"
    with pytest.raises(Refused, match="NOT_FOUND"):
        ask_support(call_ref=call.ref, words="", actor=cast.lapas.station(1), now=later + timedelta(seconds=1))
    tomorrow = THURSDAY + timedelta(days=1)
    assert ask_support(call_ref=call.ref, words="", actor=as_visitor(cast.siti), now=tomorrow).side == "visitor"


def test_the_policy_names_one_person_who_alone_is_told_and_reads(cast: Cast, call: Call) -> None:
    other = new_staff("ustaz", "Ustaz Lain", "S-9")
    employ(other, cast.lapas.facility, "companion")
    FacilityPolicy.objects.create(facility=cast.lapas.facility, values={"companion": "S-9"})
    row = ask(call, as_visitor(cast.siti), WORDS)
    assert row.named_id == other.pk
    assert Notice.objects.get(template="support_asked").recipient == other.subject
    assert view_support(support_ref=row.ref, actor=companion(cast), now=THURSDAY)[1:] == ("", "")
    assert not Entry.objects.filter(code="support.view").exists()


def test_without_a_pendamping_the_head_is_told(cast: Cast, call: Call) -> None:
    Membership.objects.filter(role="companion").update(until=THURSDAY - timedelta(days=1))
    ask(call, as_visitor(cast.siti))
    assert Notice.objects.get(template="support_asked").recipient == cast.lapas.staff["head"].subject


def test_reading_receiving_and_following_up_are_on_record(cast: Cast, call: Call) -> None:
    row, who = ask(call, as_visitor(cast.siti), WORDS), companion(cast)
    assert view_support(support_ref=row.ref, actor=who, now=THURSDAY)[1] == WORDS
    receive_support(support_ref=row.ref, actor=who, now=THURSDAY)
    receive_support(support_ref=row.ref, actor=who, now=THURSDAY)
    follow_up_support(support_ref=row.ref, report="Sudah ditemani.", actor=who, now=THURSDAY)
    follow_up_support(support_ref=row.ref, report="Sudah ditemani.", actor=who, now=THURSDAY)
    codes = list(Entry.objects.filter(code__startswith="support.").order_by("number").values_list("code", flat=True))
    assert codes == ["support.ask", "support.view", "support.receive", "support.follow_up"]
    kept = Support.objects.get(pk=row.pk)
    assert (kept.state, kept.received_by_id, kept.followed_at) == ("followed", who.pk, THURSDAY)
    assert b"ditemani" not in bytes(kept.report_sealed)
    assert view_support(support_ref=row.ref, actor=who, now=THURSDAY)[2] == "Sudah ditemani."


def test_after_it_was_followed_up_a_new_one_may_be_asked_for(cast: Cast, call: Call) -> None:
    row, who = ask(call, as_visitor(cast.siti)), companion(cast)
    receive_support(support_ref=row.ref, actor=who, now=THURSDAY)
    follow_up_support(support_ref=row.ref, report="Sudah.", actor=who, now=THURSDAY)
    assert ask(call, as_visitor(cast.siti)).pk != row.pk


def test_only_who_received_it_follows_it_up_with_words(cast: Cast, call: Call) -> None:
    row, who, head = ask(call, as_visitor(cast.siti)), companion(cast), cast.lapas.actor("head", THURSDAY)
    receive_support(support_ref=row.ref, actor=who, now=THURSDAY)
    for actor, report, code in (
        (head, "Sudah.", "STATE_CHANGED"),
        (who, " ", "WORDS_MISSING"),
        (who, "x" * 501, "FORM_INCOMPLETE"),
        (cast.lapas.actor("supervisor", THURSDAY), "Sudah.", "NOT_FOUND"),
        (cast.rutan.actor("companion", THURSDAY), "Sudah.", "NOT_FOUND"),
    ):
        with pytest.raises(Refused, match=code):
            follow_up_support(support_ref=row.ref, report=report, actor=actor, now=THURSDAY)
    with pytest.raises(Refused, match="STATE_CHANGED"):
        receive_support(support_ref=row.ref, actor=head, now=THURSDAY)


def test_too_many_words_are_refused(cast: Cast, call: Call) -> None:
    with pytest.raises(Refused, match="FORM_INCOMPLETE"):
        ask(call, as_visitor(cast.siti), "x" * 501)


async def test_the_wall_asks_with_one_click_and_the_call_goes_on(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("support", key="k1")
    await theatre.act("support", key="k2", text=WORDS)
    assert Support.objects.get().side == "officer"
    assert theatre.is_open
