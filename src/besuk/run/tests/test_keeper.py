"""The keeper on a real media server: what is open and closed is asked of the server, not of us."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from livekit.protocol import rtc
from websockets.asyncio.client import ClientConnection, connect

from besuk.flow.live import reach
from besuk.flow.live.conductor import Conductor
from besuk.flow.live.doors import Passage
from besuk.flow.live.models import Call
from besuk.flow.live.presence import Publishing
from besuk.flow.live.queries import participation_of
from besuk.flow.live.tests.conftest import connection
from besuk.flow.live.tests.theatre import AtOnce
from besuk.flow.oversight.acts import perform
from besuk.ground.kernel import clock
from besuk.ground.kernel.actor import Actor
from besuk.ground.media.leases import LeaseWriter, read_leases
from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.rooms import RoomKind, new_room
from besuk.ground.media.tests.conftest import livekit, media_process
from besuk.run.keeper import Keeper
from besuk.testing.builders import approved_tie, booked_visit, call_ready, on_duty
from besuk.testing.cast import Cast, as_visitor
from besuk.testing.clock import THURSDAY
from besuk.web.door.tests.page import staff_cookie
from besuk.web.sockets import build

__all__ = ["connection", "livekit", "media_process"]
pytestmark = pytest.mark.media


class Site:
    """A keeper, a real media server, a web server on a port of its own, and people who join by signalling."""

    def __init__(self, call: Call, cast: Cast, keeper: Keeper, media: LiveKitServer, stack: AsyncExitStack) -> None:
        self.call, self.cast, self.keeper, self.media, self.stack = call, cast, keeper, media, stack
        self.port = 0
        self.actors: dict[str, Actor] = {
            "visitor": as_visitor(cast.siti),
            "inmate": cast.lapas.station(1),
            "officer": cast.lapas.actor("supervisor", clock.now()),
        }
        self.lines: dict[str, ClientConnection] = {}
        self.beats: list[asyncio.Task[None]] = []

    @property
    def conductor(self) -> Conductor:
        return self.keeper.conductor

    def ref(self, role: str) -> str:
        place = participation_of(self.call, self.actors[role])
        assert place is not None
        return place.ref

    async def join(self, role: str) -> Passage:
        """Through our door's question, then with its token to the media server, as `proxy` does."""
        passage = await self.conductor.doors.enter(self.ref(role), self.actors[role])
        headers = {"Authorization": f"Bearer {passage.token}"}
        url = f"{passage.url}/rtc?protocol=16&auto_subscribe=1"
        line = await self.stack.enter_async_context(connect(url, additional_headers=headers, proxy=None))
        first = rtc.SignalResponse.FromString(await line.recv(decode=False))
        assert first.WhichOneof("message") == "join"
        self.lines[role] = line
        assert await self.conductor.doors.answering(passage, False)
        await self.conductor.doors.joined(passage)
        return passage

    async def open_wall(self) -> ClientConnection:
        """The officer's wall, through the web server; it beats until it is closed or killed."""
        cookie = staff_cookie(self.cast.lapas.staff["supervisor"])
        headers = {"Cookie": cookie}
        address = f"ws://127.0.0.1:{self.port}/control/wall"
        origin = f"http://127.0.0.1:{self.port}"
        line = await self.stack.enter_async_context(
            connect(address, additional_headers=headers, origin=origin, proxy=None)  # type: ignore[arg-type]
        )
        await line.send('{"t":"hello","gen":1}')
        self.beats.append(asyncio.create_task(self._beat(line)))
        self.stack.callback(self.beats[-1].cancel)
        return line

    async def _beat(self, line: ClientConnection) -> None:
        n = 0
        while True:
            n += 1
            ends = '{"inmate":{"frames":%d,"audio":%d},"visitor":{"frames":%d,"audio":%d}}' % (n, n, n, n)  # noqa: UP031
            await line.send('{"t":"beat","gen":1,"visible":true,"calls":{"%s":%s}}' % (self.call.ref, ends))  # noqa: UP031
            await asyncio.sleep(0.5)

    async def act(self, act: str, **body: object) -> None:
        await perform(act, call_ref=self.call.ref, body=body, actor=self.actors["officer"], now=clock.now())

    async def go_live(self) -> ClientConnection:
        """Both sides and a watching officer are there, and the officer admits.

        Who joins by signalling alone publishes nothing, so the pictures are put into the stage by hand.
        """
        await self.join("visitor")
        await self.join("inmate")
        wall = await self.open_wall()
        await self.act("watch")
        await self.join("officer")
        await until(self._is_watched)
        stage = self.conductor.studio.stages[self.call.ref]
        for seat in stage.parties():
            seat.publishing = Publishing(True, True)
        await self.act("admit")
        return wall

    async def _is_watched(self) -> bool:
        stage = self.conductor.studio.stages[self.call.ref]
        return stage.is_watched(clock.monotonic())

    async def is_open(self) -> bool:
        """Whether the server lets either end see or hear the other."""
        parties = await self.media.participants(self.call.room)
        return any(party.can_subscribe for party in parties if not party.hidden)

    async def is_closed(self) -> bool:
        return not await self.is_open()

    async def room_is_gone(self) -> bool:
        return self.call.room not in {room.room for room in await self.media.rooms()}


async def until(question: Callable[[], Awaitable[bool]], patience_s: float = 5.0) -> float:
    """Ask until it is so; how long it took, in seconds."""
    begun = time.monotonic()
    while not await question():
        assert time.monotonic() - begun < patience_s, "it did not happen"
        await asyncio.sleep(0.02)
    return time.monotonic() - begun


