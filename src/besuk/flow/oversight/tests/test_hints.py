"""What browsers measure becomes a task after a while, and never anything else."""

import pytest

from besuk.flow.live.hints import Hint
from besuk.flow.live.presence import End
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight import acts
from besuk.flow.oversight.tests.tasks_seen import DARK, FINE, SILENT, STILL, listed, meet, rows, see, shown

pytestmark = [pytest.mark.django_db, pytest.mark.asyncio]


async def test_a_dark_picture_is_a_task_after_ten_seconds_and_cuts_nothing(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 9, {"visitor": DARK, "inmate": FINE})
    assert shown(theatre) == []
    await see(theatre, 3, {"visitor": DARK, "inmate": FINE})
    assert shown(theatre) == ["dark_visitor"]
    assert listed(theatre)[0]["title"] == "Keluarga: gambar gelap atau kamera tertutup"
    assert theatre.is_open
    await see(theatre, 5, {"visitor": FINE, "inmate": FINE})
    assert shown(theatre) == []


async def test_a_moment_of_dark_is_nothing(theatre: Theatre) -> None:
    await meet(theatre)
    for _ in range(4):
        await see(theatre, 8, {"visitor": DARK})
        await see(theatre, 2, {"visitor": FINE})
    assert rows("dark") == []


async def test_a_hint_that_is_not_repeated_is_forgotten(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    await see(theatre, 9, {})
    assert shown(theatre) == []


async def test_a_wall_that_is_not_shown_sees_nothing(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 20, {"visitor": DARK}, visible=False)
    assert rows("dark") == []


async def test_a_picture_in_which_nothing_moves_is_a_task_after_a_minute(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 58, {"inmate": STILL, "visitor": FINE})
    assert shown(theatre) == []
    await see(theatre, 5, {"inmate": STILL, "visitor": FINE})
    assert shown(theatre) == ["still_inmate"]


async def test_a_picture_that_froze_is_said_as_that_beside_its_hold(theatre: Theatre) -> None:
    await meet(theatre)
    for _ in range(6):
        theatre.speak("visitor", "inmate")
        await see(theatre, 1, {"visitor": FINE, "inmate": FINE}, frozen=["visitor"])
    assert theatre.stage.holds == {"no_supervisor"}, "what cannot be seen is not watched"
    assert shown(theatre) == ["no_supervisor", "frozen_visitor"]
    await see(theatre, 3, {"visitor": FINE, "inmate": FINE})
    assert shown(theatre) == []


async def test_a_frozen_picture_of_a_wall_that_is_gone_is_no_task(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 1, {"visitor": FINE, "inmate": FINE}, frozen=["visitor"])
    for _ in range(8):
        theatre.speak("visitor", "inmate")
        await theatre.pass_by(1, beats=False)
    assert shown(theatre) == ["no_supervisor"]


async def test_only_the_silence_of_both_for_a_minute_is_a_task(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 65, {"visitor": SILENT, "inmate": FINE})
    assert shown(theatre) == []
    await see(theatre, 58, {"visitor": SILENT, "inmate": SILENT})
    assert shown(theatre) == []
    await see(theatre, 4, {"visitor": SILENT, "inmate": SILENT})
    assert shown(theatre) == ["silence"]
    assert listed(theatre)[0]["urgency"] == "low"


async def test_one_word_within_the_minute_begins_it_anew(theatre: Theatre) -> None:
    await meet(theatre)
    both: dict[End, Hint] = {"visitor": SILENT, "inmate": SILENT}
    await see(theatre, 40, both)
    await see(theatre, 2, {"visitor": FINE, "inmate": SILENT})
    await see(theatre, 40, both)
    assert shown(theatre) == []


async def test_silence_that_an_officer_ordered_is_none(theatre: Theatre) -> None:
    await meet(theatre)
    seat = theatre.stage.side("visitor")
    assert seat is not None
    seat.muted = True
    await see(theatre, 70, {"visitor": SILENT, "inmate": SILENT})
    assert "silence" not in shown(theatre)


async def test_a_hint_of_a_call_that_the_officer_does_not_watch_is_not_taken(theatre: Theatre) -> None:
    await meet(theatre)
    theatre.open_wall("officer2")
    await see(theatre, 20, {"visitor": DARK})
    assert rows("dark") == []
    visitor = theatre.stage.side("visitor")
    assert visitor is not None
    assert visitor.hints == {}


async def test_hints_of_an_officer_who_left_count_no_more(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 5, {"visitor": DARK})
    visitor = theatre.stage.side("visitor")
    assert visitor is not None
    assert visitor.hints
    await theatre.act("unwatch")
    assert visitor.hints == {}


async def test_no_hint_lifts_or_sets_a_hold(theatre: Theatre) -> None:
    """All that a browser can say of an end, fine or terrible, leaves presence and holds as they were."""
    await meet(theatre)
    await theatre.act("pause", reason="rules")
    for hint in (FINE, DARK, SILENT, STILL, Hint()):
        await see(theatre, 3, {"visitor": hint, "inmate": hint})
        assert theatre.stage.holds == {"supervisor"}
    await acts.perform(
        "resume", call_ref=theatre.call.ref, body={}, actor=theatre.actors["officer"], now=theatre.clock.now()
    )
    await see(theatre, 15, {"visitor": DARK, "inmate": DARK})
    assert theatre.stage.holds == frozenset()


@pytest.mark.parametrize(
    ("hint", "dark", "still", "silent"),
    [
        (Hint(), False, False, False),
        (Hint(light=23.9, contrast=60, motion=2, sound=0.5), True, False, False),
        (Hint(light=24, contrast=6, motion=2, sound=0.01), False, False, False),
        (Hint(light=200, contrast=5.9, motion=0, sound=0.009), True, False, True),
        (Hint(light=200, contrast=60, motion=0.149, sound=0), False, True, True),
        (Hint(light=200, contrast=60, motion=0.15, sound=1), False, False, False),
    ],
)
async def test_the_limits_of_each_measure(hint: Hint, dark: bool, still: bool, silent: bool) -> None:
    assert (hint.dark, hint.still, hint.silent) == (dark, still, silent)
