"""The contract: what every media server does, asked of the stub and of the real one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from besuk.ground.media import grants
from besuk.ground.media.grants import Grant, Privilege, Source, SupervisedCall
from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.port import (
    Kind,
    MediaCluster,
    MediaServer,
    MediaUnavailable,
    ParticipantSeen,
    Patience,
    TrackSeen,
    publishes_twice,
)
from besuk.ground.media.rooms import RoomKind, new_room
from besuk.ground.media.stub import LONG_AGO, StubServer
from besuk.ground.media.tests.conftest import Joiner, start_media

JoinAs = Callable[[str, str, Grant], Awaitable[object]]


@dataclass(frozen=True)
class Side:
    """A media server and how somebody joins it."""

    server: MediaServer
    join: JoinAs


@pytest.fixture(params=["stub", pytest.param("livekit", marks=pytest.mark.media)])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    if request.param == "stub":
        yield _stub_side()
        return
    process = request.getfixturevalue("media_process")
    server = LiveKitServer(process.plan.cluster)
    async with AsyncExitStack() as stack:
        yield Side(server, Joiner(server, stack).join)
    await server.close()


def _stub_side() -> Side:
    stub = StubServer()

    async def put(room: str, identity: str, grant: Grant) -> None:
        stub.put(room, identity, grant)

    return Side(stub, put)


async def _room(server: MediaServer) -> str:
    room = new_room(RoomKind.SUPERVISED)
    await server.ensure_room(room, empty_timeout_s=60, departure_timeout_s=60, max_participants=8)
    return room


async def _who(server: MediaServer, room: str) -> dict[str, ParticipantSeen]:
    return {party.identity: party for party in await server.participants(room)}


async def test_it_makes_a_room_once_however_often_it_is_asked(side: Side) -> None:
    room = await _room(side.server)
    await side.join(room, "v-1", grants.visitor(floor_open=False))
    await side.server.ensure_room(room, empty_timeout_s=60, departure_timeout_s=60, max_participants=8)
    assert [seen.room for seen in await side.server.rooms()].count(room) == 1
    assert set(await _who(side.server, room)) == {"v-1"}


async def test_it_deletes_a_room_and_does_not_mind_when_there_is_none(side: Side) -> None:
    room = await _room(side.server)
    assert await side.server.delete_room(room) is True
    assert room not in [seen.room for seen in await side.server.rooms()]
    assert await side.server.delete_room(room) is False
    assert await side.server.participants(room) == []


async def test_a_party_joins_with_the_floor_closed_and_is_let_hear_by_permission(side: Side) -> None:
    room = await _room(side.server)
    await side.join(room, "v-1", grants.visitor(floor_open=False))
    before = (await _who(side.server, room))["v-1"]
    assert (before.can_publish, before.can_subscribe, before.hidden) == (True, False, False)
    assert await side.server.set_permission(room, "v-1", grants.visitor(floor_open=True)) is True
    assert (await _who(side.server, room))["v-1"].can_subscribe is True
    assert await side.server.set_permission(room, "v-1", grants.visitor(floor_open=False)) is True
    after = (await _who(side.server, room))["v-1"]
    assert (after.can_publish, after.can_subscribe) == (True, False)


async def test_a_supervisor_is_hidden_from_the_others_and_seen_by_us(side: Side) -> None:
    room = await _room(side.server)
    call = SupervisedCall("call", room, Privilege.NONE)
    await side.join(room, "v-1", grants.visitor(floor_open=False))
    await side.join(room, "s-1", grants.supervisor(call))
    watcher = (await _who(side.server, room))["s-1"]
    assert (watcher.hidden, watcher.can_subscribe, watcher.can_publish) == (True, True, False)


async def test_somebody_put_out_is_out(side: Side) -> None:
    room = await _room(side.server)
    await side.join(room, "v-1", grants.visitor(floor_open=False))
    assert await side.server.remove(room, "v-1") is True
    assert "v-1" not in await _who(side.server, room)
    assert await side.server.remove(room, "v-1") is False


async def test_a_permission_for_somebody_absent_says_so(side: Side) -> None:
    room = await _room(side.server)
    assert await side.server.set_permission(room, "v-9", grants.visitor(floor_open=False)) is False
    assert await side.server.set_permission("no-room", "v-9", grants.visitor(floor_open=False)) is False


async def test_a_watchers_grant_opens_no_other_room(side: Side) -> None:
    call = SupervisedCall("call", new_room(RoomKind.SUPERVISED), Privilege.NONE)
    for grant in (grants.supervisor(call), grants.recorder(call)):
        with pytest.raises(ValueError, match="another room"):
            side.server.token(new_room(RoomKind.PRIVILEGED), "s-1", grant, timedelta(minutes=1))
        with pytest.raises(ValueError, match="another room"):
            await side.server.set_permission(new_room(RoomKind.PRIVILEGED), "s-1", grant)


async def test_it_says_its_version(side: Side) -> None:
    assert await side.server.version()


@pytest.mark.media
async def test_asking_for_the_version_leaves_no_room_behind(livekit: LiveKitServer) -> None:
    before = {seen.room for seen in await livekit.rooms()}
    assert (await livekit.version())[0].isdigit()
    assert {seen.room for seen in await livekit.rooms()} == before


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    server = LiveKitServer(MediaCluster("http://127.0.0.1:9", "besuk", "x" * 40))
    for act in (server.rooms(), server.delete_room("r"), server.remove("r", "v-1"), server.version()):
        with pytest.raises(MediaUnavailable):
            await act
    await server.close()


async def test_a_server_that_stays_silent_is_given_up_in_time(unused_tcp_port: int) -> None:
    writers: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: writers.append(writer), "127.0.0.1", unused_tcp_port)
    server = LiveKitServer(MediaCluster(f"http://127.0.0.1:{unused_tcp_port}", "besuk", "x" * 40), Patience(0.1, 0.2))
    started = asyncio.get_running_loop().time()
    with pytest.raises(MediaUnavailable):
        await server.delete_room("r")
    assert asyncio.get_running_loop().time() - started < 0.19
    await server.close()
    for writer in writers:
        writer.close()
        await writer.wait_closed()
    silent.close()
    await silent.wait_closed()


@pytest.mark.media
async def test_a_restart_of_the_server_costs_no_request(tmp_path: Path) -> None:
    process = start_media(tmp_path)
    server = LiveKitServer(process.plan.cluster)
    room = await _room(server)
    process.kill()
    process.start()
    process.wait_until_ready()
    assert await server.rooms() == []
    assert await server.delete_room(room) is False
    await server.close()
    process.stop()


async def test_a_broken_stub_fails_like_a_server_that_is_down() -> None:
    stub = StubServer()
    stub.broken = True
    with pytest.raises(MediaUnavailable):
        await stub.rooms()


def _party(*sources: Source | None) -> ParticipantSeen:
    tracks = tuple(TrackSeen(f"T{n}", Kind.VIDEO, source, False) for n, source in enumerate(sources))
    return ParticipantSeen("v-1", False, False, True, grants.BOTH, tracks, LONG_AGO)


def test_two_cameras_or_a_screen_are_noticed() -> None:
    assert not publishes_twice(_party())
    assert not publishes_twice(_party(Source.CAMERA, Source.MICROPHONE))
    assert publishes_twice(_party(Source.CAMERA, Source.CAMERA))
    assert publishes_twice(_party(Source.CAMERA, None))
