"""A web application of twenty lines around the real door, for real browsers and a real media server."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import uvicorn
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from besuk.ground.media import grants
from besuk.ground.media.door import Passed, Upstream, proxy, validate
from besuk.ground.media.grants import Grant, Privilege, SupervisedCall
from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.rooms import RoomKind, new_room
from besuk.ground.media.server import MediaProcess
from besuk.ground.media.signalling import DoorPolicy, ServerVerdict
from besuk.web.door.socket import AsgiSocket

LIBRARY = Path(__file__).parents[5] / "node_modules/livekit-client/dist/livekit-client.umd.js"
PAGE = (
    b"""<!doctype html><title>door</title><script src="/livekit-client.js"></script><script src="/page.js"></script>"""
)
SCRIPT = b"""
const { Room, RoomEvent, Track } = LivekitClient;
const call = { states: [] };
call.join = async (identity, publish = true) => {
  const room = call.room = new Room({ dynacast: true });
  for (const name of ["Reconnecting", "Reconnected", "SignalReconnecting", "Disconnected"])
    room.on(RoomEvent[name], (reason) => call.states.push(name === "Disconnected" ? `${name} ${reason}` : name));
  room.on(RoomEvent.TrackSubscribed, (track) => {
    const element = track.attach();
    element.dataset.sid = track.sid;
    document.body.append(element);
  });
  room.on(RoomEvent.TrackUnsubscribed, (track) =>
    document.querySelectorAll(`[data-sid="${track.sid}"]`).forEach((element) => element.remove()));
  await room.connect(`ws://${location.host}/door/${identity}`, "home-made", { maxRetries: 0 });
  if (publish) await call.publish();
};
call.publish = async () => {
  await room().setCameraEnabled(true, { resolution: { width: 320, height: 240 } }, { simulcast: false });
  await room().setMicrophoneEnabled(true);
};
call.shutOut = (who) => room().setTrackSubscriptionPermissions(false, [{ participantIdentity: who, allowAll: true }]);
call.republish = async () => {
  const camera = room().getTrackPublication(Track.Source.Camera).track;
  await room().unpublishTrack(camera, false);
  await room().publishTrack(camera, { source: Track.Source.Camera, simulcast: false });
};
call.secondCamera = async () => {
  const [track] = await LivekitClient.createLocalTracks({ video: true });
  await room().publishTrack(track, { source: Track.Source.Camera });
};
call.token = () => call.room.engine.token;
const room = () => call.room.localParticipant;
window.call = call;
"""

Result = TypeVar("Result")


class CountingPolicy(DoorPolicy):
    """The real rules, counting what was kept from the browser and how much came from it."""

    kept_back = 0

    def check_server_frame(self, frame: bytes) -> ServerVerdict:
        verdict = super().check_server_frame(frame)
        self.kept_back += not verdict.frame
        return verdict


@dataclass
class Doorway:
    """Runs in a thread with a loop of its own, so that tests can drive browsers beside it."""

    process: MediaProcess
    room: str = field(default_factory=lambda: new_room(RoomKind.SUPERVISED))
    floor_open: bool = True
    ejected: set[str] = field(default_factory=set)
    joined: list[tuple[str, bool]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    ended: list[tuple[str, Passed]] = field(default_factory=list)
    validated: list[tuple[str, int]] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    policies: list[CountingPolicy] = field(default_factory=list)
    shut: dict[str, asyncio.Event] = field(default_factory=dict)
    url: str = ""

    def __enter__(self) -> "Doorway":
        self._server = uvicorn.Server(
            uvicorn.Config(self._app, port=0, interface="asgi3", log_level="warning", lifespan="off")
        )
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
        self.do(self.media.ensure_room(self.room, empty_timeout_s=60, departure_timeout_s=60, max_participants=8))
        return self

    def __exit__(self, *_: object) -> None:
        self.do(self.media.close())
        self._server.should_exit = True
        self._thread.join()

    def _serve(self) -> None:
        self.media = LiveKitServer(self.process.plan.cluster)
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            runner.run(self._server.serve())

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run something on the server's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def set_floor(self, *, floor_open: bool, people: dict[str, Grant]) -> None:
        """Open or close the floor for those already here."""
        self.floor_open = floor_open
        for identity, grant in people.items():
            assert self.do(self.media.set_permission(self.room, identity, grant))

    def eject(self, identity: str) -> None:
        """Close the socket, remember it, put them out: in this order."""
        self.ejected.add(identity)
        self._loop.call_soon_threadsafe(self.shut[identity].set)
        self.do(self.media.remove(self.room, identity))

    def drop_sockets(self) -> None:
        """As when the web application restarts: every socket goes, the media stays."""
        for event in self.shut.values():
            self._loop.call_soon_threadsafe(event.set)

    def present(self) -> set[str]:
        """Who is in the room, the media server says."""
        return {party.identity for party in self.do(self.media.participants(self.room))}

    def grant(self, identity: str, *, floor_open: bool = False) -> Grant:
        if identity.startswith("s-"):
            return grants.supervisor(SupervisedCall("call", self.room, Privilege.NONE))
        return (grants.inmate if identity.startswith("i-") else grants.visitor)(floor_open=floor_open)

    async def _app(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "websocket":
            await self._door(scope["path"], scope["query_string"], AsgiSocket(receive, send))
        elif scope["type"] == "http":
            status, kind, body = self._page(scope["path"], scope["query_string"])
            head = [(b"content-type", kind)]
            await send({"type": "http.response.start", "status": status, "headers": head, "trailers": False})
            await send({"type": "http.response.body", "body": body, "more_body": False})

    def _page(self, path: str, query: bytes) -> tuple[int, bytes, bytes]:
        if path.endswith("/rtc/v1/validate"):
            identity = path.split("/")[2]
            policy = DoorPolicy(identity, self.grant(identity))
            may_enter = identity not in self.ejected
            status, text = validate(dict(parse_qsl(query.decode())), policy, may_enter=may_enter)
            self.validated.append((identity, status))
            return status, b"text/plain", text.encode()
        if path == "/livekit-client.js":
            return HTTPStatus.OK, b"text/javascript", LIBRARY.read_bytes()
        if path == "/page.js":
            return HTTPStatus.OK, b"text/javascript", SCRIPT
        return HTTPStatus.OK, b"text/html", PAGE

    async def _door(self, path: str, query: bytes, socket: AsgiSocket) -> None:
        identity = path.split("/")[2]
        self.queries.append(len(query))
        if identity in self.ejected or not path.endswith("/rtc/v1"):
            await socket.refuse()
            return
        policy = CountingPolicy(identity, self.grant(identity))
        self.policies.append(policy)
        self.shut[identity] = asyncio.Event()
        token = self.media.token(self.room, identity, self.grant(identity), timedelta(seconds=30))
        passed = await proxy(
            socket,
            query=dict(parse_qsl(query.decode())),
            upstream=Upstream(self.media.signalling_url, token),
            policy=policy,
            before_join=lambda resumed: _always(),
            on_join=lambda resumed: self._on_join(identity, resumed),
            on_reject=lambda code: self._on_reject(identity, code),
            monotonic=time.monotonic,
            shut=self.shut[identity],
        )
        self.ended.append((identity, passed))

    async def _on_join(self, identity: str, resumed: bool) -> None:
        self.joined.append((identity, resumed))
        if self.floor_open and not identity.startswith("s-"):
            await self.media.set_permission(self.room, identity, self.grant(identity, floor_open=True))

    async def _on_reject(self, identity: str, code: str) -> None:
        self.broken.append((identity, code))


async def _always() -> bool:
    return True
