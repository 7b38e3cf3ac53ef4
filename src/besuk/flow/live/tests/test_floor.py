"""The floor at a media server that is slow, deaf or down."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from besuk.flow.live.doors import Passage
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.kernel.errors import Refused
from besuk.ground.media.grants import Grant, Source
from besuk.ground.media.port import MediaUnavailable
from besuk.ground.media.stub import StubServer


class LateStub(StubServer):
    """Takes openings late: whatever closed meanwhile is overtaken."""

    async def set_permission(self, room: str, identity: str, grant: Grant) -> bool:
        if grant.can_subscribe:
            for _ in range(20):
                await asyncio.sleep(0)
        return await super().set_permission(room, identity, grant)


class DeafStub(StubServer):
    """Takes no closing, as a hung media server."""

    deaf = False

    async def set_permission(self, room: str, identity: str, grant: Grant) -> bool:
        if self.deaf and not grant.can_subscribe:
            raise MediaUnavailable("hung")
        return await super().set_permission(room, identity, grant)


@pytest.mark.parametrize("turns", [1, 3, 5, 8, 12, 19, 25])
async def test_an_opening_that_the_server_takes_too_late_is_closed_again(theatre: Theatre, turns: int) -> None:
    theatre.media = LateStub()
    await theatre.restart()
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    resuming = asyncio.ensure_future(theatre.conductor.resume(theatre.call.ref, theatre.actors["officer"]))
    for _ in range(turns):
        await asyncio.sleep(0)
    await theatre.conductor.pause(theatre.call.ref, "rules", theatre.actors["officer"])
    await resuming
    await theatre.quiet()
    assert not theatre.is_open


async def test_a_floor_that_does_not_close_costs_the_room(theatre: Theatre) -> None:
    deaf = DeafStub()
    theatre.media = deaf
    await theatre.restart()
    await theatre.go_live()
    deaf.deaf = True
    await theatre.act("pause", reason="rules")
    assert not theatre.is_open
    assert ("delete_room", theatre.call.room) in deaf.acts


async def test_a_media_server_that_is_down_gets_no_lease_for_a_call_that_should_be_closed(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.close_wall()
    theatre.media.broken = True
    theatre.leases.renewed.clear()
    await theatre.pass_by(4, beats=False)
    renewed = [at for _, at in theatre.leases.renewed]
    assert all(at < theatre.clock.monotonic() - 2.5 for at in renewed)


async def test_the_lease_is_renewed_each_second_while_somebody_watches(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.leases.renewed.clear()
    await theatre.pass_by(4)
    assert len(theatre.leases.renewed) == 4


async def test_the_lease_of_a_closed_floor_is_renewed_because_the_server_confirms_it(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.close_wall()
    await theatre.pass_by(3, beats=False)
    theatre.leases.renewed.clear()
    await theatre.pass_by(3, beats=False)
    assert len(theatre.leases.renewed) == 3


async def test_no_lease_for_a_floor_that_is_open_without_anybody_watching(theatre: Theatre) -> None:
    """As if the closing got lost on the way: the server still says open, so nobody vouches for it."""
    await theatre.go_live()
    theatre.close_wall()
    await theatre.pass_by(2, beats=False)
    theatre.leases.renewed.clear()
    stage = theatre.stage
    seen = await theatre.media.participants(stage.room)
    opened = [replace(party, can_subscribe=True) for party in seen]
    theatre.conductor.rounds._vouch(stage, opened)
    assert theatre.leases.renewed == []


async def test_a_hung_database_does_not_stop_the_leases_of_a_watched_call(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    theatre.leases.renewed.clear()
    await theatre.pass_by(3)
    assert len(theatre.leases.renewed) == 3
    assert theatre.is_open


async def test_a_hung_database_keeps_no_floor_open(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.hung = True
    theatre.close_wall()
    await theatre.pass_by(1.5, beats=False)
    assert not theatre.is_open
    theatre.open_wall()
    theatre.beat()
    await theatre.pass_by(2)
    assert not theatre.is_open, "opening waits for the record"
    theatre.database.hung = False
    await theatre.pass_by(1)
    assert theatre.hears("inmate")


async def test_an_officer_pauses_and_ends_with_a_hung_database(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.hung = True
    await theatre.act("pause", reason="rules")
    assert not theatre.is_open
    await theatre.act("end", reason="finished")
    assert theatre.call.room not in theatre.media._rooms
    theatre.database.hung = False
    await theatre.quiet()


class EndsMeanwhile(StubServer):
    """While a room is being made, the call ends."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def ensure_room(
        self, room: str, *, empty_timeout_s: int, departure_timeout_s: int, max_participants: int
    ) -> None:
        if self.meanwhile is not None:
            then, self.meanwhile = self.meanwhile, None
            await then()
        await super().ensure_room(
            room,
            empty_timeout_s=empty_timeout_s,
            departure_timeout_s=departure_timeout_s,
            max_participants=max_participants,
        )


