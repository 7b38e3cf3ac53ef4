"""Small clients of a crowd: a party's page and an officer's wall, as the server meets them, without a browser.

They speak over the product's own sockets and addresses; pictures and sound are the load generator's, which
comes in through the door. What a client hears is checked as it comes: a gap in the numbered states, a sign
that stays away, an act that is refused are noted, so that a long run can say what was missed.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bench.load import Load
from besuk.ground.kernel import clock

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]
BEAT_EVERY_S = 1.0
AGAIN_S = 0.5
LATE_S = 0.5
CSRF = "c" * 32


@dataclass(frozen=True)
class Address:
    """Where the site is, and who asks: everything a client's requests have in common."""

    port: int
    cookie: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}"}

    def socket(self, path: str) -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    def page(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@dataclass
class Heard:
    """What came over one control socket, and what did not."""

    messages: int = 0
    faults: list[str] = field(default_factory=list)
    late_beats: int = 0
    latest_beat_s: float = 0.0
    """How long the client itself came too late: then the machine, not the site, missed something."""


class Line:
    """A control socket that says hello, beats every second and comes back when it is cut."""

    def __init__(self, address: Address, path: str, hear: Callable[[dict[str, Any]], None]) -> None:
        self.address, self.path, self._hear = address, path, hear
        self.heard = Heard()
        self.page = secrets.randbelow(2**40)
        self.connects = 0
        self.is_over = False
        self._socket: ClientConnection | None = None

    async def run(self, beat: Callable[[], Mapping[str, object] | None]) -> None:
        """Until cancelled, or the server says that all is over."""
        while not self.is_over:
            with suppress(OSError, WebSocketException):
                await self._once(beat)
            await asyncio.sleep(AGAIN_S)

    async def say(self, message: Mapping[str, object]) -> None:
        """Send, if the line is open."""
        if self._socket is not None:
            with suppress(WebSocketException):
                await self._socket.send(json.dumps(message))

    async def _once(self, beat: Callable[[], Mapping[str, object] | None]) -> None:
        address = self.address.socket(self.path)
        async with connect(address, additional_headers=self.address.headers, compression=None) as socket:
            self._socket = socket
            self.connects += 1
            await socket.send(json.dumps({"t": "hello", "gen": self.page}))
            beating = asyncio.create_task(self._beat(socket, beat))
            try:
                await self._listen(socket)
            finally:
                self._socket = None
                beating.cancel()

    async def _beat(self, socket: ClientConnection, beat: Callable[[], Mapping[str, object] | None]) -> None:
        while True:
            before = clock.monotonic()
            await asyncio.sleep(BEAT_EVERY_S)
            self._was_late(clock.monotonic() - before - BEAT_EVERY_S)
            said = beat()
            if said is not None:
                await socket.send(json.dumps({"t": "beat", "gen": self.page, "visible": True, **said}))

    def _was_late(self, seconds: float) -> None:
        self.heard.latest_beat_s = max(self.heard.latest_beat_s, seconds)
        self.heard.late_beats += seconds > LATE_S

    async def _listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            self.heard.messages += 1
            self._hear(json.loads(text))


class Party:
    """The page of a visitor or a station in its call."""

    def __init__(self, ref: str, address: Address, load: Load) -> None:
        self.ref, self.address, self.load = ref, address, load
        self.line = Line(address, f"/control/{ref}", self._hear)
        self.state: dict[str, Any] = {}
        self.longest_without_sign_s = 0.0
        """While the floor was open."""
        self._said = 0
        self._sign_at: float | None = None
        self._connect = 0

    def _come_in(self) -> None:
        """Through the door, with camera and microphone."""
        self.load.join(self.ref, self.address.socket(f"/door/{self.ref}"), headers=self.address.headers, publish=True)

    async def run(self) -> None:
        await self.line.run(self._beat)

    def _beat(self) -> Mapping[str, object]:
        moved = {"audio": self.line.heard.messages, "video": self.line.heard.messages}
        quality = {"line": "good", "rtt_ms": 20, "concealed": 0.0, "loss": 0.0, "fps": 15.0, "bytes": 0}
        return {"sent": moved, "received": moved, "quality": quality}

    def _hear(self, message: dict[str, Any]) -> None:
        now = clock.monotonic()
        if message["t"] == "state":
            self._check_number(message["seq"])
            if not self.state:
                self._come_in()  # before the first state the call is not taken up, and the door refuses
            self.state = message["call"]
            if not self.state["floor"]:
                self._sign_at = None
        elif message["t"] == "sign":
            if self._sign_at is not None:
                self.longest_without_sign_s = max(self.longest_without_sign_s, now - self._sign_at)
            self._sign_at = now if self.state.get("floor") else None
        elif message["t"] in {"ended", "replaced"}:
            self.line.is_over = True

    def _check_number(self, seq: int) -> None:
        if self.line.connects == self._connect and seq != self._said + 1:
            self.line.heard.faults.append(f"{self.ref}: state {seq} after {self._said}")
        self._connect, self._said = self.line.connects, seq


class Officer:
    """A wall: watches the calls it was given, admits, answers the attention check."""

    def __init__(self, code: str, address: Address, load: Load, calls: list[str]) -> None:
        self.code, self.address, self.load = code, address, load
        self.mine = set(calls)
        self.line = Line(address, "/control/wall", self._hear)
        self.calls: dict[str, dict[str, Any]] = {}
        self.tasks: list[dict[str, Any]] = []
        self.taps = 0
        self._wall: dict[str, Any] = {}
        self._came = asyncio.Event()
        self._doors: set[str] = set()
        self._seen: Counts = {}

    def learn(self, counts: Counts) -> None:
        """What reached everybody from everybody, as the load generator counts."""
        self._seen = counts

    async def run(self) -> None:
        async with aiohttp.ClientSession(headers=self._post_headers()) as web, asyncio.TaskGroup() as group:
            group.create_task(self.line.run(self._beat))
            while True:
                await self._came.wait()
                self._came.clear()
                await self._act(web, self._wall)

    def _post_headers(self) -> dict[str, str]:
        cookie = f"{self.address.cookie}; besuk_csrf={CSRF}"
        return {**self.address.headers, "Cookie": cookie, "X-CSRFToken": CSRF, "Referer": self.address.page("/wall/")}

    def _beat(self) -> Mapping[str, object]:
        return {"calls": {ref: found for ref in self._doors if (found := self._watched(ref)) is not None}}

    def _watched(self, ref: str) -> dict[str, dict[str, int]] | None:
        call = self.calls.get(ref)
        got = self._seen.get(f"{self.code}:{ref}")
        if call is None or got is None:
            return None
        roles = {"v": "visitor", "i": "inmate"}
        return {roles[who[0]]: dict(count) for who, count in got.items() if who[:1] in roles}

    def _hear(self, message: dict[str, Any]) -> None:
        if message["t"] == "wall":
            self.calls = {call["ref"]: call for call in message["calls"]}
            self.tasks = message["tasks"]
            self._wall = message
            self._came.set()

    async def _act(self, web: aiohttp.ClientSession, wall: dict[str, Any]) -> None:
        for call in wall["calls"]:
            if call["ref"] in self.mine:
                await self._look_at(web, call)
        if (wall["attention"] or {}).get("state") == "asked" and await self.post(web, "/wall/attention"):
            self.taps += 1

    async def _look_at(self, web: aiohttp.ClientSession, call: dict[str, Any]) -> None:
        ref = call["ref"]
        if not call["mine"]:
            await self.act(web, ref, "watch")
        elif call["door"] and ref not in self._doors:
            self._doors.add(ref)
            door = self.address.socket(call["door"])
            self.load.join(f"{self.code}:{ref}", door, headers=self.address.headers, low=True)
        elif call["state"] == "prepared" and _may_be_admitted(call):
            await self.act(web, ref, "admit")

    async def alone(self, ref: str, act: str, **body: object) -> bool:
        """An act outside of the officer's own round."""
        async with aiohttp.ClientSession(headers=self._post_headers()) as web:
            return await self.act(web, ref, act, **body)

    async def act(self, web: aiohttp.ClientSession, ref: str, act: str, **body: object) -> bool:
        """An act on a call; refusals are noted."""
        return await self.post(web, f"/wall/calls/{ref}/{act}", **body)

    async def post(self, web: aiohttp.ClientSession, path: str, **body: object) -> bool:
        """Send an act with a key of its own."""
        body = {"key": secrets.token_hex(16), **body}
        async with web.post(self.address.page(path), json=body) as answer:
            told = await answer.json()
        if not told.get("ok"):
            self.line.heard.faults.append(f"{self.code} {path}: {[one['code'] for one in told.get('refusals', [])]}")
        return bool(told.get("ok"))


def _may_be_admitted(call: dict[str, Any]) -> bool:
    both = all(end["camera"] and end["microphone"] for end in call["publishing"].values())
    return both and "no_supervisor" not in call["holds"]
