"""The control sockets, through the whole ASGI application."""

import asyncio

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from besuk.flow.live import holding
from besuk.flow.live.hub import NOT_YOURS
from besuk.flow.live.models import Call
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight import acts
from besuk.ground.accounts.models import Staff, Visitor
from besuk.testing.cast import Cast
from besuk.web.door.tests.page import Page, staff_cookie
from besuk.web.shared.identity import STATION_COOKIE


def visitor_cookie(visitor: Visitor) -> str:
    client = Client()
    session = client.session
    session["visitor"] = visitor.pk
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@pytest.fixture
def siti(cast: Cast) -> str:
    return visitor_cookie(cast.siti)


async def test_a_visitor_gets_the_state_of_their_call(theatre: Theatre, siti: str) -> None:
    line = Page(f"/control/{theatre.ref('visitor')}", siti)
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    call = (await line.hear("state"))["call"]
    assert (call["ref"], call["role"], call["state"], call["floor"]) == (theatre.call.ref, "visitor", "prepared", False)
    assert call["door"] == f"/door/{theatre.ref('visitor')}"
    await line.leave()


async def test_a_station_gets_the_state_with_its_key(theatre: Theatre, cast: Cast) -> None:
    line = Page(f"/control/{theatre.ref('inmate')}", f"{STATION_COOKIE}={cast.lapas.station_keys[0]}")
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    assert (await line.hear("state"))["call"]["role"] == "inmate"
    await line.leave()


async def test_nobody_signed_in_gets_no_handshake(theatre: Theatre) -> None:
    for path in (f"/control/{theatre.ref('visitor')}", f"/control/{theatre.ref('inmate')}", "/control/wall"):
        assert not await Page(path).connect()


async def test_another_origin_gets_no_handshake(theatre: Theatre, siti: str) -> None:
    evil = ((b"origin", b"https://evil.example"), (b"host", b"testserver"))
    assert not await Page(f"/control/{theatre.ref('visitor')}", siti, evil).connect()


@pytest.mark.parametrize("who", ["outsider", "budi"])
async def test_another_visitor_is_closed_without_a_word(theatre: Theatre, cast: Cast, who: str) -> None:
    line = Page(f"/control/{theatre.ref('visitor')}", visitor_cookie(getattr(cast, who)))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    assert await line.closed() == 4003


async def test_a_visitor_finds_no_call_behind_the_inmates_address(theatre: Theatre, siti: str) -> None:
    assert not await Page(f"/control/{theatre.ref('inmate')}", siti).connect()


async def test_an_officers_place_has_no_party_socket(theatre: Theatre, cast: Cast) -> None:
    await theatre.watch()
    cookie = staff_cookie(cast.lapas.staff["supervisor"])
    assert not await Page(f"/control/{theatre.ref('officer')}", cookie).connect()


@pytest.mark.parametrize("role", ["desk", "head", "inspector"])
async def test_who_may_not_watch_has_no_wall(theatre: Theatre, cast: Cast, role: str) -> None:
    assert not await Page("/control/wall", staff_cookie(cast.lapas.staff[role])).connect()


@pytest.mark.parametrize(
    "text", ["nonsense", "[]", '{"t":"dance"}', '{"t":"beat","gen":1,"sent":[]}', '{"t":"hello"}', "x" * 20000]
)
async def test_nonsense_closes_the_socket(theatre: Theatre, siti: str, text: str) -> None:
    line = Page(f"/control/{theatre.ref('visitor')}", siti)
    await line.connect()
    await line.say({"t": "hello", "gen": 1})
    await line.hear("state")
    await line.send(text)
    assert await line.closed() == 1008


async def test_a_flood_closes_the_socket(theatre: Theatre, siti: str) -> None:
    line = Page(f"/control/{theatre.ref('visitor')}", siti)
    await line.connect()
    for _ in range(40):
        await line.say({"t": "help"})
    assert await line.closed() == 1008


async def test_a_second_page_replaces_the_first(theatre: Theatre, siti: str) -> None:
    first, second = (Page(f"/control/{theatre.ref('visitor')}", siti) for _ in range(2))
    for page, line in enumerate((first, second)):
        await line.connect()
        await line.say({"t": "hello", "gen": page})
        await line.hear("state")
    assert (await first.hear("replaced"))["message"]
    assert await first.closed() == 4001
    await second.leave()


