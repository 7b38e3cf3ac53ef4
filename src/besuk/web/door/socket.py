"""A browser's WebSocket as the door wants it, over plain ASGI."""

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, ASGISendEvent

GONE = 1006


class AsgiSocket:
    """`ground.media.door.ClientSocket` over an ASGI WebSocket scope."""

    def __init__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self._receive, self._send = receive, send
        self._open = False

    async def accept(self) -> None:
        await self._greet()
        await self._pass_on({"type": "websocket.accept", "subprotocol": None, "headers": []})
        self._open = True

    async def refuse(self) -> None:
        """Before the handshake a close means HTTP 403."""
        await self._greet()
        await self._pass_on({"type": "websocket.close", "code": 1008, "reason": ""})

    async def receive(self) -> bytes | str | None:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            self._open = False
            return None
        frame = message.get("bytes")
        return frame if frame is not None else message.get("text")

    async def send(self, frame: bytes) -> None:
        await self._pass_on({"type": "websocket.send", "bytes": frame, "text": None})

    async def close(self, code: int) -> None:
        if self._open:
            self._open = False
            await self._pass_on({"type": "websocket.close", "code": code, "reason": ""})

    async def _greet(self) -> None:
        """ASGI begins every WebSocket with a message that must be taken first."""
        message = await self._receive()
        if message["type"] != "websocket.connect":
            raise ConnectionError("the browser left before the handshake")

    async def _pass_on(self, message: ASGISendEvent) -> None:
        try:
            await self._send(message)
        except (OSError, RuntimeError) as error:
            raise ConnectionError("the browser has gone") from error
