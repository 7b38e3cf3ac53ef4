"""What a small site needs to know before it starts: addresses, ports, secrets, environment. No Django.

The parent process makes the plan, and hands it to its children as `BESUK_*` variables: so the parts of one
tree can never be configured differently.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from besuk.ground.media.server import Ports, ServerPlan, binary_path, free_ports, new_secret
from besuk.run.speak import Stop


@dataclass(frozen=True)
class Tls:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class SitePlan:
    """One small site: where it listens, where its data is, and its media server (None: the stub, or one elsewhere)."""

    data_dir: Path
    host: str
    port: int
    site_url: str
    hosts: tuple[str, ...] = ()
    media: ServerPlan | None = None
    tls: Tls | None = None
    inner_port: int | None = None
    """A plain listener on loopback for the media server's webhooks, where `port` is none."""
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def loopback_port(self) -> int:
        """Where this machine itself reaches the pages, without TLS."""
        return self.inner_port or self.port

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def leases(self) -> Path:
        return self.data_dir / "leases"

    def environment(self) -> dict[str, str]:
        """The variables of every child: those of this process, the plan's over them."""
        mine = {
            "DJANGO_SETTINGS_MODULE": "besuk.config.settings",
            "BESUK_DATA_DIR": str(self.data_dir),
            "BESUK_LEASES_DIR": str(self.leases),
            "BESUK_SITE_URL": self.site_url,
            "BESUK_HOSTS": ",".join(dict.fromkeys(["127.0.0.1", "localhost", *self.hosts])),
            "PYTHONUNBUFFERED": "1",
            **self.extra,
        }
        if self.media is not None:
            mine |= {
                "BESUK_MEDIA": "livekit",
                "BESUK_MEDIA_URL": self.media.cluster.url,
                "BESUK_MEDIA_API_KEY": self.media.api_key,
                "BESUK_MEDIA_API_SECRET": self.media.api_secret,
            }
        # A file that the environment names must not win over what the plan says of the same variable.
        theirs = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in mine}
        return {**theirs, **mine}


def media_plan(*, webhook_port: int, node_ip: str, secret: str = "", ports: Ports | None = None) -> ServerPlan:
    """The media server of this site, on `ports` or free ones. Raises Stop when set-up has not built it."""
    if binary_path() is None:
        raise Stop("the media server is not built yet.", "Run `make setup`, or set BESUK_LIVEKIT_BINARY.")
    return ServerPlan(
        ports=ports or free_ports(),
        api_secret=secret or new_secret(),
        node_ip=node_ip,
        webhook_url=f"http://127.0.0.1:{webhook_port}/hooks/media",
    )


def must_be_free(host: str, port: int) -> None:
    """Raises Stop when something listens there already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Stop(f"port {port} is not allowed for this user.", "Choose one above 1023 with --port.") from error
        except OSError as error:
            another = port + 1 if port < 65535 else port - 1
            raise Stop(
                f"port {port} is in use already.",
                f"Stop what runs there, or choose another one: --port {another} (with make: PORT={another}).",
            ) from error


def free_port() -> int:
    """A TCP port on loopback that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def inner_port_for(host: str, *, tls: bool) -> int | None:
    """A second, plain port on loopback where the main one cannot be reached that way."""
    reachable = host in {"127.0.0.1", "localhost", "0.0.0.0"}  # noqa: S104  asked about, not bound
    return None if reachable and not tls else free_port()
