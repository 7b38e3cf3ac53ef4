"""The media server against what we say: ours wins. And what survives a restart."""

from dataclasses import replace
from typing import Any, cast

import pytest

from besuk.flow.live.models import Call, Happening, Hold
from besuk.flow.live.tests.theatre import CAMERA, MICROPHONE, Theatre
from besuk.ground.kernel.crypto import supervision_sign
from besuk.ground.media import grants
from besuk.ground.media.rooms import RoomKind, new_room


async def test_a_stranger_in_the_room_is_put_out(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.media.put(theatre.call.room, "v-stranger", grants.visitor(floor_open=True))
    await theatre.look()
    assert "v-stranger" not in theatre.media._rooms[theatre.call.room].parties
    assert Happening.objects.filter(call=theatre.call, code="put_out").exists()


async def test_a_visitor_who_is_hidden_is_put_out(theatre: Theatre) -> None:
    await theatre.go_live()
    parties = theatre.media._rooms[theatre.call.room].parties
    ref = theatre.ref("visitor")
    parties[ref] = replace(parties[ref], hidden=True)
    await theatre.look()
    assert ref not in parties


async def test_who_shows_two_cameras_is_put_out(theatre: Theatre) -> None:
    await theatre.go_live()
    parties = theatre.media._rooms[theatre.call.room].parties
    ref = theatre.ref("inmate")
    parties[ref] = replace(parties[ref], tracks=(CAMERA, MICROPHONE, replace(CAMERA, sid="TR_2")))
    await theatre.look()
    assert ref not in parties


async def test_a_permission_that_should_not_be_is_taken_away(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    await theatre.media.set_permission(theatre.call.room, theatre.ref("visitor"), grants.visitor(floor_open=True))
    assert theatre.is_open
    await theatre.look()
    assert not theatre.is_open
    assert Happening.objects.filter(call=theatre.call, code="floor_mended").exists()


async def test_a_permission_that_got_lost_is_given_again(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.media.set_permission(theatre.call.room, theatre.ref("visitor"), grants.visitor(floor_open=False))
    await theatre.look()
    assert theatre.hears("visitor")


async def test_a_room_that_nobody_ordered_is_ended(theatre: Theatre) -> None:
    await theatre.go_live()
    strange = new_room(RoomKind.SUPERVISED)
    await theatre.media.ensure_room(strange, empty_timeout_s=1, departure_timeout_s=1, max_participants=2)
    await theatre.pass_by(6)
    assert strange not in theatre.media._rooms
    assert theatre.call.room in theatre.media._rooms


async def test_a_room_of_somebody_else_is_left_alone(theatre: Theatre) -> None:
    await theatre.media.ensure_room("canteen", empty_timeout_s=1, departure_timeout_s=1, max_participants=2)
    await theatre.pass_by(6)
    assert "canteen" in theatre.media._rooms


async def test_a_room_whose_name_the_media_server_keeps_without_letting_anybody_in_is_given_up(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LiveKit answers "made" for such a name for ever, lists no such room and knows nobody in it."""
    visitor = await theatre.listen_in("visitor")
    await theatre.go_live()
    lost, make = theatre.call.room, theatre.media.ensure_room

    async def make_others(room: str, **wish: int) -> None:
        if room != lost:
            await make(room, **wish)

    monkeypatch.setattr(theatre.media, "ensure_room", make_others)
    del theatre.media._rooms[lost]
    for role in ("visitor", "inmate", "officer"):
        await theatre.go(role)
    await theatre.pass_by(7)
    theatre.call.refresh_from_db()
    assert theatre.call.room != lost
    assert theatre.stage.room == theatre.call.room
    assert list(theatre.media._rooms) == [theatre.call.room]
    assert visitor.heard("rejoin") == 2
    for role in ("visitor", "inmate", "officer"):
        await theatre.come_in(role)
    await theatre.pass_by(2)
    assert theatre.hears("visitor")
    assert theatre.hears("inmate")


async def test_a_media_server_that_came_back_empty_gets_its_room_and_everybody_is_called(theatre: Theatre) -> None:
    visitor, inmate = await theatre.listen_in("visitor"), await theatre.listen_in("inmate")
    await theatre.go_live()
    theatre.media._rooms.clear()
    for role in ("visitor", "inmate", "officer"):
        await theatre.go(role)
    await theatre.pass_by(3)
    assert theatre.call.room in theatre.media._rooms
    assert visitor.heard("rejoin") == 1
    assert inmate.heard("rejoin") == 1
    assert theatre.stage.holds == {"technical", "no_supervisor"}
    for role in ("visitor", "inmate", "officer"):
        await theatre.come_in(role)
    await theatre.pass_by(2)
    assert theatre.hears("visitor")
    assert theatre.hears("inmate")


async def test_after_a_restart_the_call_is_closed_until_somebody_is_seen_to_watch(theatre: Theatre) -> None:
    await theatre.go_live()
    assert theatre.is_open
    await theatre.restart()
    assert not theatre.is_open
    assert "no_supervisor" in theatre.stage.holds
    assert Hold.objects.filter(call=theatre.call, cause="no_supervisor", lifted_at__isnull=True).exists()
    for role in ("visitor", "inmate", "officer"):
        await theatre.come_in(role)
    await theatre.pass_by(1)
    assert not theatre.is_open
    theatre.open_wall()
    theatre.beat()
    await theatre.pass_by(1)
    assert theatre.hears("visitor")
    assert Call.objects.get(pk=theatre.call.pk).state == "live"


async def test_an_officers_pause_survives_a_restart(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    await theatre.restart()
    for role in ("visitor", "inmate", "officer"):
        await theatre.come_in(role)
    theatre.open_wall()
    theatre.beat()
    await theatre.pass_by(1)
    assert theatre.stage.holds == {"supervisor"}
    assert not theatre.is_open


async def test_minutes_run_on_correctly_over_a_restart(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.skip(60)
    before = theatre.stage.left(theatre.clock.now())
    await theatre.restart()
    theatre.clock.move(seconds=30)
    assert theatre.stage.left(theatre.clock.now()) == before


async def test_the_sign_of_supervision_is_signed_each_second_while_somebody_watches(theatre: Theatre) -> None:
    inmate = await theatre.listen_in("inmate")
    await theatre.go_live()
    await theatre.pass_by(1)
    before = inmate.heard("sign")
    await theatre.pass_by(3)
    assert inmate.heard("sign") == before + 3
    sign = inmate.last("sign")
    assert sign["call"] == theatre.call.ref
    assert len(str(sign["sig"])) == len(supervision_sign("x"))
    numbers = [cast("int", message["n"]) for message in inmate.said if message["t"] == "sign"]
    assert numbers == sorted(numbers)
    assert len(set(numbers[before:])) == 3, "each second's number is newer: a repeated one is not believed"


async def test_whoever_reads_that_the_floor_is_open_has_just_had_a_sign(theatre: Theatre) -> None:
    inmate = await theatre.listen_in("inmate")
    await theatre.go_live()
    theatre.close_wall()
    await theatre.pass_by(8)
    del inmate.said[:]
    theatre.open_wall()
    theatre.beat()
    await theatre.quiet()
    theatre.clock.move(seconds=0.1)
    await theatre.conductor.tick()
    told = [
        message["call"]["floor"] if message["t"] == "state" else "sign" for message in cast("list[Any]", inmate.said)
    ]
    assert told.index(True) > told.index("sign")


async def test_no_sign_without_presence(theatre: Theatre) -> None:
    inmate = await theatre.listen_in("inmate")
    await theatre.go_live()
    theatre.close_wall()
    await theatre.pass_by(1, beats=False)
    before = inmate.heard("sign")
    await theatre.pass_by(4, beats=False)
    assert inmate.heard("sign") == before
    assert inmate.last("state")["call"]["sign"] == "none"  # type: ignore[index]


async def test_the_sign_says_looking_before_admit_watching_after_and_listening_when_heard(theatre: Theatre) -> None:
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    assert theatre.stage.sign(theatre.clock.monotonic()) == "none"
    await theatre.watch()
    await theatre.look()
    assert theatre.stage.sign(theatre.clock.monotonic()) == "looking"
    await theatre.act("admit")
    assert theatre.stage.sign(theatre.clock.monotonic()) == "watching"
    await theatre.act("listen")
    assert theatre.stage.sign(theatre.clock.monotonic()) == "listening"


async def test_a_call_that_was_cancelled_in_the_record_is_ended_within_seconds(theatre: Theatre) -> None:
    from besuk.flow.live.actions.end import end_with_visit
    from besuk.ground.accounts.actors import SYSTEM
    from besuk.ground.kernel.unit import unit

    await theatre.go_live()
    with unit():
        end_with_visit(
            visit_ref=theatre.call.visit.ref, outcome="cancelled_by_facility", actor=SYSTEM, now=theatre.clock.now()
        )
    await theatre.pass_by(3)
    assert theatre.call.room not in theatre.media._rooms
    assert theatre.call.ref not in theatre.conductor.studio.stages


async def test_the_state_is_told_at_least_every_five_seconds(theatre: Theatre) -> None:
    visitor = await theatre.listen_in("visitor")
    before = visitor.heard("state")
    await theatre.pass_by(5.5)
    assert visitor.heard("state") > before


async def test_one_person_hears_the_other_by_name_and_never_more(theatre: Theatre) -> None:
    visitor, inmate = await theatre.listen_in("visitor"), await theatre.listen_in("inmate")
    call = visitor.last("state")["call"]
    assert isinstance(call, dict)
    assert call["other"] == {"label": theatre.call.visit.inmate.call_name, "state": "present"}
    assert call["message"] == "Menunggu pihak lain siap. Tetap di halaman ini."
    other = inmate.last("state")["call"]
    assert isinstance(other, dict)
    assert other["other"]["label"] == "Siti Aminah"


async def test_an_officers_newer_wall_replaces_the_older(theatre: Theatre) -> None:
    first = theatre.open_wall()
    second = theatre.open_wall()
    assert first.said[-1]["t"] == "replaced"
    assert first.code is not None
    assert second.code is None
