"""Promise 1, in every order of a few events: no picture or sound unless the call is live and nothing holds it.

The real conductor, rules, presence and floor; the stub of the media server. After *every* event, and in the
middle of each (at every point where the event loop could turn to something else), the question is asked of
the media server, not of our own state.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import permutations, product

import pytest

from besuk.flow.live.models import Call, Hold
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.kernel.errors import Refused

pytestmark = pytest.mark.slow
Event = Callable[[Theatre], Awaitable[object]]


async def join(theatre: Theatre) -> None:
    await theatre.come_in("visitor")


async def admit(theatre: Theatre) -> None:
    await theatre.act("admit")


async def lose(theatre: Theatre) -> None:
    if theatre.wall is not None:
        theatre.close_wall()
    await theatre.pass_by(1)


async def come_back(theatre: Theatre) -> None:
    if theatre.wall is None:
        theatre.open_wall()
    theatre.beat()
    await theatre.quiet()


async def pause(theatre: Theatre) -> None:
    await theatre.act("pause", reason="rules")


async def resume(theatre: Theatre) -> None:
    await theatre.act("resume")


async def end(theatre: Theatre) -> None:
    await theatre.act("end", reason="finished")


EVENTS: dict[str, Event] = {
    "join": join,
    "admit": admit,
    "lose": lose,
    "back": come_back,
    "pause": pause,
    "resume": resume,
    "end": end,
}


def must_be_safe(theatre: Theatre) -> None:
    """The media server lets nobody hear unless memory and record agree that it may."""
    if not theatre.is_open:
        return
    stage = theatre.conductor.studio.stages.get(theatre.call.ref)
    assert stage is not None
    assert stage.state == "live"
    assert not stage.ending
    assert stage.holds == frozenset()
    assert stage.is_watched(theatre.clock.monotonic())


def must_agree_with_the_record(theatre: Theatre) -> None:
    """When all is quiet, what is open at the media server is live and unheld on record."""
    call = Call.objects.get(pk=theatre.call.pk)
    held = Hold.objects.filter(call=call, lifted_at__isnull=True).exists()
    if theatre.is_open:
        assert (call.state, held) == ("live", False)
    stage = theatre.conductor.studio.stages.get(theatre.call.ref)
    if stage is not None and not stage.ending:
        open_holds = set(Hold.objects.filter(call=call, lifted_at__isnull=True).values_list("cause", flat=True))
        assert set(stage.holds) == open_holds


async def everybody_ready(theatre: Theatre) -> None:
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.come_in("visitor")
    await theatre.look()


async def play(theatre: Theatre, order: tuple[str, ...]) -> None:
    for name in order:
        with suppress(Refused):
            await EVENTS[name](theatre)
        must_be_safe(theatre)
        must_agree_with_the_record(theatre)


@pytest.mark.parametrize("first", sorted(EVENTS))
async def test_no_order_of_all_events_opens_a_floor_that_must_be_closed(theatre: Theatre, first: str) -> None:
    """All 840 orders of four of the seven events, from a call in which everybody is ready."""
    rest = [name for name in EVENTS if name != first]
    await everybody_ready(theatre)
    for order in permutations(rest, 3):
        await again(theatre)
        await play(theatre, (first, *order))


@pytest.mark.parametrize(("first", "second"), list(product(["pause", "resume", "lose", "back", "join"], repeat=2)))
async def test_no_order_of_repeated_events_opens_a_live_call_that_is_held(
    theatre: Theatre, first: str, second: str
) -> None:
    await everybody_ready(theatre)
    for rest in product(["pause", "resume", "lose", "back"], repeat=2):
        await again(theatre)
        await theatre.act("admit")
        assert theatre.is_open
        await play(theatre, (first, second, *rest))


@pytest.mark.parametrize(
    ("opening", "closing"),
    list(product(["admit", "resume", "back", "join"], ["pause", "lose_now", "end"])),
)
async def test_a_closing_act_that_meets_an_opening_one_wins(theatre: Theatre, opening: str, closing: str) -> None:
    """Both at once, the closing one begun at each point at which the opening one can be interrupted."""
    await everybody_ready(theatre)
    for turns in range(24):
        await again(theatre)
        await _before(theatre, opening)
        opens = asyncio.ensure_future(_swallow(EVENTS[opening](theatre)))
        for _ in range(turns):
            await asyncio.sleep(0)
            must_be_safe(theatre)
        closes = asyncio.ensure_future(_swallow(_closing(theatre, closing)))
        while not (opens.done() and closes.done()):
            await asyncio.sleep(0)
            must_be_safe_once_closing_answered(theatre, closes)
        await theatre.quiet()
        must_be_safe(theatre)
        must_agree_with_the_record(theatre)
        assert not theatre.is_open


def must_be_safe_once_closing_answered(theatre: Theatre, closes: "asyncio.Future[None]") -> None:
    """While both are under way the floor may still be open; from the answer on it is not."""
    if closes.done():
        must_be_safe(theatre)


async def _before(theatre: Theatre, opening: str) -> None:
    """Bring the call to where this opening act does something."""
    if opening == "admit":
        return
    await theatre.act("admit")
    if opening == "resume":
        await theatre.act("pause", reason="rules")
    elif opening == "back":
        await lose(theatre)
    else:
        await theatre.go("visitor")


async def _closing(theatre: Theatre, closing: str) -> None:
    if closing != "lose_now":
        await EVENTS[closing](theatre)
        return
    if theatre.wall is not None:
        theatre.close_wall()
    theatre.clock.move(seconds=1)
    theatre.conductor.attendants.look(theatre.stage)
    await theatre.quiet()


async def _swallow(work: Awaitable[object]) -> None:
    with suppress(Refused):
        await work


async def again(theatre: Theatre) -> None:
    """Everything as in `everybody_ready`: the record and the room are set back, the conductor is a new one."""
    call = theatre.call
    await theatre.kill()
    call.holds.all().delete()
    call.participations.filter(role="supervisor").delete()
    call.participations.update(until=None)
    call.visit.ledger.filter(kind="returned").delete()
    type(call.visit).objects.filter(pk=call.visit.pk).update(state="booked", outcome="", ended_at=None)
    latest = theatre.clock.now() + timedelta(minutes=45)
    Call.objects.filter(pk=call.pk).update(
        state="prepared", admitted_at=None, ends_at=None, ended_at=None, outcome="", latest_end=latest
    )
    now = theatre.clock.now()
    Hold.objects.bulk_create([Hold(call=call, cause=cause, since=now) for cause in ("identity", "no_supervisor")])
    theatre.media._rooms.clear()
    await theatre.restart()
    await everybody_ready(theatre)
