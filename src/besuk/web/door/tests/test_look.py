"""The socket of whoever looks on: it listens, and nothing said into it counts."""

import pytest

from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight.acts.looking import look
from besuk.testing.cast import Cast
from besuk.web.door.tests.page import Page, staff_cookie


async def place(theatre: Theatre) -> str:
    await theatre.go_live()
    answer = await look(call_ref=theatre.call.ref, purpose="Keluhan", actor=theatre.actors["head"])
    return str(answer["participation"])


async def test_the_head_hears_the_state(theatre: Theatre, cast: Cast) -> None:
    line = Page(f"/control/look/{await place(theatre)}", staff_cookie(cast.lapas.staff["head"]))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    call = (await line.hear("look"))["call"]
    assert (call["state"], call["floor"], call["watched_by"]) == ("live", True, [theatre.actors["officer"].label])
    await line.leave()


@pytest.mark.parametrize(
    "message",
    [
        {"t": "beat", "gen": 1, "visible": True, "calls": {}},
        {"t": "end"},
        {"t": "help"},
        {"t": "leave"},
        {"t": "stop_all", "facility": 1},
    ],
)
async def test_whatever_else_is_said_closes_the_socket(
    theatre: Theatre, cast: Cast, message: dict[str, object]
) -> None:
    line = Page(f"/control/look/{await place(theatre)}", staff_cookie(cast.lapas.staff["head"]))
    await line.connect()
    await line.say({"t": "hello", "gen": 1})
    await line.hear("look")
    await line.say(message)
    assert await line.closed() == 1008
    assert theatre.is_open


async def test_the_head_finds_neither_a_wall_nor_a_partys_socket(theatre: Theatre, cast: Cast) -> None:
    ref, cookie = await place(theatre), staff_cookie(cast.lapas.staff["head"])
    assert not await Page("/control/wall", cookie).connect()
    assert not await Page(f"/control/{ref}", cookie).connect()
    assert not await Page(f"/control/look/{theatre.ref('visitor')}", cookie).connect()


async def test_a_supervisor_or_another_prisons_head_does_not_get_in(theatre: Theatre, cast: Cast) -> None:
    ref = await place(theatre)
    assert not await Page(f"/control/look/{ref}", staff_cookie(cast.lapas.staff["supervisor"])).connect()
    other = Page(f"/control/look/{ref}", staff_cookie(cast.rutan.staff["head"]))
    assert await other.connect()
    await other.say({"t": "hello", "gen": 1})
    assert await other.closed() == 4003
