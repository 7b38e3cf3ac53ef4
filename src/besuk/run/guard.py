"""The guard: no room without somebody who vouches for it. Small on purpose, and without Django.

With the web application killed the media goes on: the media server does not care about us. So a
process beside it asks four times a second which rooms exist and which of them hold a lease
(`ground/media/leases.py`), ends the rest, and when the media server does not answer while a
supervised room has lost its lease, kills it. Whatever fails here fails towards silence.
"""

import asyncio
import http.client
import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import jwt

from besuk.ground.media.leases import GRACE_S, Lease, drop_lease, read_leases
from besuk.ground.media.port import MediaCluster
from besuk.ground.media.rooms import RoomKind, kind_of

log = logging.getLogger(__name__)

TICK_S = 0.25
PATIENCE_S = 0.5
_STRICT = frozenset({RoomKind.SUPERVISED, RoomKind.VOICE})


class NoAnswer(Exception):
    """The media server did not answer in time, or not with what was asked."""


class Rooms(Protocol):
    """The two things the guard asks of a media server."""

    async def names(self) -> list[str]:
        """All rooms there are. Raises NoAnswer."""
        ...

    async def delete(self, room: str) -> None:
        """End a room; fine when it is gone already. Raises NoAnswer."""
        ...


class TwirpRooms:
    """`Rooms` over LiveKit's HTTP API, with nothing but the standard library and a signature.

    A fresh connection each time: a pooled one fails once after the server restarted, and for the guard
    a failure means the worst.
    """

    def __init__(self, cluster: MediaCluster, patience_s: float = PATIENCE_S) -> None:
        self._cluster, self._patience_s = cluster, patience_s

    async def names(self) -> list[str]:
        answer = await self._ask("ListRooms", {"roomList": True}, {})
        rooms = answer.get("rooms", [])
        if not isinstance(rooms, list):
            raise NoAnswer("ListRooms: not a list")
        try:
            return [str(room["name"]) for room in rooms]
        except (KeyError, TypeError) as error:
            raise NoAnswer(f"ListRooms: {error!r}") from error

    async def delete(self, room: str) -> None:
        await self._ask("DeleteRoom", {"roomCreate": True}, {"room": room})

    async def _ask(self, method: str, grant: dict[str, bool], body: dict[str, str]) -> dict[str, object]:
        try:
            async with asyncio.timeout(self._patience_s):
                return await asyncio.to_thread(self._post, method, grant, json.dumps(body))
        except (OSError, TimeoutError, ValueError, http.client.HTTPException) as error:
            raise NoAnswer(f"{method}: {error!r}") from error

    def _post(self, method: str, grant: dict[str, bool], body: str) -> dict[str, object]:
        where = urlsplit(self._cluster.url)
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.netloc, timeout=self._patience_s)
        try:
            headers = {"Authorization": f"Bearer {self._token(grant)}", "Content-Type": "application/json"}
            connection.request("POST", f"{where.path.rstrip('/')}/twirp/livekit.RoomService/{method}", body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.status == http.client.NOT_FOUND and method == "DeleteRoom":
            return {}  # gone already; that there is nothing to list, a media server says otherwise
        if response.status != http.client.OK:
            raise NoAnswer(f"{method}: status {response.status}")
        answer = json.loads(content)
        if not isinstance(answer, dict):
            raise NoAnswer(f"{method}: not an object")
        return answer

    def _token(self, grant: dict[str, bool]) -> str:
        claims = {"iss": self._cluster.api_key, "exp": int(time.time()) + 30, "video": grant}
        return jwt.encode(claims, self._cluster.api_secret, algorithm="HS256")


@dataclass
class Guard:
    """Ends rooms without a lease. `kill` ends the media server; None where it is not ours to kill."""

    rooms: Rooms
    leases: Path
    kill: Callable[[], None] | None = None
    monotonic: Callable[[], float] = time.monotonic
    _first_seen: dict[str, float] = field(default_factory=dict, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Tick until `stop` is set. Nothing that goes wrong in a tick ends the guard."""
        while not stop.is_set():
            try:
                await self.tick()
            except Exception:
                log.exception("the guard stumbled and goes on")
            try:
                async with asyncio.timeout(TICK_S):
                    await stop.wait()
            except TimeoutError:
                continue

    async def tick(self) -> None:
        """Look once, and end what nobody vouches for."""
        leases = read_leases(self.leases)
        try:
            open_rooms = await self.rooms.names()
            self._remember(open_rooms)
            overdue = [room for room in open_rooms if self._is_overdue(room, leases)]
            for room in overdue:
                log.error("room %s has no valid lease: ending it", room)
                await self.rooms.delete(room)
                self._forget(room)
            self._tidy(open_rooms, leases)
        except NoAnswer as error:
            self._without_answer(leases, error)

    def _remember(self, open_rooms: Iterable[str]) -> None:
        now = self.monotonic()
        self._first_seen = {room: self._first_seen.get(room, now) for room in open_rooms}

    def _is_overdue(self, room: str, leases: dict[str, Lease]) -> bool:
        """Its lease ran out, or it never had one for longer than its kind may go without."""
        now = self.monotonic()
        lease = leases.get(room)
        if lease is not None:
            return not lease.holds(now)
        return now - self._first_seen.get(room, now) >= GRACE_S[kind_of(room)]

    def _without_answer(self, leases: dict[str, Lease], error: NoAnswer) -> None:
        """The last resort. It ends privileged rooms too, so only when a supervised one is overdue."""
        rooms = set(self._first_seen) | set(leases)
        overdue = [room for room in rooms if kind_of(room) in _STRICT and self._is_overdue(room, leases)]
        if not overdue:
            log.warning("the media server does not answer: %s", error)
            return
        if self.kill is None:
            log.critical("the media server does not answer, %s is overdue, and it is not ours to kill", overdue[0])
            return
        log.critical("the media server does not answer and %s is overdue: killing it", overdue[0])
        self.kill()
        for room in rooms:
            self._forget(room)

    def _forget(self, room: str) -> None:
        self._first_seen.pop(room, None)
        drop_lease(self.leases, room)

    def _tidy(self, open_rooms: Iterable[str], leases: dict[str, Lease]) -> None:
        """Leases of rooms that are gone mean nothing, and must not be a reason to kill later."""
        gone = set(leases) - set(open_rooms)
        for room in gone:
            if not leases[room].holds(self.monotonic()):
                drop_lease(self.leases, room)
