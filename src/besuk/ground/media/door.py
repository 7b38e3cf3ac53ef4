"""The door: carries signalling between one browser and the media server, frame by frame.

It knows no visit and no framework. Whoever opens it (`web/door`) has asked whether this person may be
in this call now, and learns here when the party has joined, what broke the rules, and how it ended.
Media itself never passes here; it flows between browser and media server.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from besuk.ground.media.join_request import check_join_request
from besuk.ground.media.signalling import MAX_FRAME, DoorPolicy, NotAllowed, Notice, Ruling, Verdict

log = logging.getLogger(__name__)

OPEN_PATIENCE_S = 5.0
CLOSE_PATIENCE_S = 0.5
HOLD_PATIENCE_S = 2.0

NORMAL = 1000
RULE_BROKEN = 1008
TRY_AGAIN = 1012


class ClientSocket(Protocol):
    """The browser's end. Errors of a socket that is gone are `ConnectionError`s."""

    async def accept(self) -> None:
        """Complete the handshake."""
        ...

    async def refuse(self) -> None:
        """End it before the handshake (the browser then asks `/validate` why)."""
        ...

    async def receive(self) -> bytes | str | None:
        """The next frame; None when the browser has gone."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send a frame, waiting while the browser is slower than the server."""
        ...

    async def close(self, code: int) -> None:
        """Close with a WebSocket code."""
        ...


class Ending(StrEnum):
    """Why a passage ended."""

    BROWSER_LEFT = "browser_left"
    SERVER_LEFT = "server_left"
    """The media server closed: the party was put out, the room ended, or the server did."""
    RULE_BROKEN = "rule_broken"
    SHUT = "shut"
    """We closed the door ourselves (an eject, a shutdown)."""
    REFUSED = "refused"
    """The media server did not take the connection."""


@dataclass(frozen=True)
class Passed:
    """How it went. `reason` is a code for the record; `put_out` tells that the server said "leave"."""

    ending: Ending
    reason: str = ""
    joined: bool = False
    put_out: bool = False


@dataclass(frozen=True)
class Upstream:
    """Where the door leads for this person: the media server's address and a fresh token."""

    url: str
    token: str


BeforeJoin = Callable[[bool], Awaitable[bool]]
"""Asked when the join response is here and has not passed; False ends the connection instead."""
OnJoin = Callable[[bool], Awaitable[None]]
"""Called once the join response has passed; True when the party resumed an earlier session."""
OnReject = Callable[[str], Awaitable[None]]
"""Called with the code of a broken rule."""


async def proxy(
    client: ClientSocket,
    *,
    query: Mapping[str, str],
    upstream: Upstream,
    policy: DoorPolicy,
    before_join: BeforeJoin,
    on_join: OnJoin,
    on_reject: OnReject,
    monotonic: Callable[[], float],
    shut: asyncio.Event | None = None,
) -> Passed:
    """Let one browser talk to the media server until either end closes, a rule breaks, or `shut` is set.

    Both ends are closed when this returns or is cancelled. The handshake does not wait for the media server:
    a browser begins one WebSocket at a time with a site, so a wall of eight calls would wait eight times.
    """
    try:
        join = check_join_request(query, policy)
    except NotAllowed as broken:
        await client.refuse()
        await on_reject(str(broken))
        return Passed(Ending.RULE_BROKEN, str(broken))
    try:
        await client.accept()
    except ConnectionError:
        return Passed(Ending.BROWSER_LEFT, "before_accept")
    server = None
    try:
        server = await _connect(upstream, join.query)
    except (OSError, TimeoutError, WebSocketException) as error:
        return Passed(Ending.REFUSED, _why(error))
    finally:
        if server is None:
            await _close(client, TRY_AGAIN)
    passage = _Passage(client, server, policy, before_join, on_join, monotonic)
    try:
        return await passage.run(shut or asyncio.Event(), on_reject)
    finally:
        await passage.close()


def validate(query: Mapping[str, str], policy: DoorPolicy, *, may_enter: bool) -> tuple[HTTPStatus, str]:
    """The answer to `GET .../rtc/v1/validate`, which livekit-client asks after a failed connection.

    403 is final for it. Anything else (also 200) means "try again". 404 never: it would make the
    client fall back to the old protocol, which does not pass the door.
    """
    if not may_enter:
        return HTTPStatus.FORBIDDEN, "not allowed"
    try:
        check_join_request(query, policy)
    except NotAllowed:
        return HTTPStatus.FORBIDDEN, "not allowed"
    return HTTPStatus.OK, "success"


async def _connect(upstream: Upstream, query: Mapping[str, str]) -> ClientConnection:
    """The token goes in a header, which no log keeps; the browser's own never gets here."""
    return await connect(
        f"{upstream.url}/rtc/v1?{urlencode(query)}",
        additional_headers={"Authorization": f"Bearer {upstream.token}"},
        compression=None,
        proxy=None,
        open_timeout=OPEN_PATIENCE_S,
        close_timeout=CLOSE_PATIENCE_S,
        ping_interval=None,
        max_size=8 * MAX_FRAME,
    )