async def test_who_enters_while_the_call_ends_gets_no_token_and_the_room_goes(theatre: Theatre) -> None:
    media = EndsMeanwhile()
    theatre.media = media
    await theatre.restart()
    await theatre.go_live()
    await theatre.go("visitor")
    media.meanwhile = lambda: theatre.act("end", reason="finished")
    with pytest.raises(Refused, match="CALL_ENDED"):
        await theatre.conductor.doors.enter(theatre.ref("visitor"), theatre.actors["visitor"])
    await theatre.pass_by(1)
    assert theatre.call.room not in media._rooms


async def on_the_way(theatre: Theatre) -> Passage:
    """The visitor's token was made, and nothing has reached the media server yet."""
    await theatre.go_live()
    await theatre.go("visitor")
    theatre.media.leave(theatre.call.room, theatre.ref("visitor"))
    return await theatre.conductor.doors.enter(theatre.ref("visitor"), theatre.actors["visitor"])


def arrive(theatre: Theatre, passage: Passage) -> None:
    """The media server lets them in as the token says; its answer is on its way to the door."""
    theatre.media.put(passage.room, passage.participation_ref, theatre.media.tokens[passage.token])


def hears(theatre: Theatre) -> bool:
    return theatre.media.grant_of(theatre.call.room, theatre.ref("visitor")).can_subscribe


async def test_who_comes_back_into_an_open_call_sees_at_once(theatre: Theatre) -> None:
    passage = await on_the_way(theatre)
    arrive(theatre, passage)
    assert hears(theatre)
    assert await theatre.conductor.doors.answering(passage, False)
    assert hears(theatre)


@pytest.mark.parametrize("resumed", [False, True])
@pytest.mark.parametrize("first", ["act", "arrival"])
async def test_a_pause_is_not_outrun_on_the_way_in(theatre: Theatre, first: str, resumed: bool) -> None:
    passage = await on_the_way(theatre)
    if first == "arrival":
        arrive(theatre, passage)
    await theatre.act("pause", reason="rules")
    if first == "act":
        arrive(theatre, passage)
        assert hears(theatre), "the server knew nobody to close the floor for: this is what the door is for"
    assert await theatre.conductor.doors.answering(passage, resumed)
    assert not hears(theatre)
    await theatre.conductor.doors.joined(passage)
    await theatre.quiet()
    assert not theatre.is_open


async def test_what_opened_again_meanwhile_is_open_for_who_was_on_the_way(theatre: Theatre) -> None:
    passage = await on_the_way(theatre)
    arrive(theatre, passage)
    await theatre.act("pause", reason="rules")
    theatre.beat()
    await theatre.act("resume")
    assert await theatre.conductor.doors.answering(passage, False)
    await theatre.conductor.doors.joined(passage)
    await theatre.quiet()
    assert hears(theatre)


@pytest.mark.parametrize("what", ["end", "eject"])
async def test_no_answer_passes_to_who_is_not_to_be_in_the_call_any_more(theatre: Theatre, what: str) -> None:
    passage = await on_the_way(theatre)
    if what == "end":
        await theatre.act("end", reason="finished")
    else:
        theatre.stage.seats[theatre.ref("visitor")].ejected = True
    assert not await theatre.conductor.doors.answering(passage, False)


async def test_a_floor_that_does_not_close_for_who_comes_in_costs_the_room(theatre: Theatre) -> None:
    deaf = DeafStub()
    theatre.media = deaf
    await theatre.restart()
    passage = await on_the_way(theatre)
    await theatre.act("pause", reason="rules")
    arrive(theatre, passage)
    deaf.deaf = True
    await theatre.conductor.doors.answering(passage, False)
    assert ("delete_room", theatre.call.room) in deaf.acts


async def test_who_was_muted_comes_back_muted(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.go("visitor")
    theatre.stage.seats[theatre.ref("visitor")].muted = True
    passage = await theatre.conductor.doors.enter(theatre.ref("visitor"), theatre.actors["visitor"])
    assert Source.MICROPHONE not in theatre.media.tokens[passage.token].can_publish_sources