async def test_the_close_of_the_walls_socket_is_known_at_once(theatre: Theatre, cast: Cast) -> None:
    line = Page("/control/wall", staff_cookie(cast.lapas.staff["supervisor"]))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 5})
    assert (await line.hear("wall"))["calls"][0]["ref"] == theatre.call.ref
    theatre.wall = theatre.conductor.studio.hub.walls()[0]
    await theatre.watch()
    assert theatre.stage.is_watched(theatre.clock.monotonic())
    await line.leave()
    [watch] = theatre.stage.watches.values()
    assert not watch.control.is_open
    assert watch.control.closed_at == theatre.clock.monotonic()


async def test_a_walls_heartbeat_counts_only_for_its_page(theatre: Theatre, cast: Cast) -> None:
    line = Page("/control/wall", staff_cookie(cast.lapas.staff["supervisor"]))
    await line.connect()
    await line.say({"t": "hello", "gen": 5})
    await line.hear("wall")
    theatre.wall = theatre.conductor.studio.hub.walls()[0]
    await theatre.watch()
    theatre.clock.move(seconds=2)
    ends = {"inmate": {"frames": 99, "audio": 99}, "visitor": {"frames": 99, "audio": 99}}
    for gen, good in ((4, False), (5, True)):
        await line.say({"t": "beat", "gen": gen, "visible": True, "calls": {theatre.call.ref: ends}})
        await asyncio.sleep(0.05)
        [watch] = theatre.stage.watches.values()
        assert (watch.good_at == theatre.clock.monotonic()) is good
    await line.leave()


@pytest.mark.parametrize("light", ["NaN", "-1", "256", '"dark"', "[]"])
async def test_a_silly_hint_closes_the_wall_and_is_not_taken(theatre: Theatre, cast: Cast, light: str) -> None:
    await theatre.act("watch")
    await theatre.come_in("visitor")
    line = Page("/control/wall", staff_cookie(cast.lapas.staff["supervisor"]))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 5})
    beat = '{"t":"beat","gen":5,"visible":true,"calls":{"%s":{}},"hints":{"%s":{"visitor":{"light":%s,"contrast":1}}}}'
    seat = theatre.stage.side("visitor")
    assert seat is not None
    await line.send(beat % (theatre.call.ref, theatre.call.ref, "3"))
    await asyncio.sleep(0.05)
    assert seat.hints
    seat.hints.clear()
    await line.send(beat % (theatre.call.ref, theatre.call.ref, light))
    assert await line.closed() == 1008
    assert seat.hints == {}


async def test_the_wall_shows_calls_of_the_officers_prisons_only(theatre: Theatre, cast: Cast) -> None:
    line = Page("/control/wall", staff_cookie(cast.rutan.staff["supervisor"]))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 5})
    assert (await line.hear("wall"))["calls"] == []
    await line.leave()


async def test_a_page_that_comes_too_late_hears_the_outcome(theatre: Theatre, siti: str) -> None:
    await theatre.go_live()
    ref = theatre.ref("visitor")
    await theatre.act("end", reason="finished")
    await theatre.pass_by(1)
    line = Page(f"/control/{ref}", siti)
    await line.connect()
    await line.say({"t": "hello", "gen": 1})
    ended = await line.hear("ended")
    assert (ended["outcome"], ended["message"], ended["next_url"]) == ("completed", "Selesai", None)


async def test_without_a_keeper_the_sockets_say_try_again(theatre: Theatre, siti: str) -> None:
    from besuk.flow.live import reach

    reach.install(None)
    assert not await Page(f"/control/{theatre.ref('visitor')}", siti).connect()
    assert not await Page(f"/door/{theatre.ref('visitor')}/rtc/v1", siti).connect()


async def test_the_door_refuses_strangers_before_the_handshake(theatre: Theatre, cast: Cast, siti: str) -> None:
    path = f"/door/{theatre.ref('inmate')}/rtc/v1?join_request=x"
    assert not await Page(path).connect()
    assert not await Page(path, siti).connect()
    other = f"/door/{theatre.ref('visitor')}/rtc/v1?join_request=x"
    assert not await Page(other, visitor_cookie(cast.outsider)).connect()
    assert theatre.media.acts == [] or ("ensure_room", theatre.call.room) not in theatre.media.acts


async def test_a_broken_join_request_is_refused_and_on_record(theatre: Theatre, siti: str) -> None:
    from besuk.flow.live.models import Happening

    line = Page(f"/door/{theatre.ref('visitor')}/rtc/v1?join_request=!!!", siti)
    assert not await line.connect()
    await theatre.quiet()
    row = Happening.objects.get(call=theatre.call, code="door_rule_broken")
    assert row.data == {"rule": "join_request_unreadable"}


