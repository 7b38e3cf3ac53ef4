"""A real media server for the tests that need one, and people who join it without a browser."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from livekit.protocol import rtc
from websockets.asyncio.client import ClientConnection, connect

from besuk.ground.media.grants import Grant
from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.server import MediaProcess, ServerPlan, free_ports, new_secret
from besuk.testing import needs


def start_media(directory: Path, *, webhook_url: str | None = None) -> MediaProcess:
    """A running media server on ports of its own."""
    binary = needs.media_server()
    plan = ServerPlan(free_ports(), new_secret(), webhook_url=webhook_url)
    process = MediaProcess(plan, directory, binary)
    process.start()
    process.wait_until_ready()
    return process


@pytest.fixture(scope="module")
def media_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaProcess]:
    process = start_media(tmp_path_factory.mktemp("media"))
    yield process
    process.stop()


@pytest.fixture
async def livekit(media_process: MediaProcess) -> AsyncIterator[LiveKitServer]:
    server = LiveKitServer(media_process.plan.cluster)
    yield server
    await server.close()


class Joiner:
    """Joins parties by signalling alone: enough to be seen in the room."""

    def __init__(self, server: LiveKitServer, stack: AsyncExitStack) -> None:
        self._server, self._stack = server, stack

    async def join(self, room: str, identity: str, grant: Grant) -> ClientConnection:
        token = self._server.token(room, identity, grant, timedelta(minutes=1))
        url = f"{self._server.signalling_url}/rtc?protocol=16&auto_subscribe=1"
        headers = {"Authorization": f"Bearer {token}"}
        socket = await self._stack.enter_async_context(connect(url, additional_headers=headers, proxy=None))
        first = rtc.SignalResponse.FromString(await socket.recv(decode=False))
        assert first.WhichOneof("message") == "join"
        return socket


@pytest.fixture
async def joiner(livekit: LiveKitServer) -> AsyncIterator[Joiner]:
    async with AsyncExitStack() as stack:
        yield Joiner(livekit, stack)
