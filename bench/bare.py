"""The baseline: a bare page and the media server alone, without any of our own code in between."""

import asyncio
import http.server
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from besuk.ground.media import grants
from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.server import MediaProcess, ServerPlan, binary_path, free_ports, new_secret
from besuk.testing.browsers import Window, browsers
from besuk.testing.fake_devices import BLUE, RED

ROOM = "bare"
HERE = Path(__file__).parent
LIVEKIT = HERE.parent / "node_modules" / "livekit-client" / "dist" / "livekit-client.umd.js"


class Bare:
    """A media server with one room, and the address of a page that joins it."""

    def __init__(self, process: MediaProcess, page_port: int) -> None:
        self.process, self.page_port = process, page_port

    def address(self, who: str) -> str:
        """The page that joins as `who`, with the floor open."""
        server = LiveKitServer(self.process.plan.cluster)
        grant = grants.visitor(floor_open=True)
        token = server.token(ROOM, who, grant, timedelta(minutes=10))
        url = f"ws://127.0.0.1:{self.process.plan.ports.signalling}"
        return f"http://127.0.0.1:{self.page_port}/?url={quote(url)}&token={token}"

    def open_room(self) -> None:
        """Make the room."""
        self._run("open")

    def delete_room(self) -> None:
        """End the room, as fast as the media server does it."""
        self._run("delete")

    def _run(self, what: str) -> None:
        """In a thread of its own: Playwright's loop runs in ours."""
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: asyncio.run(self._with_server(what))).result()

    async def _with_server(self, what: str) -> None:
        server = LiveKitServer(self.process.plan.cluster)
        if what == "open":
            await server.ensure_room(ROOM, empty_timeout_s=600, departure_timeout_s=600, max_participants=8)
        else:
            await server.delete_room(ROOM)
        await server.close()


class _Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        script = self.path == "/livekit.js"
        body = (LIVEKIT if script else HERE / "bare.html").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Length", str(len(body)))
        if script:
            self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the base class
        """Say nothing."""


@contextmanager
def bare() -> Iterator[Bare]:
    """A running baseline. Raises RuntimeError where set-up has not built the media server."""
    binary = binary_path()
    if binary is None:
        raise RuntimeError("no media server: run `make setup`")
    with tempfile.TemporaryDirectory() as folder:
        process = MediaProcess(ServerPlan(free_ports(), new_secret()), Path(folder), binary)
        process.start()
        pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        try:
            process.wait_until_ready()
            yield Bare(process, pages.server_port)
        finally:
            pages.shutdown()
            process.stop()


@contextmanager
def two_bare_windows() -> Iterator[tuple[Bare, tuple[Window, Window]]]:
    """The baseline with two browsers at about:blank."""
    with tempfile.TemporaryDirectory() as folder, bare() as room, browsers(Path(folder)) as opened:
        yield room, (opened.open(RED), opened.open(BLUE))