def _why(error: Exception) -> str:
    if isinstance(error, InvalidStatus):
        return f"status_{error.response.status_code}"
    return type(error).__name__


_JOINING = (Notice.JOINED, Notice.RESUMED)


class _Passage:
    """Two pumps and what they learn. Each pump waits for the slower end, so nothing piles up."""

    def __init__(
        self,
        client: ClientSocket,
        server: ClientConnection,
        policy: DoorPolicy,
        before_join: BeforeJoin,
        on_join: OnJoin,
        monotonic: Callable[[], float],
    ) -> None:
        self._client, self._server, self._policy = client, server, policy
        self._before_join, self._on_join, self._monotonic = before_join, on_join, monotonic
        self._joining: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()
        self._put_out = False
        self._code = NORMAL

    async def run(self, shut: asyncio.Event, on_reject: OnReject) -> Passed:
        pumps = {
            asyncio.create_task(self._from_browser()),
            asyncio.create_task(self._from_server()),
            asyncio.create_task(_shut(shut)),
        }
        try:
            done, _ = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            ending, reason = _first(done)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        if ending is Ending.RULE_BROKEN:
            self._code = RULE_BROKEN
            await self.close()
            await on_reject(reason)
        elif ending is Ending.SERVER_LEFT and not self._put_out:
            self._code = TRY_AGAIN
        return Passed(ending, reason, joined=self._joining is not None, put_out=self._put_out)

    async def close(self) -> None:
        """Close both ends, and let a join that was under way be told to the end."""
        await asyncio.gather(_close(self._client, self._code), self._server.close(), return_exceptions=True)
        if self._joining is not None and not self._joining.done():
            await asyncio.shield(self._joining)

    async def _from_browser(self) -> tuple[Ending, str]:
        while True:
            frame = await self._client.receive()
            if frame is None:
                return Ending.BROWSER_LEFT, ""
            verdict = self._policy.check_client_frame(frame, self._monotonic())
            if verdict.ruling is Ruling.HOLD and isinstance(frame, bytes):
                verdict = await self._hold(frame, verdict)
            if verdict.ruling is not Ruling.PASS:
                return Ending.RULE_BROKEN, verdict.reason
            try:
                await self._server.send(verdict.frame)
            except ConnectionClosed:
                return Ending.SERVER_LEFT, "sending"

    async def _hold(self, frame: bytes, verdict: Verdict) -> Verdict:
        """Judge again whenever the server has spoken. Frames behind this one wait, too."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HOLD_PATIENCE_S):
                while verdict.ruling is Ruling.HOLD:
                    self._heard.clear()
                    await self._heard.wait()
                    verdict = self._policy.judge(frame)
        return verdict

    async def _from_server(self) -> tuple[Ending, str]:
        while True:
            try:
                frame = await self._server.recv(decode=False)
            except ConnectionClosed as closed:
                return Ending.SERVER_LEFT, str(closed.rcvd.code if closed.rcvd else "lost")
            verdict = self._policy.check_server_frame(frame)
            self._heard.set()
            if verdict.notice is Notice.TWICE:
                return Ending.RULE_BROKEN, "published_twice"
            if verdict.notice in _JOINING and not await self._before_join(verdict.notice is Notice.RESUMED):
                return Ending.SHUT, "before_join"
            if verdict.frame:
                try:
                    await self._client.send(verdict.frame)
                except ConnectionError:
                    return Ending.BROWSER_LEFT, "sending"
            self._note(verdict.notice)

    def _note(self, notice: Notice) -> None:
        """Joining is told beside the pumps: the first frames after it must not wait for a database."""
        if notice in _JOINING and self._joining is None:
            self._joining = asyncio.create_task(self._tell(notice is Notice.RESUMED))
        elif notice is Notice.LEFT:
            self._put_out = True

    async def _tell(self, resumed: bool) -> None:
        """A failure here leaves the floor closed, which is safe; the keeper's next round mends it."""
        try:
            await self._on_join(resumed)
        except Exception:
            log.exception("could not tell that %s joined", self._policy.identity)


async def _close(client: ClientSocket, code: int) -> None:
    """A browser that is gone, or reads nothing any more, is not waited for."""
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(CLOSE_PATIENCE_S):
            await client.close(code)


async def _shut(shut: asyncio.Event) -> tuple[Ending, str]:
    await shut.wait()
    return Ending.SHUT, ""


def _first(done: set[asyncio.Task[tuple[Ending, str]]]) -> tuple[Ending, str]:
    """What ended it; when several did at once, our own reasons come first."""
    endings = [task.result() for task in done]
    order = [Ending.SHUT, Ending.RULE_BROKEN, Ending.SERVER_LEFT, Ending.BROWSER_LEFT]
    return min(endings, key=lambda ending: order.index(ending[0]))
