"""The wall clock is set while people talk: nobody's minutes grow, and none that were lost are theirs."""

from datetime import timedelta

import pytest

from besuk.flow.live.models import Call, Hold
from besuk.flow.live.tests.theatre import Theatre


def left(theatre: Theatre) -> timedelta:
    found = theatre.stage.left(theatre.clock.now())
    assert found is not None
    return found


async def test_set_back_an_hour_the_minutes_run_on_and_end(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.pass_by(4)
    before = left(theatre)
    theatre.clock.jump(hours=-1)
    await theatre.pass_by(2)
    assert before - timedelta(seconds=3) <= left(theatre) < before
    assert theatre.is_open
    await theatre.skip(before.total_seconds() + 4)
    assert theatre.call.ref not in theatre.conductor.studio.stages
    assert not theatre.is_open
    assert Call.objects.get(pk=theatre.call.pk).state == "ended"


async def test_set_forward_a_minute_costs_nobody_a_minute(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.pass_by(4)
    before = left(theatre)
    theatre.clock.jump(minutes=1)
    await theatre.pass_by(2)
    assert before - timedelta(seconds=3) <= left(theatre) < before
    assert theatre.is_open
    held = Hold.objects.get(call=theatre.call, reason="clock_set")
    assert held.lifted_at is not None
    assert timedelta(seconds=59) < held.lifted_at - held.since <= timedelta(seconds=61)


async def test_set_forward_past_the_slot_the_call_ends_as_a_fault_of_ours(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.pass_by(4)
    theatre.clock.jump(hours=1)
    await theatre.pass_by(2)
    assert not theatre.is_open
    assert Call.objects.get(pk=theatre.call.pk).outcome == "failed_technical"


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_set_lets_nobody_be_unwatched(theatre: Theatre, hours: int) -> None:
    await theatre.go_live()
    theatre.clock.jump(hours=hours)
    await theatre.pass_by(4, beats=False)
    assert not theatre.is_open
    assert theatre.call.ref not in theatre.conductor.studio.stages or "no_supervisor" in theatre.stage.holds


async def test_seconds_of_correction_are_nothing(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.clock.jump(seconds=1)
    await theatre.pass_by(2)
    assert not Hold.objects.filter(reason="clock_set").exists()
