"""A browser's end of a WebSocket, against the ASGI application itself."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.test import Client

from besuk.ground.accounts.models import Staff
from besuk.web.sockets import build

OWN_ORIGIN = ((b"origin", b"http://testserver"), (b"host", b"testserver"))


def staff_cookie(staff: Staff) -> str:
    """The session of somebody of the staff who has signed in, as a browser sends it."""
    client = Client()
    client.force_login(staff)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Page:
    """One socket of one page."""

    def __init__(self, address: str, cookie: str = "", origin: tuple[tuple[bytes, bytes], ...] = OWN_ORIGIN) -> None:
        path, _, query = address.partition("?")
        scope = {
            "type": "websocket",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [*origin, (b"cookie", cookie.encode())],
            "subprotocols": [],
            "client": ["127.0.0.1", 50000],
        }
        communicator: Any = ApplicationCommunicator  # it has no types
        self._wire = communicator(build(ASGIHandler()), scope)

    async def connect(self) -> bool:
        """Whether the handshake was completed."""
        await self._wire.send_input({"type": "websocket.connect"})
        answer = await self._wire.receive_output(2)
        return bool(answer["type"] == "websocket.accept")

    async def say(self, message: object) -> None:
        await self.send(json.dumps(message))

    async def send(self, text: str) -> None:
        await self._wire.send_input({"type": "websocket.receive", "text": text})

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next message of this kind."""
        while True:
            output = await self._wire.receive_output(2)
            assert output["type"] == "websocket.send", output
            message: dict[str, Any] = json.loads(output["text"])
            if message["t"] == kind:
                return message

    async def closed(self) -> int:
        """The code with which the server closes."""
        while True:
            output = await self._wire.receive_output(2)
            if output["type"] == "websocket.close":
                return int(output.get("code", 1000))

    async def leave(self) -> None:
        """The browser is gone; returns when the server has noticed."""
        await self._wire.send_input({"type": "websocket.disconnect", "code": 1006})
        await self._wire.wait(2)
