"""The door's two pumps: both closings, a slow browser, a broken rule, a server that says no."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
from livekit.protocol import models, rtc
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from besuk.ground.media import grants
from besuk.ground.media.door import NORMAL, RULE_BROKEN, TRY_AGAIN, Ending, Passed, Upstream, proxy, validate
from besuk.ground.media.signalling import DoorPolicy
from besuk.ground.media.tests.test_join_request import wrapped

QUERY = {"join_request": wrapped(rtc.JoinRequest().SerializeToString()), "access_token": "home-made"}
JOIN = rtc.SignalResponse(join=rtc.JoinResponse()).SerializeToString()
PING = rtc.SignalRequest(ping=1).SerializeToString()
BAD = rtc.SignalRequest(simulate=rtc.SimulateScenario()).SerializeToString()


def camera(cid: str) -> bytes:
    return rtc.SignalRequest(add_track=rtc.AddTrackRequest(cid=cid, type="VIDEO", source="CAMERA")).SerializeToString()


class Browser:
    """A browser's end made of queues."""

    def __init__(self) -> None:
        self.outbox: asyncio.Queue[bytes | str | None] = asyncio.Queue()
        self.got: list[bytes] = []
        self.accepted = self.refused = self.slow = False
        self.code: int | None = None

    async def accept(self) -> None:
        self.accepted = True

    async def refuse(self) -> None:
        self.refused = True

    async def receive(self) -> bytes | str | None:
        return await self.outbox.get()

    async def send(self, frame: bytes) -> None:
        if self.slow:
            await asyncio.sleep(60)
        self.got.append(frame)

    async def close(self, code: int) -> None:
        self.code = code


Script = Callable[[ServerConnection], Awaitable[None]]


@dataclass
class Case:
    """A door between a browser of queues and a scripted media server."""

    url: str
    requests: list[Request]
    received: list[bytes]
    script: list[Script]
    browser: Browser = field(default_factory=Browser)
    joined: list[bool] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    shut: asyncio.Event = field(default_factory=asyncio.Event)
    may_pass: bool = True

    async def _before_join(self, resumed: bool) -> bool:
        assert not self.browser.got, "the answer has passed before anybody was asked"
        return self.may_pass

    async def _join(self, resumed: bool) -> None:
        self.joined.append(resumed)

    async def _reject(self, code: str) -> None:
        self.broken.append(code)

    async def run(self, query: dict[str, str] | None = None) -> Passed:
        async with asyncio.timeout(5):
            return await proxy(
                self.browser,
                query=QUERY if query is None else query,
                upstream=Upstream(self.url, "fresh-token"),
                policy=DoorPolicy("v-1", grants.visitor(floor_open=False)),
                before_join=self._before_join,
                on_join=self._join,
                on_reject=self._reject,
                monotonic=time.monotonic,
                shut=self.shut,
            )


async def stay(server: ServerConnection) -> None:
    await server.send(JOIN)
    await server.wait_closed()


async def resume(server: ServerConnection) -> None:
    await server.send(rtc.SignalResponse(reconnect=rtc.ReconnectResponse()).SerializeToString())
    await server.wait_closed()


async def leave(server: ServerConnection) -> None:
    await server.send(JOIN)
    await server.send(rtc.SignalResponse(leave=rtc.LeaveRequest()).SerializeToString())


async def vanish(server: ServerConnection) -> None:
    await server.send(JOIN)
    server.transport.abort()


@pytest.fixture
async def case() -> AsyncIterator[Case]:
    requests: list[Request] = []
    received: list[bytes] = []
    script: list[Script] = [stay]

    async def handle(server: ServerConnection) -> None:
        assert server.request is not None
        requests.append(server.request)
        reading = asyncio.create_task(_collect(server, received))
        await script[0](server)
        reading.cancel()

    async with serve(handle, "127.0.0.1", 0) as listener:
        port = next(iter(listener.sockets)).getsockname()[1]
        yield Case(f"ws://127.0.0.1:{port}", requests, received, script)


async def _collect(server: ServerConnection, received: list[bytes]) -> None:
    async for frame in server:
        assert isinstance(frame, bytes)
        received.append(frame)


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not what():  # noqa: ASYNC110  a test looks
            await asyncio.sleep(0.01)


async def test_the_token_is_ours_and_the_browsers_own_goes_nowhere(case: Case) -> None:
    case.browser.outbox.put_nowait(None)
    await case.run()
    (request,) = case.requests
    assert request.headers["Authorization"] == "Bearer fresh-token"
    assert request.path.startswith("/rtc/v1?join_request=")
    assert "home-made" not in request.path


async def test_frames_pass_both_ways_until_the_browser_leaves(case: Case) -> None:
    case.browser.outbox.put_nowait(PING)
    running = asyncio.create_task(case.run())
    await until(lambda: case.received == [PING] and case.browser.got == [JOIN])
    case.browser.outbox.put_nowait(None)
    passed = await running
    assert (passed.ending, passed.joined, case.joined) == (Ending.BROWSER_LEFT, True, [False])


async def test_a_broken_rule_closes_is_told_and_never_reaches_the_server(case: Case) -> None:
    case.browser.outbox.put_nowait(BAD)
    passed = await case.run()
    assert (passed.ending, case.browser.code) == (Ending.RULE_BROKEN, RULE_BROKEN)
    assert case.broken == [passed.reason] == ["no_such_request:simulate"]
    assert case.received == []


