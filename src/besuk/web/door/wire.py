"""The sending half of a control socket: nobody who says something waits for a slow browser."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping

TOO_SLOW = 4008
"""Close code: the browser does not keep up; it comes back and gets the newest state."""
MOST_WAITING = 64


class Wire:
    """`flow.live.hub.Line` over an ASGI WebSocket."""

    def __init__(self, send: Callable[[dict[str, object]], Awaitable[None]], language: str) -> None:
        self.language = language
        self._send = send
        self._queue: asyncio.Queue[str | int] = asyncio.Queue(MOST_WAITING)
        self._is_shut = False

    def say(self, message: Mapping[str, object]) -> None:
        """Send after what was said before."""
        if self._is_shut:
            return
        try:
            self._queue.put_nowait(json.dumps(message, separators=(",", ":")))
        except asyncio.QueueFull:
            self._empty()
            self.shut(TOO_SLOW)

    def shut(self, code: int) -> None:
        """Close after what was said before."""
        if self._is_shut:
            return
        self._is_shut = True
        if self._queue.full():
            self._empty()
        self._queue.put_nowait(code)

    async def run(self) -> None:
        """Carry everything out until the end."""
        while True:
            what = await self._queue.get()
            try:
                if isinstance(what, int):
                    await self._send({"type": "websocket.close", "code": what})
                    return
                await self._send({"type": "websocket.send", "text": what})
            except (OSError, RuntimeError):
                return  # the browser has gone; the reading half says so

    def _empty(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()
