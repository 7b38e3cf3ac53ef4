"""The wall clock is set while people talk: nobody's minutes grow, and none that were lost are theirs."""

from datetime import timedelta

import pytest

from besuk.flow.bookings.queries import saved_minutes
from besuk.flow.live.actions import clock_set_back
from besuk.flow.live.evidence import proofs_of
from besuk.flow.live.models import Call, Hold
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry


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


@pytest.mark.parametrize("hours", [-1, -24])
async def test_set_back_all_that_was_talked_is_on_record_as_talked(theatre: Theatre, hours: int) -> None:
    """The hour that comes twice takes nobody's minutes: nothing is lost, and the visit is completed."""
    visit, tie = theatre.call.visit, theatre.call.visit.people.get(is_host=True).tie
    assert tie is not None
    await theatre.go_live()
    await theatre.skip(3 * 60)
    await theatre.act("pause", reason="rules")
    await theatre.skip(60)
    await theatre.act("resume")
    await theatre.skip(4 * 60)
    theatre.clock.jump(hours=hours)
    await theatre.pass_by(2)
    rest = left(theatre).total_seconds()
    assert 7 * 60 < rest <= 8 * 60
    await theatre.skip(rest + 2)
    call = Call.objects.get(pk=theatre.call.pk)
    assert (call.state, call.outcome, call.minutes_lost) == ("ended", "completed", 0)
    proof = proofs_of([visit])[visit.pk]
    assert (proof.talked, proof.paused, proof.held_by_us) == (15, 1, 0)
    assert saved_minutes(tie.pk) == 0
    entry = Entry.objects.get(code="call.clock_set_back")
    assert entry.data == {"seconds": hours * 3600}


async def test_set_back_and_started_again_the_minutes_go_on_where_they_were(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.skip(5 * 60)
    theatre.clock.jump(hours=-1)
    await theatre.pass_by(2)
    before = left(theatre)
    await theatre.restart()
    assert left(theatre) == before


async def test_a_clock_set_back_counts_once_however_often_it_is_recorded(theatre: Theatre) -> None:
    await theatre.go_live()
    begin = Call.objects.get(pk=theatre.call.pk).admitted_at
    assert begin is not None
    by, now = timedelta(hours=-1), theatre.clock.now()
    for _ in range(2):
        clock_set_back(call_ref=theatre.call.ref, admitted_at=begin, by=by, actor=SYSTEM, now=now)
    call = Call.objects.get(pk=theatre.call.pk)
    assert call.admitted_at == begin + by
    assert Entry.objects.filter(code="call.clock_set_back").count() == 1


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
