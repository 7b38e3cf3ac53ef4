from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator

from besuk.web.shared.identity import VISITOR_KEY
from besuk.web.visitor.echo import MOST_MESSAGES, Echo

if TYPE_CHECKING:
    from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


async def opened(session: dict[str, object]) -> tuple[Any, str]:
    """A socket with this session, and the application's first word."""
    scope = {"type": "websocket", "path": "/echo", "session": session, "headers": [], "subprotocols": []}
    communicator: Any = ApplicationCommunicator
    line = communicator(Echo.as_asgi(), scope)
    await line.send_input({"type": "websocket.connect"})
    return line, str((await line.receive_output())["type"])


async def say(line: Any, text: str) -> dict[str, str]:
    await line.send_input({"type": "websocket.receive", "text": text})
    answer: dict[str, str] = await line.receive_output()
    return answer


def test_a_visitor_gets_back_what_they_send(cast: Cast) -> None:
    @async_to_sync
    async def play() -> tuple[str, str]:
        line, word = await opened({VISITOR_KEY: cast.siti.pk})
        return word, (await say(line, "x" * 98304))["text"]

    assert play() == ("websocket.accept", "x" * 98304)


@pytest.mark.parametrize("session", [{}, {VISITOR_KEY: 0}])
def test_nobody_else_has_a_line(cast: Cast, session: dict[str, object]) -> None:
    @async_to_sync
    async def play() -> str:
        return (await opened(session))[1]

    assert play() == "websocket.close"


@pytest.mark.parametrize("flood", [["x"] * (MOST_MESSAGES + 1), ["x" * 300_000] * 2])
def test_more_than_a_test_is_cut_off(cast: Cast, flood: list[str]) -> None:
    @async_to_sync
    async def play() -> list[str]:
        line, _ = await opened({VISITOR_KEY: cast.siti.pk})
        return [(await say(line, text))["type"] for text in flood]

    assert play() == ["websocket.send"] * (len(flood) - 1) + ["websocket.close"]
