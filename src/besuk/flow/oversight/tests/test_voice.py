"""An officer speaks: in a second room, to the visitor while faces are checked, to both afterwards, and visibly."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from besuk.flow.live.models import Happening
from besuk.flow.live.stage import Voice
from besuk.flow.live.tests.theatre import CAMERA, MICROPHONE, Theatre
from besuk.flow.oversight.acts import perform
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused
from besuk.ground.media import grants
from besuk.ground.media.grants import Role


async def before_admit(theatre: Theatre) -> None:
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.look()


def voice(theatre: Theatre) -> Voice:
    found = theatre.stage.voice
    assert found is not None
    return found


async def role_in(theatre: Theatre, role: str) -> Role:
    """As what somebody gets into the second room."""
    passage = await theatre.conductor.voices.enter(theatre.ref(role), theatre.actors[role])
    assert passage.room == voice(theatre).room
    return passage.grant.role


def rooms(theatre: Theatre) -> set[str]:
    return set(theatre.media._rooms)


async def test_before_admit_the_visitor_hears_the_officer_and_the_inmate_does_not(theatre: Theatre) -> None:
    await before_admit(theatre)
    answer = await theatre.act("speak")
    assert answer["door"] == f"/door/{theatre.ref('officer')}/voice"
    assert await role_in(theatre, "officer") == Role.OFFICER_SPEAKING
    assert await role_in(theatre, "visitor") == Role.ADDRESSED
    with pytest.raises(Refused, match="NOT_IN_THIS_CALL"):
        await role_in(theatre, "inmate")


async def test_after_admit_both_hear_the_officer(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("speak")
    assert [await role_in(theatre, role) for role in ("visitor", "inmate")] == [Role.ADDRESSED, Role.ADDRESSED]


async def test_speaking_opens_nothing_between_the_two(theatre: Theatre) -> None:
    await before_admit(theatre)
    await theatre.act("speak")
    await theatre.pass_by(2)
    assert not theatre.is_open
    assert voice(theatre).room != theatre.call.room
    assert not grants.addressed().can_publish
    assert not grants.officer_speaking().can_subscribe


async def test_both_pages_say_that_an_officer_speaks_and_to_whom(theatre: Theatre) -> None:
    ears = [await theatre.listen_in(role) for role in ("visitor", "inmate")]
    await before_admit(theatre)
    await theatre.act("speak")
    told = [ear.last("state")["call"]["voice"] for ear in ears]  # type: ignore[index]
    assert told == [
        {"text": "Petugas berbicara", "door": f"/door/{theatre.ref('visitor')}/voice"},
        {"text": "Petugas berbicara dengan keluarga", "door": None},
    ]
    await theatre.act("hush")
    assert [ear.last("state")["call"]["voice"] for ear in ears] == [None, None]  # type: ignore[index]


async def test_hush_ends_the_room_at_once(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("speak")
    room = voice(theatre).room
    passage = await theatre.conductor.voices.enter(theatre.ref("visitor"), theatre.actors["visitor"])
    await theatre.act("hush")
    assert room not in rooms(theatre)
    assert passage.shut.is_set()
    assert not await theatre.conductor.voices.answering(passage, False)
    with pytest.raises(Refused, match="CALL_NOT_OPEN"):
        await role_in_any(theatre, "visitor")


async def role_in_any(theatre: Theatre, role: str) -> None:
    await theatre.conductor.voices.enter(theatre.ref(role), theatre.actors[role])


async def test_it_is_on_record_from_when_to_when_and_to_whom(theatre: Theatre) -> None:
    await before_admit(theatre)
    await theatre.act("speak")
    await theatre.act("speak")
    await theatre.act("hush")
    await theatre.act("hush")
    codes = list(
        Entry.objects.filter(code__in=["call.speak", "call.hush"]).order_by("number").values_list("code", "data")
    )
    assert [code for code, _ in codes] == ["call.speak", "call.hush"]
    assert codes[0][1] == {"to": "visitor"}
    told = Happening.objects.filter(code__in=["spoke_visitor", "spoke_both", "hushed"]).order_by("pk")
    assert [one.code for one in told] == ["spoke_visitor", "hushed"]


async def test_the_voice_goes_with_the_officers_presence(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("speak")
    room = voice(theatre).room
    theatre.close_wall()
    await theatre.pass_by(3.5, beats=False)
    assert theatre.stage.voice is None
    assert room not in rooms(theatre)
    assert Entry.objects.filter(code="call.hush", actor_kind="system").count() == 1


async def test_its_room_is_vouched_for_while_it_lasts_and_not_longer(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("speak")
    room = voice(theatre).room
    await theatre.pass_by(2)
    assert sum(name == room for name, _ in theatre.leases.renewed) >= 3
    await theatre.act("hush")
    assert room in theatre.leases.dropped


async def test_it_ends_with_the_call(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("speak")
    room = voice(theatre).room
    await theatre.act("end", reason="finished")
    await theatre.pass_by(2)
    assert room not in rooms(theatre)


@pytest.mark.parametrize(("role", "why"), [("officer2", "NOT_WATCHING"), ("head", "NOT_FOUND")])
async def test_who_does_not_watch_does_not_speak(theatre: Theatre, role: str, why: str) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match=why):
        await perform("speak", call_ref=theatre.call.ref, body={}, actor=theatre.actors[role], now=theatre.clock.now())
    assert theatre.stage.voice is None


async def test_an_officer_whose_presence_is_stale_does_not_speak(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.pass_by(3.5, beats=False)
    with pytest.raises(Refused, match="NO_SUPERVISOR"):
        await theatre.act("speak")


async def test_when_faces_are_checked_again_only_the_visitor_is_spoken_to(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.come_in("visitor", browser="phone")
    await theatre.come_in("visitor", browser="another")
    await theatre.act("speak")
    assert theatre.stage.spoken_to == ("visitor",)


async def test_words_for_the_family_do_not_reach_the_inmate_when_somebody_admits(theatre: Theatre) -> None:
    """Whoever admits: not every admission comes from the page of the officer who speaks."""
    await before_admit(theatre)
    await theatre.act("speak")
    assert voice(theatre).to == ("visitor",)
    await theatre.conductor.admit(theatre.call.ref, theatre.actors["officer"])
    with pytest.raises(Refused, match="NOT_IN_THIS_CALL"):
        await theatre.conductor.voices.enter(theatre.ref("inmate"), theatre.actors["inmate"])
    await theatre.look()
    assert theatre.stage.voice is None


async def test_of_two_officers_who_begin_at_once_one_is_on_record(theatre: Theatre) -> None:
    await theatre.go_live()
    voices, officer = theatre.conductor.voices, theatre.actors["officer"]
    tries = await asyncio.gather(*(voices.speak(theatre.stage, officer) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in tries) == ["Refused", "str"]
    await theatre.quiet()
    assert Entry.objects.filter(code="call.speak").count() == 1


async def test_a_voice_that_finds_no_room_is_over_on_record(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.media.broken = True
    with pytest.raises(Refused, match="MEDIA_UNAVAILABLE"):
        await theatre.conductor.voices.speak(theatre.stage, theatre.actors["officer"])
    theatre.media.broken = False
    await theatre.quiet()
    assert [one.code for one in Entry.objects.filter(code__in=["call.speak", "call.hush"]).order_by("pk")] == [
        "call.speak",
        "call.hush",
    ]


async def test_whoever_does_not_belong_in_the_second_room_is_put_out(theatre: Theatre) -> None:
    await before_admit(theatre)
    await theatre.act("speak")
    room, here = voice(theatre).room, theatre.media
    here.put(room, theatre.ref("officer"), grants.officer_speaking(), tracks=(MICROPHONE,))
    here.put(room, theatre.ref("visitor"), grants.addressed())
    here.put(room, theatre.ref("inmate"), grants.addressed())
    here.put(room, "v-stranger", grants.addressed())
    await theatre.look()
    assert set(here._rooms[room].parties) == {theatre.ref("officer"), theatre.ref("visitor")}


async def test_who_publishes_there_without_being_the_speaker_is_put_out(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("speak")
    room, parties = voice(theatre).room, theatre.media._rooms[voice(theatre).room].parties
    theatre.media.put(room, theatre.ref("visitor"), grants.addressed())
    parties[theatre.ref("visitor")] = replace(parties[theatre.ref("visitor")], tracks=(CAMERA,))
    await theatre.look()
    assert theatre.ref("visitor") not in parties


async def test_an_ejected_visitor_is_spoken_to_no_more(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("speak")
    passage = await theatre.conductor.voices.enter(theatre.ref("visitor"), theatre.actors["visitor"])
    theatre.media.put(passage.room, passage.participation_ref, passage.grant)
    await theatre.conductor.eject(theatre.call.ref, theatre.ref("visitor"), "recording", theatre.actors["officer"])
    await theatre.look()
    assert passage.participation_ref not in theatre.media._rooms[passage.room].parties