@asynccontextmanager
async def web_server() -> AsyncIterator[int]:
    config = uvicorn.Config(build(ASGIHandler()), port=0, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  it has no event to wait for
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


@pytest.fixture
def call(cast: Cast) -> Call:
    on_duty(cast.lapas.staff["supervisor"], cast.lapas.facility)
    return call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))


@pytest.fixture
def leases(tmp_path: Path) -> Path:
    return tmp_path / "leases"


@pytest.fixture
async def site(  # noqa: PLR0917  fixtures
    call: Call,
    cast: Cast,
    livekit: LiveKitServer,
    connection: BaseDatabaseWrapper,
    leases: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Site]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    connections["default"] = connection
    machine = clock.MachineClock(THURSDAY - clock.now())
    async with AsyncExitStack() as stack:
        stack.enter_context(clock.installed(machine))
        which = Conductor(
            livekit, AtOnce(connection), now=clock.now, monotonic=clock.monotonic, leases=LeaseWriter(leases)
        )
        reach.install(which)
        keeper = Keeper(which)
        await keeper.start()
        stack.push_async_callback(keeper.stop)
        here = Site(call, cast, keeper, livekit, stack)
        here.port = await stack.enter_async_context(web_server())
        yield here
    reach.install(None)


async def test_the_server_is_closed_until_admit_open_after_and_closed_in_a_pause(site: Site) -> None:
    await site.join("visitor")
    await site.join("inmate")
    assert await site.is_closed()
    await site.go_live()
    await until(site.is_open)
    await site.act("pause", reason="rules")
    assert await site.is_closed()
    await site.act("resume")
    await until(site.is_open)


async def test_killing_the_walls_socket_closes_the_floor_within_1200_ms(site: Site) -> None:
    wall = await site.go_live()
    await until(site.is_open)
    wall.transport.abort()
    took = await until(site.is_closed)
    assert took < 1.2


async def test_a_wall_that_falls_silent_closes_the_floor_within_three_and_a_half_seconds(site: Site) -> None:
    await site.go_live()
    await until(site.is_open)
    site.beats[0].cancel()
    took = await until(site.is_closed)
    assert took < 3.5


async def test_the_officer_leaving_the_room_closes_the_floor(site: Site) -> None:
    await site.go_live()
    await until(site.is_open)
    await site.act("unwatch")
    assert await site.is_closed()


async def test_an_end_deletes_the_room(site: Site) -> None:
    await site.go_live()
    await site.act("end", reason="finished")
    assert await site.room_is_gone()
    assert Call.objects.get(pk=site.call.pk).outcome == "completed"


async def test_the_lease_is_there_while_watched_and_gone_after_the_end(site: Site, leases: Path) -> None:
    await site.go_live()
    await asyncio.sleep(1.6)
    assert read_leases(leases)[site.call.room].holds(clock.monotonic())
    await site.act("end", reason="finished")

    async def lease_is_gone() -> bool:
        return site.call.room not in read_leases(leases)

    await until(lease_is_gone)


async def test_a_room_that_nobody_ordered_is_ended(site: Site) -> None:
    strange = new_room(RoomKind.SUPERVISED)
    await site.media.ensure_room(strange, empty_timeout_s=60, departure_timeout_s=60, max_participants=2)

    async def gone() -> bool:
        return strange not in {room.room for room in await site.media.rooms()}

    await until(gone, 8.0)


async def test_a_room_that_was_ended_behind_our_back_is_made_again(site: Site) -> None:
    await site.go_live()
    await site.media.delete_room(site.call.room)

    async def there() -> bool:
        return not await site.room_is_gone()

    await until(there, 5.0)
    assert await site.is_closed()


async def test_a_stranger_with_a_token_of_ours_is_put_out(site: Site) -> None:
    """Even a stolen key to the room is worth two seconds in silence at most."""
    from besuk.ground.media import grants

    await site.go_live()
    token = site.media.token(site.call.room, "v-stranger", grants.visitor(floor_open=False), timedelta(minutes=1))
    url = f"{site.media.signalling_url}/rtc?protocol=16"
    await site.stack.enter_async_context(
        connect(url, additional_headers={"Authorization": f"Bearer {token}"}, proxy=None)
    )

    async def gone() -> bool:
        return "v-stranger" not in {party.identity for party in await site.media.participants(site.call.room)}

    await until(gone, 3.0)


async def test_stop_all_ends_three_rooms_within_a_second(site: Site) -> None:
    from besuk.flow.oversight.acts import stopping
    from besuk.flow.oversight.tests.test_stop_all import another_call

    facility = site.cast.lapas
    others = [another_call(facility, number) for number in (11, 12)]
    await site.go_live()
    await until(site.is_open)
    await site.conductor.rounds.read_record()
    for call in others:
        await site.conductor.doors.make_room(site.conductor.studio.stages[call.ref])
    wanted = {site.call.room, *(call.room for call in others)}
    assert wanted <= {room.room for room in await site.media.rooms()}
    begun = time.monotonic()
    stop = asyncio.create_task(stopping.stop_all(facility_id=facility.facility.pk, actor=site.actors["officer"]))

    async def all_silent() -> bool:
        return not wanted & {room.room for room in await site.media.rooms()}

    await until(all_silent, 1.0)
    assert time.monotonic() - begun < 1.0
    for role in ("visitor", "inmate"):
        assert await said_leave(site.lines[role])
    assert (await stop)["confirmed"] is True


async def said_leave(line: ClientConnection) -> bool:
    """Whether the media server put this one out: its last word is "leave"."""
    async with asyncio.timeout(1.0):
        while True:
            word = rtc.SignalResponse.FromString(await line.recv(decode=False))
            if word.WhichOneof("message") == "leave":
                return True
