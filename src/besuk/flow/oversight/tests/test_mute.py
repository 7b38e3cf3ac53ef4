"""Muting one person: what the media server lets them send, what both read, what stands on record."""

import asyncio

import pytest

from besuk.flow.live.models import Happening, Participation
from besuk.flow.live.tests.theatre import CAMERA, MICROPHONE, Theatre
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused
from besuk.ground.media import grants
from besuk.ground.media.grants import Source


def sends(theatre: Theatre, role: str) -> set[Source | None]:
    """What the media server shows of somebody."""
    party = theatre.media._rooms[theatre.call.room].parties[theatre.ref(role)]
    return {track.source for track in party.tracks}


def may_send(theatre: Theatre, role: str) -> frozenset[Source]:
    return theatre.media._rooms[theatre.call.room].parties[theatre.ref(role)].can_publish_sources


def is_muted_on_record(theatre: Theatre, role: str) -> bool:
    return Participation.objects.get(ref=theatre.ref(role)).muted_at is not None


async def test_the_muted_one_is_seen_and_not_heard_and_the_floor_stays_open(theatre: Theatre) -> None:
    await theatre.go_live()
    answer = await theatre.act("mute", side="inmate")
    assert answer == {"confirmed": True, "recorded": True}
    assert sends(theatre, "inmate") == {Source.CAMERA}
    assert sends(theatre, "visitor") == {Source.CAMERA, Source.MICROPHONE}
    assert theatre.hears("visitor")
    assert theatre.hears("inmate")
    assert is_muted_on_record(theatre, "inmate")
    assert not is_muted_on_record(theatre, "visitor")
    assert Entry.objects.filter(code="call.mute").count() == 1


async def test_unmute_lets_them_speak_again(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("mute", side="visitor")
    await theatre.act("unmute", side="visitor")
    assert may_send(theatre, "visitor") == grants.BOTH
    assert not is_muted_on_record(theatre, "visitor")
    told = [row.code for row in Happening.objects.filter(call=theatre.call, side="visitor") if "mute" in row.code]
    assert told == ["muted", "unmuted"]


async def test_both_read_it_in_words(theatre: Theatre) -> None:
    await theatre.go_live()
    visitor, inmate = await theatre.listen_in("visitor"), await theatre.listen_in("inmate")
    await theatre.act("mute", side="visitor")
    await theatre.look()
    assert visitor.last("state")["call"]["muted"] == "Petugas mematikan mikrofon Anda sebentar."  # type: ignore[index]
    other = inmate.last("state")["call"]["muted"]  # type: ignore[index]
    assert other == f"Petugas mematikan mikrofon {theatre.stage.visitor_name} sebentar."
    await theatre.act("unmute", side="visitor")
    await theatre.look()
    assert visitor.last("state")["call"]["muted"] is None  # type: ignore[index]


async def test_a_reload_does_not_bring_the_voice_back(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("mute", side="inmate")
    await theatre.go("inmate")
    passage = await theatre.come_in("inmate", CAMERA, MICROPHONE)
    assert sends(theatre, "inmate") == {Source.CAMERA}
    assert theatre.hears("inmate")
    assert passage.grant.can_publish_sources == grants.BOTH  # the door lets them ask, the media server refuses


async def test_a_pause_and_its_end_do_not_bring_the_voice_back(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("mute", side="inmate")
    await theatre.act("pause", reason="rules")
    assert may_send(theatre, "inmate") == {Source.CAMERA}
    await theatre.act("resume")
    assert may_send(theatre, "inmate") == {Source.CAMERA}
    assert theatre.hears("inmate")


async def test_muting_in_a_pause_opens_nothing(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    await theatre.act("mute", side="inmate")
    await theatre.act("unmute", side="inmate")
    assert not theatre.is_open


async def test_a_restart_does_not_bring_the_voice_back(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("mute", side="inmate")
    await theatre.restart()
    assert theatre.stage.seats[theatre.ref("inmate")].muted
    await theatre.look()
    assert may_send(theatre, "inmate") == {Source.CAMERA}


@pytest.mark.parametrize("muted", [True, False])
async def test_a_permission_that_should_not_be_is_mended(theatre: Theatre, muted: bool) -> None:
    await theatre.go_live()
    if muted:
        await theatre.act("mute", side="inmate")
    wrong = grants.inmate(floor_open=True, muted=not muted)
    await theatre.media.set_permission(theatre.call.room, theatre.ref("inmate"), wrong)
    await theatre.look()
    assert (Source.MICROPHONE in may_send(theatre, "inmate")) == (not muted)


async def test_presence_does_not_wait_for_a_muted_microphone(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("mute", side="inmate")
    seat = theatre.stage.seats[theatre.ref("inmate")]
    theatre.stage.seats[theatre.ref("inmate")].publishing = seat.publishing.__class__(True, True)  # not yet compared
    assert not theatre.stage.publishing()["inmate"].microphone
    assert theatre.stage.publishing()["inmate"].camera
    assert theatre.stage.publishing()["visitor"].microphone


async def test_muting_works_while_the_database_is_down(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    answer = await theatre.act("mute", side="inmate")
    assert answer == {"confirmed": True, "recorded": False}
    theatre.database.down = False
    await theatre.pass_by(3)
    assert is_muted_on_record(theatre, "inmate")


async def test_unmute_gives_no_voice_that_cannot_be_recorded(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("mute", side="inmate")
    theatre.database.down = True
    with pytest.raises(Refused, match="MEDIA_UNAVAILABLE"):
        await theatre.act("unmute", side="inmate")
    assert may_send(theatre, "inmate") == {Source.CAMERA}


async def test_a_server_that_does_not_answer_confirms_nothing_and_is_asked_again(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.media.broken = True
    answer = await theatre.act("mute", side="inmate")
    assert answer["confirmed"] is False
    theatre.media.broken = False
    await theatre.look()
    await theatre.look()
    assert sends(theatre, "inmate") == {Source.CAMERA}


async def test_muted_again_while_the_unmuting_is_recorded_stays_muted(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("mute", side="inmate")
    actor = theatre.actors["officer"]
    unmuting = asyncio.ensure_future(theatre.conductor.unmute(theatre.call.ref, "inmate", actor))
    await asyncio.sleep(0)
    await theatre.conductor.mute(theatre.call.ref, "inmate", actor)
    await unmuting
    await theatre.quiet()
    assert may_send(theatre, "inmate") == {Source.CAMERA}
    assert is_muted_on_record(theatre, "inmate")


async def test_a_side_that_does_not_exist_is_refused(theatre: Theatre) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="FORM_INCOMPLETE"):
        await theatre.act("mute", side="officer")
