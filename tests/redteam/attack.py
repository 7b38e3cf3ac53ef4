"""What an attacker brings: the library in a changed page, bare sockets with anybody's cookie, home-made tokens."""

import json
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from livekit.protocol import rtc
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from besuk.ground.media.join_request import _pack
from besuk.testing.browsers import Window
from besuk.testing.faults import seconds_until_passing
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from besuk.testing.waiting import within

LIBRARY = Path(__file__).parents[2] / "node_modules/livekit-client/dist/livekit-client.umd.js"
CHANGED = Path(__file__).parent / "changed.js"
Attempt = tuple[str, str, str]


class Record:
    """The site's own record, read beside it."""

    def __init__(self, site: Site) -> None:
        self.ask = site.ask
        self._before = 0

    def begin(self) -> None:
        """A new case begins: what earlier ones left on record shows nothing for it."""
        self._before = self.ask("SELECT coalesce(max(id), 0) FROM audit_entry")[0][0]

    def attempts(self) -> list[Attempt]:
        """What was tried in this case, why it was refused, and at whose place."""
        query = "SELECT data FROM audit_entry WHERE code = 'call.attempt' AND id > ? ORDER BY id"
        rows = self.ask(query, self._before)
        entries = [json.loads(data) for (data,) in rows]
        return [(entry["what"], entry["why"], entry["place"]) for entry in entries]

    def shows(self, what: str, why: str, place: str, seconds: float = 4) -> bool:
        """Whether this attempt comes to be on record. The same one again within minutes is no second row."""
        return within(seconds, lambda: (what, why, place) in self.attempts())

    def place(self, role: str) -> str:
        """The place of a side, or of the officer, in the newest open call."""
        found = self.ask(
            "SELECT p.ref FROM live_participation p JOIN live_call c ON c.id = p.call_id"
            " WHERE c.state != 'ended' AND p.role = ? ORDER BY c.state, p.id DESC",
            role,
        )
        return str(found[0][0])

    def call(self) -> tuple[str, str]:
        """Ref and room of the newest open call."""
        found = self.ask("SELECT ref, room FROM live_call WHERE state != 'ended' ORDER BY state, id DESC")
        return str(found[0][0]), str(found[0][1])


class Media:
    """The media server behind the site: where it listens, and tokens made by whoever holds `secret`."""

    def __init__(self, site: Site) -> None:
        told = site.part("web").environ()
        self.url, self.key, self.secret = (told[f"BESUK_MEDIA_{what}"] for what in ("URL", "API_KEY", "API_SECRET"))
        self.pid = site.part("media").pid

    def token(
        self,
        room: str,
        *,
        secret: str,
        life: timedelta = timedelta(minutes=5),
        algorithm: str = "HS256",
        **more: object,
    ) -> str:
        """A token that would let its bearer do everything in a room, and make rooms."""
        video = {"room": room, "roomJoin": True, "roomAdmin": True, "roomCreate": True, "roomList": True, **more}
        wide = {"canSubscribe": True, "canPublish": True, "canPublishData": True, "hidden": True, "recorder": True}
        claims = {"iss": self.key, "sub": "attacker", "video": {**video, **wide}}
        claims |= {"nbf": int(time.time()) - 3600, "exp": int(time.time() + life.total_seconds())}
        return jwt.encode(claims, secret if algorithm != "none" else "", algorithm=algorithm)

    def join(self, room: str) -> ClientConnection:
        """Join past the door, with the media server's own key."""
        token = self.token(room, secret=self.secret)
        address = f"{self.url.replace('http', 'ws')}/rtc?protocol=16&auto_subscribe=1&access_token={token}"
        return connect(address, proxy=None, open_timeout=5)

    def rooms(self) -> set[str]:
        """All rooms there are."""
        return {room["name"] for room in self._ask("ListRooms", {}).get("rooms", [])}

    def people(self, room: str) -> set[str]:
        """Who is in a room."""
        found = self._ask("ListParticipants", {"room": room}).get("participants", [])
        return {one["identity"] for one in found}

    def _ask(self, method: str, body: dict[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}/twirp/livekit.RoomService/{method}", json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self.token(body.get('room', ''), secret=self.secret)}")
        with urllib.request.urlopen(request, timeout=5) as answer:
            told: dict[str, Any] = json.loads(answer.read())
            return told

    def knock(self, token: str) -> int:
        """The status with which the media server answers a bare join; 101 when it lets in."""
        address = f"{self.url.replace('http', 'ws')}/rtc?protocol=16&auto_subscribe=1&access_token={token}"
        try:
            with connect(address, proxy=None, open_timeout=5) as socket:
                socket.recv(timeout=5)
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code


class Changed:
    """A changed client in the family's signed-in browser: it has left the site's own page of the call."""

    def __init__(self, site: Site, scene: Scene, ref: str, window: Window | None = None) -> None:
        self.window, self.scene, self.ref = window or scene.family, scene, ref
        self.window.page.goto(f"{site.base}/my-visits/")
        self.window.page.evaluate(LIBRARY.read_text(encoding="utf-8"))
        self.window.page.evaluate(CHANGED.read_text(encoding="utf-8"))

    def join(self) -> str:
        """Come through the door and publish; how it failed, or an empty string."""
        script = "r => changed.join(r).then(() => '', e => String(e.message || e))"
        return str(self.window.page.evaluate(script, self.ref))

    def meet(self) -> None:
        """Both see and hear each other, again if need be."""
        if self.scene.passing(0.5) != (True, True):
            # a door that was closed a moment ago may need a second knock on a slow machine
            assert any(self.join() == "" for _ in range(3))
            seconds_until_passing(self.scene, 15)

    def tries(self, name: str) -> None:
        self.window.page.evaluate("n => changed.try(n)", name)

    def states(self) -> list[str]:
        found: list[str] = self.window.page.evaluate("changed.states")
        return found


def act(scene: Scene, call: str, name: str, **body: object) -> dict[str, Any]:
    """An act of the officer, sent as the wall's page sends it."""
    script = """async ([call, name, body]) => {
      const csrf = JSON.parse(document.getElementById('page-data').textContent).csrf;
      const answer = await fetch(`/wall/calls/${call}/${name}`, { method: 'POST', body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf } });
      return answer.json();
    }"""
    sent = {"key": str(time.monotonic_ns()), **body}
    answer: dict[str, Any] = scene.officer.page.evaluate(script, [call, name, sent])
    assert answer["ok"], answer
    return answer


def cookies(window: Window) -> str:
    """Everything that this browser would send with a request."""
    return "; ".join(f"{one.get('name')}={one.get('value')}" for one in window.context.cookies())


def socket(site: Site, path: str, cookie: str, *, origin: str | None = "", **headers: str) -> ClientConnection:
    """A bare WebSocket to the site. Raises InvalidStatus when the handshake is refused."""
    told = {"Cookie": cookie, **headers}
    address = site.base.replace("http", "ws") + path
    where = site.base if origin == "" else origin
    return connect(address, additional_headers=told, origin=where, proxy=None, open_timeout=5, max_size=2**24)  # type: ignore[arg-type]


def refused(site: Site, path: str, cookie: str, *, origin: str | None = "") -> int:
    """The status with which a handshake is refused; 0 when it is not."""
    try:
        with socket(site, path, cookie, origin=origin):
            return 0
    except InvalidStatus as answer:
        return answer.response.status_code


def door(ref: str, **query: str) -> str:
    """The door's address with a join request as the library makes it, and whatever else is put into the query."""
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"/door/{ref}/rtc/v1?join_request={_pack(rtc.JoinRequest())}{more}"
