"""The web process: pages, door and control sockets, and the keeper in the same event loop."""

import asyncio
import contextlib
import signal
import socket
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from besuk.run.speak import Stop

if TYPE_CHECKING:
    from channels.routing import ProtocolTypeRouter as Application

GRACE_S = 1
LARGEST_FRAME = 256 * 1024
"""Bytes; more closes the socket before it is read whole. What each socket takes is less."""


@dataclass(frozen=True)
class Listening:
    """Where the web process listens."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    inner_port: int | None = None


class _Listener(uvicorn.Server):
    """One of several in a process: signals are the process's business, not the listener's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run_web(listening: Listening) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    with asyncio.Runner(loop_factory=_fast_loop) as runner:
        runner.run(_serve(listening))


def _fast_loop() -> asyncio.AbstractEventLoop:
    import uvloop

    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


async def _serve(listening: Listening) -> None:
    from django.conf import settings
    from django.utils.module_loading import import_string

    # Static files are read in a thread by Django when they are served this way; that is what is wanted.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    application = import_string(settings.ASGI_APPLICATION)
    from besuk.ground.media.chosen import media
    from besuk.run import keeper

    listeners = [_Listener(config) for config in _configs(listening, application)]

    def end() -> None:
        for listener in listeners:
            listener.should_exit = True

    loop = asyncio.get_running_loop()
    for wish in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wish, end)
    sockets = [_bound(listener.config) for listener in listeners]
    await keeper.start()
    try:
        await asyncio.gather(*(one.serve(sockets=[sock]) for one, sock in zip(listeners, sockets, strict=True)))
    finally:
        await keeper.stop()
        await media().close()


def _bound(config: uvicorn.Config) -> socket.socket:
    """Bind before anything is promised. Raises Stop when somebody is there already."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((config.host, config.port))
    except OSError as error:
        raise Stop(
            f"port {config.port} cannot be used: {error.strerror}.", "Choose another one with --port."
        ) from error
    return sock


def _configs(listening: Listening, application: "Application") -> list[uvicorn.Config]:
    configs = [_config(application, listening.host, listening.port, listening.certificate, listening.key)]
    if listening.inner_port is not None:
        configs.append(_config(application, "127.0.0.1", listening.inner_port))
    return configs


def _config(
    application: "Application", host: str, port: int, certificate: Path | None = None, key: Path | None = None
) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        lifespan="off",
        access_log=False,
        log_level="warning",
        http="httptools",
        server_header=False,
        ws_per_message_deflate=False,
        ws_max_size=LARGEST_FRAME,
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=certificate,
        ssl_keyfile=str(key) if key else None,
    )
