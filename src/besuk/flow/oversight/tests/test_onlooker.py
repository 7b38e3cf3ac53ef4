"""The head of prison looks at a running call: with a purpose, told to both, and never as its supervision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import pytest

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import Visit
from besuk.flow.live.floor import is_closed
from besuk.flow.live.models import Happening, Participation
from besuk.flow.live.presence import Counters
from besuk.flow.live.tests.theatre import CAMERA, MICROPHONE, Theatre
from besuk.flow.oversight.acts import perform
from besuk.flow.oversight.acts.looking import look, unlook
from besuk.ground.accounts.actors import SYSTEM, staff_actor
from besuk.ground.accounts.models import Membership, Staff
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.media import grants
from besuk.ground.media.grants import Privilege, SupervisedCall

PURPOSE = "Memeriksa keluhan keluarga"


async def begin(theatre: Theatre, role: str = "head", purpose: str = PURPOSE) -> str:
    """The head says why, and gets a place."""
    answer = await look(call_ref=theatre.call.ref, purpose=purpose, actor=theatre.actors[role])
    await theatre.quiet()
    return str(answer["participation"])


async def live_with_head(theatre: Theatre, again: Callable[[], Actor] | None = None) -> str:
    await theatre.go_live()
    ref = await begin(theatre)
    await theatre.come_in("head", again=again)
    return ref


def is_there(theatre: Theatre, ref: str) -> bool:
    return ref in theatre.media._rooms[theatre.call.room].parties


def becomes_privileged() -> None:
    Tie.objects.update(relation="lawyer")


async def test_the_head_sees_and_hears_what_the_two_exchange_and_sends_nothing(theatre: Theatre) -> None:
    ref = await live_with_head(theatre)
    await theatre.look()
    assert theatre.hears("head")
    party = theatre.media._rooms[theatre.call.room].parties[ref]
    assert (party.hidden, party.can_publish, party.tracks) == (True, False, ())
    assert theatre.media.grant_of(theatre.call.room, ref).agent


async def test_before_admit_and_while_paused_the_head_sees_nothing(theatre: Theatre) -> None:
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await begin(theatre)
    await theatre.come_in("head")
    await theatre.watch()
    assert not theatre.hears("head")
    await theatre.look()
    await theatre.act("admit")
    assert theatre.hears("head")
    await theatre.act("pause", reason="rules")
    assert not theatre.hears("head")
    await theatre.act("resume")
    assert theatre.hears("head")


async def test_without_the_supervisor_all_fall_silent_the_head_too(theatre: Theatre) -> None:
    await live_with_head(theatre)
    theatre.close_wall()
    await theatre.pass_by(3.5, beats=False)
    assert "no_supervisor" in theatre.stage.holds
    assert not theatre.is_open
    assert not theatre.hears("head")


async def test_no_heartbeat_of_the_head_ever_counts(theatre: Theatre) -> None:
    """Over a wall that the head should not have, with the right numbers, again and again."""
    ref = await live_with_head(theatre)
    theatre.close_wall()
    await theatre.pass_by(3.5, beats=False)
    theatre.open_wall("head")
    for _ in range(8):
        theatre.beat()
        assert theatre.wall is not None
        everything = Counters(10**6, 10**6)
        theatre.conductor.wall_beat(
            theatre.wall, True, {theatre.call.ref: {"inmate": everything, "visitor": everything}}
        )
        theatre.conductor.parties.beat(ref, {"visible": True, "quality_line": "good"})
        await theatre.pass_by(0.5, beats=False)
    assert theatre.stage.holds == {"no_supervisor"}
    assert theatre.stage.sign(theatre.clock.monotonic()) == "none"
    assert ref not in theatre.stage.watches
    assert not theatre.is_open
    with pytest.raises(Refused, match="NOT_FOUND"):
        await perform(
            "resume", call_ref=theatre.call.ref, body={}, actor=theatre.actors["head"], now=theatre.clock.now()
        )


async def test_the_head_is_not_the_second_supervisor_of_a_sensitive_call(theatre: Theatre) -> None:
    await live_with_head(theatre)
    Visit.objects.update(sensitive=True)
    await theatre.pass_by(3)
    assert "no_supervisor" in theatre.stage.holds


@pytest.mark.parametrize("word", ["end", "help", "leave"])
async def test_what_a_party_may_say_the_head_may_not(theatre: Theatre, word: str) -> None:
    ref = await live_with_head(theatre)
    await theatre.listen_in("head")
    caller = theatre.conductor.studio.hub.callers[ref]
    await theatre.conductor.parties.says(ref, caller, word)
    await theatre.quiet()
    assert theatre.is_open
    assert not theatre.stage.ending
    assert is_there(theatre, ref)


async def test_both_sides_read_it_in_the_sign_while_the_head_is_there(theatre: Theatre) -> None:
    ears = [await theatre.listen_in(role) for role in ("visitor", "inmate")]
    await live_with_head(theatre)
    assert [ear.last("state")["call"]["onlooker"] for ear in ears] == [True, True]  # type: ignore[index]
    await unlook(call_ref=theatre.call.ref, actor=theatre.actors["head"])
    await theatre.look()
    assert [ear.last("state")["call"]["onlooker"] for ear in ears] == [False, False]  # type: ignore[index]


async def test_it_is_on_record_with_its_purpose_and_in_the_timeline_without(theatre: Theatre) -> None:
    await live_with_head(theatre)
    await unlook(call_ref=theatre.call.ref, actor=theatre.actors["head"])
    await theatre.quiet()
    entry = Entry.objects.get(code="call.look")
    assert (entry.purpose, entry.actor_subject) == (PURPOSE, theatre.actors["head"].subject)
    assert Entry.objects.filter(code="call.unlook").count() == 1
    told = Happening.objects.filter(code__in=["looked", "unlooked"]).order_by("pk")
    assert [one.code for one in told] == ["looked", "unlooked"]
    assert PURPOSE not in str([one.data for one in told])


@pytest.mark.parametrize(
    ("purpose", "code"), [("", "PURPOSE_MISSING"), ("  ", "PURPOSE_MISSING"), ("x" * 201, "FORM_INCOMPLETE")]
)
async def test_without_a_purpose_there_is_no_look(theatre: Theatre, purpose: str, code: str) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match=code):
        await begin(theatre, purpose=purpose)
    assert not theatre.stage.onlookers()
    assert not Participation.objects.filter(role="onlooker").exists()


@pytest.mark.parametrize("role", ["officer", "visitor", "inmate", "outsider"])
async def test_nobody_else_may_look(theatre: Theatre, role: str) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="NOT_FOUND"):
        await begin(theatre, role)


async def test_looking_twice_is_one_place_and_two_entries(theatre: Theatre) -> None:
    await theatre.go_live()
    assert await begin(theatre) == await begin(theatre, purpose="Lagi")
    assert Participation.objects.filter(role="onlooker").count() == 1
    assert Entry.objects.filter(code="call.look").count() == 2


async def test_a_privileged_call_is_refused_by_its_code_and_nothing_is_made(theatre: Theatre) -> None:
    await theatre.go_live()
    becomes_privileged()
    with pytest.raises(Refused, match="CALL_PRIVILEGED"):
        await begin(theatre)
    assert not Participation.objects.filter(role="onlooker").exists()


async def test_a_place_from_before_does_not_open_a_call_that_became_privileged(theatre: Theatre) -> None:
    await theatre.go_live()
    ref = await begin(theatre)
    becomes_privileged()
    with pytest.raises(Refused, match="CALL_PRIVILEGED"):
        await theatre.conductor.doors.enter(ref, theatre.actors["head"])


async def test_who_looks_is_put_out_when_the_call_becomes_privileged(theatre: Theatre) -> None:
    ref = await live_with_head(theatre, again=lambda: theatre.actors["head"])
    becomes_privileged()
    await theatre.pass_by(4)
    assert not is_there(theatre, ref)


async def test_who_looks_is_put_out_when_the_capability_is_withdrawn(theatre: Theatre) -> None:
    head = Staff.objects.get(pk=theatre.actors["head"].pk)
    ref = await live_with_head(theatre, again=lambda: staff_actor(head, theatre.clock.now()))
    Membership.objects.filter(staff=head).update(until=theatre.clock.now())
    await theatre.pass_by(4)
    assert not is_there(theatre, ref)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        await theatre.conductor.doors.enter(ref, staff_actor(head, theatre.clock.now()))


async def test_a_token_kept_from_before_opens_nothing_and_its_bearer_is_put_out(theatre: Theatre) -> None:
    """Straight at the media server, past the door: the grant is closed, and the keeper knows who came in."""
    ref = await live_with_head(theatre)
    kept = theatre.media.tokens[theatre.passages["head"].token]
    await theatre.go("head")
    theatre.media.leave(theatre.call.room, ref)
    theatre.media.put(theatre.call.room, ref, kept)
    assert not theatre.hears("head")
    await theatre.pass_by(3)
    assert not is_there(theatre, ref)
    assert Happening.objects.filter(code="put_out", data__why="not_through_the_door").exists()


async def test_the_keeper_leaves_an_expected_onlooker_and_removes_a_stranger(theatre: Theatre) -> None:
    ref = await live_with_head(theatre)
    call = SupervisedCall(theatre.call.ref, theatre.call.room, Privilege.NONE)
    theatre.media.put(theatre.call.room, "o-stranger", grants.onlooker(call, floor_open=True))
    await theatre.look()
    assert is_there(theatre, ref)
    assert not is_there(theatre, "o-stranger")


async def test_an_onlooker_who_is_seen_or_sends_is_removed(theatre: Theatre) -> None:
    ref = await live_with_head(theatre)
    parties = theatre.media._rooms[theatre.call.room].parties
    parties[ref] = replace(parties[ref], hidden=False, tracks=(CAMERA, MICROPHONE))
    await theatre.look()
    assert not is_there(theatre, ref)


async def test_a_permission_of_the_head_that_should_not_be_is_taken_away(theatre: Theatre) -> None:
    ref = await live_with_head(theatre)
    await theatre.act("pause", reason="rules")
    call = SupervisedCall(theatre.call.ref, theatre.call.room, Privilege.NONE)
    await theatre.media.set_permission(theatre.call.room, ref, grants.onlooker(call, floor_open=True))
    assert theatre.hears("head")
    await theatre.look()
    assert not theatre.hears("head")


async def test_who_goes_without_a_word_has_stopped_looking(theatre: Theatre) -> None:
    ref = await live_with_head(theatre)
    await theatre.go("head")
    await theatre.pass_by(21)
    assert ref not in theatre.stage.seats
    assert Entry.objects.filter(code="call.unlook", actor_kind="system").count() == 1


async def test_a_look_ends_with_the_call_and_the_page_is_told(theatre: Theatre) -> None:
    await live_with_head(theatre)
    ear = await theatre.listen_in("head")
    assert ear.last("look")["call"]["floor"] is True  # type: ignore[index]
    await theatre.act("end", reason="finished")
    await theatre.pass_by(2)
    assert ear.last("ended")["next_url"] == "/office/board/"
    assert Participation.objects.get(role="onlooker").until is not None
    assert Entry.objects.filter(code="call.unlook").count() == 1


async def test_a_capability_at_another_prison_is_none_here(theatre: Theatre) -> None:
    await theatre.go_live()
    head = theatre.actors["head"]
    elsewhere = {theatre.stage.facility_id + 1: frozenset({"call.look"})}
    theatre.actors["stranger"] = replace(head, may=MappingProxyType(elsewhere))
    with pytest.raises(Refused, match="NOT_FOUND"):
        await begin(theatre, "stranger")


async def test_an_onlooker_who_could_not_be_removed_is_taken_for_no_supervisor(theatre: Theatre) -> None:
    """Nobody vouches for a floor as closed while somebody without a place may still hear."""
    ref = await live_with_head(theatre)
    stage = theatre.stage
    theatre.media.broken = True
    await theatre.conductor.onlookers.leave(stage, stage.seats[ref], SYSTEM)
    theatre.media.broken = False
    assert is_there(theatre, ref)
    seen = [
        one for one in await theatre.media.participants(stage.room) if one.identity in {ref, theatre.ref("officer")}
    ]
    assert not is_closed(stage, seen)
    assert is_closed(stage, [one for one in seen if one.identity != ref])
