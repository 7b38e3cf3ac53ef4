"""The line test's other end: a socket that sends back what it gets, little of it, to signed-in visitors only."""

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from besuk.ground.kernel.actor import NOBODY
from besuk.web.shared.identity import visitor_as

MOST_MESSAGES = 20
MOST_CHARACTERS = 400_000
"""A test sends five small messages and one of 96 KiB."""
NOT_YOURS = 4003
ENOUGH = 1008


class Echo(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One line test."""

    messages = 0
    characters = 0

    async def connect(self) -> None:
        """Before the handshake: only a visitor has a line to test."""
        actor = await database_sync_to_async(visitor_as)(self.scope["session"])
        if actor is NOBODY:
            await self.close(NOT_YOURS)
            return
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Send the same text back; whoever sends more than a test is cut off."""
        self.messages += 1
        self.characters += len(text_data or "")
        if text_data is None or self.messages > MOST_MESSAGES or self.characters > MOST_CHARACTERS:
            await self.close(ENOUGH)
            return
        await self.send(text_data=text_data)