async def test_signing_out_elsewhere_closes_the_wall_within_seconds(theatre: Theatre, cast: Cast) -> None:
    cookie = staff_cookie(cast.lapas.staff["supervisor"])
    line = Page("/control/wall", cookie)
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    await line.hear("wall")
    await theatre.pass_by(4, beats=False)
    assert theatre.conductor.studio.hub.walls()
    Session.objects.filter(session_key=cookie.partition("=")[2]).delete()
    await theatre.pass_by(4, beats=False)
    assert await line.closed() == NOT_YOURS
    assert not theatre.conductor.studio.hub.walls()


async def test_a_dismissed_officers_wall_closes_within_seconds(theatre: Theatre, cast: Cast) -> None:
    officer = cast.lapas.staff["supervisor"]
    line = Page("/control/wall", staff_cookie(officer))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    await line.hear("wall")
    Staff.objects.filter(pk=officer.pk).update(is_active=False)
    await theatre.pass_by(4, beats=False)
    assert await line.closed() == NOT_YOURS


async def test_the_wall_stops_all_calls_by_its_socket(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    line = Page("/control/wall", staff_cookie(cast.lapas.staff["second_supervisor"]))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    await line.hear("wall")
    await line.say({"t": "stop_all", "facility": cast.lapas.facility.pk})
    while (await line.hear("wall"))["stopped"] != [cast.lapas.facility.pk]:
        pass
    assert not theatre.is_open
    await line.leave()


async def test_the_wall_of_another_prison_stops_nothing_here(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    line = Page("/control/wall", staff_cookie(cast.rutan.staff["supervisor"]))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    await line.hear("wall")
    await line.say({"t": "stop_all", "facility": cast.lapas.facility.pk})
    assert await line.closed() == NOT_YOURS
    assert theatre.is_open


async def wall_of(theatre: Theatre, cast: Cast, staff: Staff) -> Page:
    line = Page("/control/wall", staff_cookie(staff))
    assert await line.connect()
    await line.say({"t": "hello", "gen": 1})
    await line.hear("wall")
    return line


async def test_a_pause_over_the_socket_works_while_the_database_is_away(
    theatre: Theatre, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "RECORD_PATIENCE_S", 0.1)
    await theatre.go_live()
    line = await wall_of(theatre, cast, cast.lapas.staff["supervisor"])
    theatre.database.down = True
    said = {"t": "act", "act": "pause", "call": theatre.call.ref, "body": {"key": "k-1", "reason": "other"}}
    await line.say(said)
    answer = await line.hear("acted")
    assert (answer["key"], answer["ok"], answer["recorded"]) == ("k-1", True, False)
    assert not theatre.is_open
    theatre.database.down = False
    await theatre.quiet()
    assert Call.objects.get(pk=theatre.call.pk).holds.filter(cause="supervisor", lifted_at=None).count() == 1
    await line.leave()


async def test_both_ways_of_an_end_are_one_act(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    line = await wall_of(theatre, cast, cast.lapas.staff["supervisor"])
    body = {"key": "k-2", "reason": "finished"}
    await line.say({"t": "act", "act": "end", "call": theatre.call.ref, "body": body})
    first = await line.hear("acted")
    actor, now = theatre.actors["officer"], theatre.clock.now()
    again = await acts.perform("end", call_ref=theatre.call.ref, body=body, actor=actor, now=now)
    assert first["ok"]
    assert again["recorded"]
    await line.leave()


async def test_an_officer_who_does_not_watch_the_call_is_told_so(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    line = await wall_of(theatre, cast, cast.lapas.staff["second_supervisor"])
    body = {"key": "k-3", "reason": "other"}
    await line.say({"t": "act", "act": "pause", "call": theatre.call.ref, "body": body})
    answer = await line.hear("acted")
    assert [row["code"] for row in answer["refusals"]] == ["NOT_WATCHING"]
    assert theatre.is_open
    await line.leave()


async def test_another_prisons_wall_pauses_nothing_here(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    line = await wall_of(theatre, cast, cast.rutan.staff["supervisor"])
    body = {"key": "k-4", "reason": "other"}
    await line.say({"t": "act", "act": "pause", "call": theatre.call.ref, "body": body})
    assert [row["code"] for row in (await line.hear("acted"))["refusals"]] == ["NOT_FOUND"]
    assert theatre.is_open
    await line.leave()


@pytest.mark.parametrize(
    ("act", "body"),
    [("resume", {"key": "k"}), ("admit", {"key": "k"}), ("pause", {}), ("pause", {"key": 1}), (7, {"key": "k"})],
)
async def test_nothing_that_opens_comes_over_the_socket(
    theatre: Theatre, cast: Cast, act: object, body: object
) -> None:
    line = await wall_of(theatre, cast, cast.lapas.staff["supervisor"])
    await line.say({"t": "act", "act": act, "call": theatre.call.ref, "body": body})
    assert await line.closed() == 1008