async def test_a_broken_join_request_never_gets_a_handshake(case: Case) -> None:
    passed = await case.run({"join_request": "%%%"})
    assert passed.ending is Ending.RULE_BROKEN
    assert (case.browser.refused, case.browser.accepted) == (True, False)
    assert case.broken == ["join_request_unreadable"]
    assert case.requests == []


async def test_somebody_put_out_by_the_server_is_told_so(case: Case) -> None:
    case.script[0] = leave
    passed = await case.run()
    assert (passed.ending, passed.put_out, case.browser.code) == (Ending.SERVER_LEFT, True, NORMAL)


async def test_a_server_that_vanishes_lets_the_browser_try_again(case: Case) -> None:
    case.script[0] = vanish
    passed = await case.run()
    assert (passed.ending, passed.put_out, case.browser.code) == (Ending.SERVER_LEFT, False, TRY_AGAIN)


async def test_the_door_is_shut_from_our_side_at_once(case: Case) -> None:
    running = asyncio.create_task(case.run())
    await until(lambda: case.joined == [False])
    case.shut.set()
    assert (await running).ending is Ending.SHUT
    assert case.browser.code is not None


@pytest.mark.parametrize("script", [stay, resume])
async def test_the_answer_does_not_pass_when_its_moment_is_over(case: Case, script: Script) -> None:
    case.script.append(script)
    case.may_pass = False
    passed = await case.run()
    assert passed == Passed(Ending.SHUT, "before_join")
    assert (case.browser.got, case.joined) == ([], [])


async def test_shutting_does_not_wait_for_a_browser_that_stopped_reading(case: Case) -> None:
    case.browser.slow = True
    running = asyncio.create_task(case.run())
    await until(lambda: case.requests != [])
    case.shut.set()
    started = time.monotonic()
    assert (await running).ending is Ending.SHUT
    assert time.monotonic() - started < 2


async def test_a_server_that_refuses_or_is_not_there_lets_the_browser_try_again(case: Case) -> None:
    def no(_: ServerConnection, __: Request) -> Response:
        return Response(404, "Not Found", headers=Headers(), body=b"")

    async with serve(stay, "127.0.0.1", 0, process_request=no) as listener:
        case.url = f"ws://127.0.0.1:{next(iter(listener.sockets)).getsockname()[1]}"
        assert await case.run() == Passed(Ending.REFUSED, "status_404")
    case.url = "ws://127.0.0.1:9"
    assert (case.browser.accepted, case.browser.code) == (True, TRY_AGAIN)
    case.browser.code = None
    assert (await case.run()).ending is Ending.REFUSED
    assert case.browser.code == TRY_AGAIN
    assert case.joined == []


async def test_the_handshake_does_not_wait_for_the_media_server(case: Case) -> None:
    answer = asyncio.Event()

    async def slow(_: ServerConnection, __: Request) -> None:
        await answer.wait()

    async with serve(stay, "127.0.0.1", 0, process_request=slow) as listener:
        case.url = f"ws://127.0.0.1:{next(iter(listener.sockets)).getsockname()[1]}"
        running = asyncio.create_task(case.run())
        await until(lambda: case.browser.accepted)
        assert case.browser.got == []
        answer.set()
        await until(lambda: case.joined == [False])
        case.shut.set()
        assert (await running).ending is Ending.SHUT


async def test_a_door_that_is_given_up_on_its_way_closes_the_browser(case: Case) -> None:
    async def never(_: ServerConnection, __: Request) -> None:
        await asyncio.Event().wait()

    async with serve(stay, "127.0.0.1", 0, process_request=never) as listener:
        case.url = f"ws://127.0.0.1:{next(iter(listener.sockets)).getsockname()[1]}"
        running = asyncio.create_task(case.run())
        await until(lambda: case.browser.accepted)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert case.browser.code == TRY_AGAIN


async def test_an_exchanged_camera_waits_for_the_old_one_to_go(case: Case) -> None:
    async def exchange(server: ServerConnection) -> None:
        await server.send(JOIN)
        await server.send(_showing("TR_1"))
        await until(lambda: case.browser.got[-1:] == [_showing("TR_1")])
        case.browser.outbox.put_nowait(camera("new"))
        await asyncio.sleep(0.1)
        assert case.received == []
        await server.send(_showing())
        await server.wait_closed()

    case.script[0] = exchange
    running = asyncio.create_task(case.run())
    await until(lambda: case.received == [camera("new")])
    case.shut.set()
    assert (await running).reason == ""


async def test_two_cameras_at_the_server_close_the_door(case: Case) -> None:
    async def twice(server: ServerConnection) -> None:
        await server.send(JOIN)
        await server.send(_showing("TR_1", "TR_2"))
        await server.wait_closed()

    case.script[0] = twice
    assert await case.run() == Passed(Ending.RULE_BROKEN, "published_twice", joined=True)
    assert case.broken == ["published_twice"]


def test_the_answer_to_a_failed_connection_is_final_or_not_but_never_not_found() -> None:
    def asked(query: dict[str, str], *, may_enter: bool) -> HTTPStatus:
        return validate(query, DoorPolicy("v-1", grants.visitor(floor_open=False)), may_enter=may_enter)[0]

    assert asked(QUERY, may_enter=True) == 200
    assert asked(QUERY, may_enter=False) == 403
    assert asked({}, may_enter=True) == 403


def _showing(*sids: str) -> bytes:
    tracks = [models.TrackInfo(sid=sid, type="VIDEO", source="CAMERA") for sid in sids]
    me = models.ParticipantInfo(identity="v-1", tracks=tracks)
    return rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=[me])).SerializeToString()
