"""The media server as a child process: its configuration, its ports, its start and its end.

For the embedded tree (`besuk serve`, `besuk demo`) and for tests. No Django: the guard's process
starts it. The configuration is media.md, "Build and run".
"""

import hashlib
import http.client
import ipaddress
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from besuk.ground.media.child import start_child, stop_child
from besuk.ground.media.port import MediaCluster

Json = str | int | bool | list["Json"] | dict[str, "Json"]

RELAY_PORTS = 200


class MediaDidNotStart(Exception):
    """The media server ended or stayed silent; the message has the last lines it wrote."""


@dataclass(frozen=True)
class Ports:
    """Where the media server listens. Only `signalling` is TCP on loopback; the rest is for browsers."""

    signalling: int
    rtc_udp: int
    rtc_tcp: int
    turn_udp: int
    relay_start: int
    relay_end: int


@dataclass(frozen=True)
class ServerPlan:
    """Everything that differs between one media server and another."""

    ports: Ports
    api_secret: str = field(repr=False)
    api_key: str = "besuk"
    node_ip: str = "127.0.0.1"
    """The address that browsers reach. Loopback means demo and tests."""
    webhook_url: str | None = None

    @property
    def cluster(self) -> MediaCluster:
        return MediaCluster(f"http://127.0.0.1:{self.ports.signalling}", self.api_key, self.api_secret)

    @property
    def loopback(self) -> bool:
        return ipaddress.ip_address(self.node_ip).is_loopback


def new_secret() -> str:
    """A secret for a media server; LiveKit wants at least 32 characters."""
    return secrets.token_urlsafe(48)


def configuration(plan: ServerPlan) -> str:
    """LiveKit's configuration file (JSON, which is YAML)."""
    everything: dict[str, Json] = {
        "port": plan.ports.signalling,
        "bind_addresses": ["127.0.0.1"],
        "rtc": _rtc(plan),
        "turn": _turn(plan),
        "keys": {plan.api_key: plan.api_secret},
        "room": {
            "auto_create": False,
            "empty_timeout": 60,
            "departure_timeout": 5,
            "max_participants": 8,
            "enable_remote_unmute": False,
            "enabled_codecs": [{"mime": "audio/opus"}, {"mime": "audio/red"}, {"mime": "video/vp8"}],
        },
        "logging": {"level": "info", "json": True},
    }
    if plan.webhook_url:
        everything["webhook"] = {"api_key": plan.api_key, "urls": [plan.webhook_url]}
    return json.dumps(everything, indent=1)


def _rtc(plan: ServerPlan) -> dict[str, Json]:
    return {
        "udp_port": plan.ports.rtc_udp,
        "tcp_port": plan.ports.rtc_tcp,
        "use_external_ip": False,
        "node_ip": plan.node_ip,
        "enable_loopback_candidate": plan.loopback,
        "ips": {"includes": [_only(plan.node_ip)]},
    }


def _turn(plan: ServerPlan) -> dict[str, Json]:
    """Our own TURN over UDP. It also keeps LiveKit from naming Google's STUN to every browser."""
    return {
        "enabled": True,
        "udp_port": plan.ports.turn_udp,
        "bind_addresses": [plan.node_ip],
        "relay_range_start": plan.ports.relay_start,
        "relay_range_end": plan.ports.relay_end,
        "allow_restricted_peer_cidrs": [_only(plan.node_ip)],
    }


def _only(address: str) -> str:
    return str(ipaddress.ip_network(address))


def free_ports() -> Ports:
    """Ports that nobody uses now, so that a second demo or test run finds its own."""
    with ExitStack() as held:
        tcp = [_held_port(held, socket.SOCK_STREAM) for _ in range(2)]
        udp = [_held_port(held, socket.SOCK_DGRAM) for _ in range(2)]
    # TURN picks from its range and tries again when a port is taken, so the range need not be empty.
    start = 30000 + secrets.randbelow((60000 - 30000) // RELAY_PORTS) * RELAY_PORTS
    return Ports(tcp[0], udp[0], tcp[1], udp[1], start, start + RELAY_PORTS - 1)


def _held_port(held: ExitStack, kind: socket.SocketKind) -> int:
    """A port from the system, kept until the others are chosen too."""
    sock = held.enter_context(socket.socket(socket.AF_INET, kind))
    sock.bind(("0.0.0.0", 0))  # noqa: S104  LiveKit's TCP port listens on all addresses, so ask about all
    return int(sock.getsockname()[1])


def cache_directory() -> Path:
    """Where set-up keeps what it built outside the tree."""
    named = os.environ.get("BESUK_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "besuk"


def binary_path() -> Path | None:
    """The media server's program: `BESUK_LIVEKIT_BINARY`, or what set-up built from `media/server`.

    None when there is none: set-up has not run.
    """
    named = os.environ.get("BESUK_LIVEKIT_BINARY")
    if named:
        return Path(named) if Path(named).is_file() else None
    built = cache_directory() / "bin" / f"livekit-server-{_recipe()}" if _module().is_dir() else None
    if built is not None and built.is_file():
        return built
    return None


def _module() -> Path:
    return Path(__file__).parents[4] / "media" / "server"


def _recipe() -> str:
    """The first 12 hex digits over go.mod and go.sum: another pin is another program."""
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum"):
        digest.update((_module() / name).read_bytes())
    return digest.hexdigest()[:12]


def binary_version(binary: Path) -> str:
    """What the program says its version is, for instance `1.13.5`."""
    said = subprocess.run([str(binary), "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    return said.split()[-1] if said.split() else ""


class MediaProcess:
    """One running media server. Dies with this process."""

    def __init__(self, plan: ServerPlan, directory: Path, binary: Path) -> None:
        """Files go to `directory`: the configuration (it has the secret, so mode 600) and the log."""
        self.plan = plan
        self.log = directory / "media.log"
        self._configuration = directory / "media.json"
        self._binary = binary
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start it; `wait_until_ready` says when it answers (36-84 ms)."""
        self._configuration.touch(mode=0o600)
        self._configuration.write_text(configuration(self.plan))
        self._child = start_child([str(self._binary), "--config", str(self._configuration)], output=self.log)

    def exit_code(self) -> int | None:
        """None while it runs (or was never started)."""
        return self._child.poll() if self._child else None

    def wait_until_ready(self, patience_s: float = 10, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Wait until it answers. Raises MediaDidNotStart when it ended or `patience_s` went by."""
        deadline = monotonic() + patience_s
        while monotonic() < deadline:
            if self.exit_code() is not None:
                raise MediaDidNotStart(f"exit code {self.exit_code()}: {self._last_words()}")
            if answers(self.plan.ports.signalling):
                return
            time.sleep(0.01)
        raise MediaDidNotStart(f"no answer in {patience_s} s: {self._last_words()}")

    def stop(self, patience_s: float = 3) -> None:
        """End it. The first SIGTERM would wait for people without limit, so a second one follows."""
        if self._child is not None:
            stop_child(self._child, patience_s=patience_s / 2, signals=(signal.SIGTERM, signal.SIGTERM))

    def kill(self) -> None:
        """End it now (SIGKILL): the guard's last resort."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return " | ".join(lines[-3:])


def answers(port: int, patience_s: float = 0.5) -> bool:
    """Whether a media server answers at this port of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience_s)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
