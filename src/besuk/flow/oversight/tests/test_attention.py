"""The attention check: asked in time, renewed by what an officer does, and only by the PIN once it was missed."""

from datetime import timedelta

import pytest

from besuk.flow.live.models import Happening
from besuk.flow.live.presence import STALE_S, WARN_S
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import PIN, Cast

EVERY_S = 120.0


@pytest.fixture(autouse=True)
def two_minutes(cast: Cast, call: object) -> None:
    """So that a check comes twice within a call."""
    FacilityPolicy.objects.update_or_create(facility=cast.lapas.facility, defaults={"values": {"attention_minutes": 2}})


async def be_idle(theatre: Theatre, seconds: float) -> None:
    """The page beats on, the officer does nothing."""
    for _ in range(round(seconds)):
        theatre.clock.move(seconds=1)
        theatre.beat()
        await theatre.conductor.tick()
        await theatre.quiet()


def shown(theatre: Theatre) -> object:
    """What the wall was last told."""
    told = theatre.ears["officer"].last("wall")["attention"]
    assert isinstance(told, dict)
    return told["state"]


def happened(code: str) -> int:
    assert Entry.objects.filter(code=f"call.{code}").count() == Happening.objects.filter(code=code).count()
    return Happening.objects.filter(code=code).count()


async def test_a_page_that_beats_alone_stops_counting(theatre: Theatre) -> None:
    await theatre.go_live()
    await be_idle(theatre, EVERY_S - 2)
    assert theatre.is_open
    await be_idle(theatre, 2 + STALE_S + 1)
    assert not theatre.is_open
    assert theatre.stage.holds == {"no_supervisor"}
    assert happened("attention_missed") == 1


async def test_the_officer_is_asked_a_minute_before(theatre: Theatre) -> None:
    await theatre.go_live()
    await be_idle(theatre, EVERY_S - WARN_S - 4)
    assert shown(theatre) == "calm"
    await be_idle(theatre, 6)
    assert shown(theatre) == "asked"
    tasks = theatre.ears["officer"].last("wall")["tasks"]
    assert isinstance(tasks, list)
    assert tasks[0]["id"] == "attention"


async def test_one_tap_is_enough_in_time(theatre: Theatre) -> None:
    await theatre.go_live()
    await be_idle(theatre, EVERY_S - 5)
    await theatre.duty("attention")
    assert shown(theatre) == "calm"
    await be_idle(theatre, EVERY_S - 5)
    assert theatre.is_open
    assert happened("attention_missed") == 0


@pytest.mark.parametrize(
    ("act", "body"), [("warn", {"code": "dress"}), ("note", {"text": "Tertib."}), ("listen", {}), ("watch", {})]
)
async def test_whoever_acts_is_there(theatre: Theatre, act: str, body: dict[str, str]) -> None:
    await theatre.go_live()
    await be_idle(theatre, EVERY_S - 5)
    await theatre.act(act, **body)
    await be_idle(theatre, 20)
    assert theatre.is_open


async def test_what_a_page_sends_by_itself_shows_nobody(theatre: Theatre) -> None:
    await theatre.go_live()
    await be_idle(theatre, EVERY_S - 5)
    await theatre.act("unlisten")
    await be_idle(theatre, 20)
    assert not theatre.is_open


async def test_the_same_act_delivered_again_shows_nobody(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("note", text="Tertib.", key="once")
    await be_idle(theatre, EVERY_S - 5)
    await theatre.act("note", text="Tertib.", key="once")
    await be_idle(theatre, 20)
    assert not theatre.is_open


async def miss(theatre: Theatre) -> None:
    await theatre.go_live()
    await be_idle(theatre, EVERY_S + STALE_S + 1)
    assert shown(theatre) == "missed"


async def test_after_a_missed_check_a_tap_is_not_enough(theatre: Theatre) -> None:
    await miss(theatre)
    with pytest.raises(Refused, match="ATTENTION_MISSED"):
        await theatre.duty("attention")
    await theatre.act("note", text="Saya di sini.")
    await be_idle(theatre, 3)
    assert not theatre.is_open


async def test_the_pin_opens_again_with_the_minutes_kept(theatre: Theatre) -> None:
    await miss(theatre)
    left = theatre.stage.left(theatre.clock.now())
    await be_idle(theatre, 30)
    await theatre.duty("attention", pin=PIN)
    await be_idle(theatre, 1)
    assert theatre.is_open
    assert left is not None
    lost = left - (theatre.stage.left(theatre.clock.now()) or timedelta())
    assert timedelta() <= lost <= timedelta(seconds=1)
    assert happened("attention_confirmed") == 1


async def test_a_wrong_pin_is_refused_and_noted_and_limited(theatre: Theatre) -> None:
    await miss(theatre)
    for _ in range(5):
        with pytest.raises(Refused, match="OWN_PIN_WRONG"):
            await theatre.duty("attention", pin="730416")
    with pytest.raises(Refused, match="TOO_MANY_TRIES"):
        await theatre.duty("attention", pin=PIN)
    await be_idle(theatre, 3)
    assert not theatre.is_open
    assert Entry.objects.filter(code="staff.pin_failed").count() == 5


async def test_leaving_and_coming_back_mends_no_missed_check(theatre: Theatre) -> None:
    await miss(theatre)
    await theatre.act("unwatch")
    await theatre.act("watch")
    await theatre.come_in("officer")
    await be_idle(theatre, 3)
    assert not theatre.is_open


async def test_who_watches_nothing_is_asked_nothing(theatre: Theatre) -> None:
    await theatre.watch()
    await theatre.act("unwatch")
    await theatre.pass_by(EVERY_S + 10, beats=False)
    await theatre.watch()
    await be_idle(theatre, 5)
    assert theatre.stage.is_watched(theatre.clock.monotonic())
    assert happened("attention_missed") == 0


async def test_a_restart_asks_within_a_minute(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.restart()
    theatre.open_wall()
    await theatre.come_in("officer")
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await be_idle(theatre, 5)
    assert theatre.is_open
    assert shown(theatre) == "asked"
    await be_idle(theatre, WARN_S)
    assert not theatre.is_open


async def back_after_a_restart(theatre: Theatre) -> None:
    await theatre.restart()
    theatre.open_wall()
    for role in ("officer", "visitor", "inmate"):
        await theatre.come_in(role)
    await be_idle(theatre, 3)


async def test_a_restart_mends_no_missed_check(theatre: Theatre) -> None:
    await miss(theatre)
    await back_after_a_restart(theatre)
    with pytest.raises(Refused, match="ATTENTION_MISSED"):
        await theatre.duty("attention")
    assert shown(theatre) == "missed"
    assert not theatre.is_open
    assert happened("attention_missed") == 1
    await theatre.duty("attention", pin=PIN)
    await be_idle(theatre, 3)
    assert theatre.is_open


async def test_a_check_made_good_before_a_restart_is_good(theatre: Theatre) -> None:
    await miss(theatre)
    await theatre.duty("attention", pin=PIN)
    await back_after_a_restart(theatre)
    await theatre.duty("attention")
    await be_idle(theatre, 3)
    assert theatre.is_open


async def test_a_stranger_has_no_duty(theatre: Theatre) -> None:
    with pytest.raises(Refused, match="NOT_FOUND"):
        await theatre.duty("attention", role="visitor")
