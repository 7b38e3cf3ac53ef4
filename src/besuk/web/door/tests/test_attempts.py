"""Who tries what is not allowed finds nothing, and it is on record: once in a while, however often it is tried."""

import logging

import pytest

from besuk.flow.live.models import Happening
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.attempts import BURST, MOST_KINDS
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast
from besuk.web.door.tests.page import Page, staff_cookie
from besuk.web.door.tests.test_control import visitor_cookie


async def noted(theatre: Theatre) -> list[tuple[object, ...]]:
    """Attempts in the log: what, why, at whose place, by what kind of person, how many."""
    await theatre.quiet()
    entries = Entry.objects.filter(code="call.attempt").order_by("pk")
    return [tuple(entry.data[key] for key in ("what", "why", "place", "kind", "times")) for entry in entries]


async def test_the_door_of_somebody_else_stays_shut_and_the_try_is_noted_once(theatre: Theatre, cast: Cast) -> None:
    address = f"/door/{theatre.ref('visitor')}/rtc/v1?join_request=x"
    for _ in range(3):
        assert not await Page(address, visitor_cookie(cast.budi)).connect()
    assert await noted(theatre) == [("turned_away", "NOT_IN_THIS_CALL", "visitor", "visitor", 1)]


async def test_the_other_sides_door_and_line_are_shut_for_a_visitor(theatre: Theatre, cast: Cast) -> None:
    cookie = visitor_cookie(cast.siti)
    assert not await Page(f"/door/{theatre.ref('inmate')}/rtc/v1", cookie).connect()
    assert not await Page(f"/control/{theatre.ref('inmate')}", cookie).connect()
    assert await noted(theatre) == [
        ("turned_away", "SIGN_IN_NEEDED", "inmate", "nobody", 1),
        ("control", "SIGN_IN_NEEDED", "inmate", "nobody", 1),
    ]


async def test_who_was_put_out_finds_the_door_shut(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    await theatre.conductor.eject(
        theatre.call.ref, theatre.ref("visitor"), "identity_not_sure", theatre.actors["officer"]
    )
    await theatre.quiet()
    assert not await Page(f"/door/{theatre.ref('visitor')}/rtc/v1", visitor_cookie(cast.siti)).connect()
    assert ("turned_away", "EJECTED", "visitor", "visitor", 1) in await noted(theatre)


async def test_another_prisons_officer_finds_no_door(theatre: Theatre, cast: Cast) -> None:
    await theatre.watch()
    cookie = staff_cookie(cast.rutan.staff["supervisor"])
    assert not await Page(f"/door/{theatre.ref('officer')}/rtc/v1", cookie).connect()
    assert await noted(theatre) == [("turned_away", "NOT_IN_THIS_CALL", "supervisor", "staff", 1)]


@pytest.mark.parametrize("path", ["/door/v-x%00y/rtc/v1", "/door/v-x/rtc", "/door/v-x/twirp/livekit.RoomService", "/x"])
async def test_an_address_that_there_is_not_is_a_shut_door(
    theatre: Theatre, cast: Cast, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert not await Page(path, visitor_cookie(cast.siti)).connect()
    assert "Traceback" not in caplog.text


async def test_a_place_that_there_is_not_leaves_one_line(
    theatre: Theatre, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        assert not await Page("/door/v-2345/rtc/v1", visitor_cookie(cast.siti)).connect()
    assert await noted(theatre) == []
    assert caplog.text.count("tried a place") == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"t":"beat","gen":1,"quality":{"rtt_ms":1' + "0" * 400 + "}}",
        '{"t":"beat","gen":1,"quality":{"loss":1e999,"line":"\\ud800","fps":"\\u0000"}}',
    ],
)
async def test_numbers_and_letters_beyond_all_bounds_are_left_out(theatre: Theatre, cast: Cast, text: str) -> None:
    line = Page(f"/control/{theatre.ref('visitor')}", visitor_cookie(cast.siti))
    await line.connect()
    await line.say({"t": "hello", "gen": 1})
    await line.hear("state")
    await line.send(text)
    await line.say({"t": "help"})
    await line.hear("state")
    [sample] = theatre.conductor.parties._samples.values()
    assert dict(sample.data) == {"visible": False}
    await line.leave()


async def test_nonsense_and_floods_are_noted_once_without_their_words(theatre: Theatre, cast: Cast) -> None:
    for _ in range(2):
        line = Page(f"/control/{theatre.ref('visitor')}", visitor_cookie(cast.siti))
        await line.connect()
        await line.say({"t": "hello", "gen": 1})
        await line.say({"t": "beat", "gen": 1, "quality": [], "secret words": "x"})
        assert await line.closed() == 1008
    assert await noted(theatre) == [("control", "not an object", "visitor", "visitor", 1)]


async def test_a_broken_rule_of_the_door_is_on_the_timeline_and_in_the_log_once(theatre: Theatre) -> None:
    for _ in range(3):
        passage = await theatre.come_in("visitor")
        theatre.conductor.doors.broke_rule(passage, "second_camera", theatre.actors["visitor"])
    assert await noted(theatre) == [("door_rule", "second_camera", "visitor", "visitor", 1)]
    assert Happening.objects.filter(call=theatre.call, code="door_rule_broken").count() == 1


async def test_who_comes_in_again_and_again_has_to_wait(theatre: Theatre) -> None:
    ref, actor = theatre.ref("visitor"), theatre.actors["visitor"]
    for _ in range(BURST):
        await theatre.conductor.doors.enter(ref, actor)
    with pytest.raises(Refused, match="TOO_MANY_TRIES"):
        await theatre.conductor.doors.enter(ref, actor)
    with pytest.raises(Refused, match="TOO_MANY_TRIES"):
        await theatre.listen_in("visitor")
    theatre.clock.move(seconds=2)
    await theatre.conductor.doors.enter(ref, actor)


async def test_made_up_places_do_not_crowd_out_a_real_attempt(theatre: Theatre, cast: Cast) -> None:
    studio = theatre.conductor.studio
    for n in range(2 * MOST_KINDS):
        studio.attempt(f"v-made-up-{n}", "turned_away", "SIGN_IN_NEEDED", NOBODY)
    assert not await Page(f"/door/{theatre.ref('visitor')}/voice/rtc/v1", visitor_cookie(cast.budi)).connect()
    assert await noted(theatre) == [("turned_away", "NOT_IN_THIS_CALL", "visitor", "visitor", 1)]
