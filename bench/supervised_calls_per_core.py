"""What a call costs the media server: two who talk and one who watches, with media from the load generator.

Ours is the configuration and the grants of the product; the baseline is the same media server with its own
defaults and plain tokens, under the same load. The door does not carry media and is not in between here.
"""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from livekit import api

from bench.figures import Figure, figure
from bench.load import load
from besuk.ground.kernel import clock
from besuk.ground.media import grants
from besuk.ground.media.child import start_child, stop_child
from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.server import MediaProcess, Ports, ServerPlan, answers, binary_path, free_ports, new_secret

CALLS = 20
ROUNDS = 2
WINDOWS = 4
WINDOW_S = 8.0
SETTLE_S = 8.0
LIFE = timedelta(hours=1)
Token = Callable[[str, str], str]
"""(room, identity) -> token; the identity's first letter tells the role."""


def measure() -> list[Figure]:
    """CPU of the media server in percent of a core, per call."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        with _ours() as (pid, url, token):
            ours += _cost(pid, url, token)
        with _bare() as (pid, url, token):
            bare += _cost(pid, url, token)
    note = (
        f"{CALLS} calls: 2 publishers (160x120 and 320x240 VP8, Opus), 1 hidden watcher of the small pictures; tokens "
        "by our grants straight to the media server, without the door; baseline: its default settings, plain tokens"
    )
    return [
        figure("supervised_calls_per_core.cpu_percent_per_call", "%", ours, goal="<= 1.2x", baseline=bare, note=note),
        Figure("supervised_calls_per_core.recorded", "%", goal="<= 1.5 points more", awaits="no recorder"),
    ]


def _cost(pid: int, url: str, token: Token) -> list[float]:
    """Fill the server with calls and look at its CPU several times."""
    with load() as people:
        names = [f"{role}-{n}" for n in range(CALLS) for role in "vis"]
        for name in names:
            watches, room = name.startswith("s"), f"load-{name[2:]}"
            people.join(name, url, token=token(room, name), publish=not watches, low=watches)
        people.wait("first_packet", names)
        _pause(SETTLE_S)
        _must_flow(people.counts())
        found = [_busy(pid) / CALLS for _ in range(WINDOWS)]
        _must_flow(people.counts())
        return found


def _must_flow(counts: dict[str, dict[str, dict[str, int]]]) -> None:
    """Raises RuntimeError unless everybody gets pictures and sound of everybody else of their call."""
    for name, got in counts.items():
        others = 2 if name.startswith("s") else 1
        heard = [one for one in got.values() if one["frames"] > 0 and one["audio"] > 0]
        if len(heard) != others:
            raise RuntimeError(f"{name} gets {got}")


def _busy(pid: int) -> float:
    """Percent of a core over one window."""
    process = psutil.Process(pid)
    began, before = clock.monotonic(), process.cpu_times()
    _pause(WINDOW_S)
    after = process.cpu_times()
    used: float = after.user + after.system - before.user - before.system
    return 100 * used / (clock.monotonic() - began)


def _pause(seconds: float) -> None:
    asyncio.run(asyncio.sleep(seconds))


@contextmanager
def _ours() -> Iterator[tuple[int, str, Token]]:
    binary = binary_path()
    if binary is None:
        raise RuntimeError("no media server: run `make setup`")
    with tempfile.TemporaryDirectory() as folder:
        process = MediaProcess(ServerPlan(free_ports(), new_secret()), Path(folder), binary)
        process.start()
        try:
            process.wait_until_ready()
            asyncio.run(_make_rooms(process.plan))
            yield process.pid or 0, f"ws://127.0.0.1:{process.plan.ports.signalling}", _our_token(process.plan)
        finally:
            process.stop()


async def _make_rooms(plan: ServerPlan) -> None:
    server = LiveKitServer(plan.cluster)
    for n in range(CALLS):
        await server.ensure_room(f"load-{n}", empty_timeout_s=600, departure_timeout_s=600, max_participants=8)
    await server.close()


def _our_token(plan: ServerPlan) -> Token:
    server = LiveKitServer(plan.cluster)

    def token(room: str, identity: str) -> str:
        if identity.startswith("s"):
            call = grants.SupervisedCall(room, room, grants.Privilege.NONE)
            return server.token(room, identity, grants.supervisor(call), LIFE)
        grant = grants.visitor(floor_open=True) if identity.startswith("v") else grants.inmate(floor_open=True)
        return server.token(room, identity, grant, LIFE)

    return token


@contextmanager
def _bare() -> Iterator[tuple[int, str, Token]]:
    binary, secret, ports = binary_path(), new_secret(), free_ports()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bare.json"
        file.write_text(json.dumps(_defaults(secret, ports)))
        child = start_child([str(binary), "--config", str(file)], output=Path(folder) / "bare.log")
        try:
            while not answers(ports.signalling):
                _pause(0.05)
            yield child.pid, f"ws://127.0.0.1:{ports.signalling}", lambda room, who: _plain_token(secret, room, who)
        finally:
            stop_child(child, patience_s=1)


def _defaults(secret: str, ports: Ports) -> dict[str, object]:
    """Only what makes it work on loopback differs from LiveKit's defaults."""
    rtc = {"tcp_port": ports.rtc_tcp, "node_ip": "127.0.0.1", "enable_loopback_candidate": True}
    rtc |= {"use_external_ip": False, "ips": {"includes": ["127.0.0.1/32"]}}
    return {"port": ports.signalling, "bind_addresses": ["127.0.0.1"], "rtc": rtc, "keys": {"bare": secret}}


def _plain_token(secret: str, room: str, who: str) -> str:
    grant = api.VideoGrants(room_join=True, room=room, hidden=who.startswith("s"), can_publish=not who.startswith("s"))
    return api.AccessToken("bare", secret).with_identity(who).with_grants(grant).with_ttl(LIFE).to_jwt()
