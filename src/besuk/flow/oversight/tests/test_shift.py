"""Shifts: begun with the PIN, wanted for watching, one an officer, closed by themselves when the wall is silent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from besuk.flow.live.models import Participation
from besuk.flow.oversight import actions
from besuk.flow.oversight.models import Shift
from besuk.flow.oversight.queries import on_duty
from besuk.flow.oversight.roster import SILENT_S, RosterKeeper
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import PIN

if TYPE_CHECKING:
    from besuk.flow.live.tests.theatre import Theatre
    from besuk.ground.kernel.actor import Actor
    from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody_on_duty(theatre: Theatre) -> Theatre:
    Shift.objects.all().delete()
    return theatre


async def begin(theatre: Theatre, pin: str = PIN, role: str = "officer", key: str = "k") -> None:
    facility = theatre.call.facility_id
    await theatre.duty("shift_start", role, facility=facility, wall="PC Ruang Kontrol", pin=pin, key=key)


def refused(caught: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return caught.value.codes


async def test_nobody_watches_without_a_shift(nobody_on_duty: Theatre) -> None:
    nobody_on_duty.open_wall()
    with pytest.raises(Refused) as caught:
        await nobody_on_duty.act("watch")
    assert refused(caught) == ("NO_SHIFT",)
    assert not Participation.objects.filter(role="supervisor").exists()
    await begin(nobody_on_duty)
    await nobody_on_duty.act("watch")
    assert Participation.objects.filter(role="supervisor").count() == 1


@pytest.mark.parametrize("pin", ["000000", ""])
async def test_a_wrong_pin_begins_nothing(nobody_on_duty: Theatre, pin: str) -> None:
    with pytest.raises(Refused) as caught:
        await begin(nobody_on_duty, pin)
    assert refused(caught) == ("OWN_PIN_WRONG",)
    assert not Shift.objects.exists()


async def test_beginning_twice_is_once_and_stands_in_the_log(nobody_on_duty: Theatre) -> None:
    await begin(nobody_on_duty, key="a")
    await begin(nobody_on_duty, key="b")
    assert Shift.objects.count() == 1
    assert Entry.objects.filter(code="shift.start").count() == 1


async def test_both_walls_show_who_is_on_duty_and_at_which_computer(nobody_on_duty: Theatre) -> None:
    ears = [nobody_on_duty.open_wall(role) for role in ("officer2", "officer")]
    assert ears[1].last("wall")["shift"] is None
    await begin(nobody_on_duty)
    since = int(nobody_on_duty.clock.now().timestamp() * 1000)
    assert ears[1].last("wall")["shift"] == {"since": since, "wall": "PC Ruang Kontrol"}
    code = nobody_on_duty.actors["officer"].label
    assert ears[0].last("wall")["on_duty"] == [
        {"code": code, "since": since, "wall": "PC Ruang Kontrol", "here": True, "calls": 0}
    ]
    await nobody_on_duty.duty("shift_end")
    assert (ears[1].last("wall")["shift"], ears[0].last("wall")["on_duty"]) == (None, [])


async def test_it_does_not_end_while_a_call_is_watched(theatre: Theatre) -> None:
    await theatre.go_live()
    with pytest.raises(Refused) as caught:
        await theatre.duty("shift_end")
    assert refused(caught) == ("SHIFT_HAS_CALLS",)
    assert theatre.is_open
    await theatre.act("end", reason="finished")
    await theatre.duty("shift_end")
    assert [row.end_reason for row in Shift.objects.filter(staff=theatre.actors["officer"].pk)] == ["ended"]


async def test_a_wall_that_is_gone_for_long_closes_the_shift(theatre: Theatre) -> None:
    await theatre.go_live()
    keeper, officer = RosterKeeper(theatre.conductor), theatre.actors["officer"]
    await keeper.look()
    theatre.close_wall()
    theatre.clock.move(seconds=SILENT_S - 1)
    await keeper.look()
    assert Shift.objects.filter(staff=officer.pk, ended_at__isnull=True).exists()
    theatre.clock.move(seconds=1)
    await keeper.look()
    await theatre.quiet()
    shift = Shift.objects.get(staff=officer.pk)
    assert (shift.end_reason, shift.ended_at) == ("wall_silent", theatre.clock.now())
    assert not Participation.objects.filter(staff=officer.pk, until__isnull=True).exists()
    assert not theatre.is_open
    assert officer.pk not in theatre.conductor.studio.roster
    assert Entry.objects.filter(code="shift.end", actor_subject="system").count() == 2, "the other officer's as well"


async def test_a_wall_in_sight_keeps_the_shift_and_a_hidden_one_does_not(theatre: Theatre) -> None:
    theatre.open_wall()
    keeper, officer = RosterKeeper(theatre.conductor), theatre.actors["officer"]
    await keeper.look()
    for visible, stays in ((True, True), (False, False)):
        for _ in range(2):
            theatre.clock.move(seconds=SILENT_S / 2)
            theatre.beat(visible=visible)
            await keeper.look()
        assert Shift.objects.filter(staff=officer.pk, ended_at__isnull=True).exists() is stays


def test_the_database_keeps_one_open_shift_an_officer(cast: Cast, actors: dict[str, Actor]) -> None:
    now, officer = cast.lapas.facility, actors["officer"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(staff_id=officer.pk, facility=now, started_at=Shift.objects.all()[0].started_at)


def test_another_wall_ends_the_first(cast: Cast, actors: dict[str, Actor]) -> None:
    officer, facility = actors["officer"], cast.lapas.facility
    later = Shift.objects.get(staff=officer.pk).started_at + timedelta(minutes=5)
    actions.start_shift(facility_id=facility.pk, wall="PC 2", actor=officer, now=later)
    rows = Shift.objects.filter(staff=officer.pk).order_by("pk")
    assert [(row.wall, row.end_reason) for row in rows] == [("", "moved"), ("PC 2", "")]
    assert [(duty.shift.wall, duty.calls) for duty in on_duty(facility)] == [("", 0), ("PC 2", 0)]


def test_no_shift_in_another_prison(cast: Cast, actors: dict[str, Actor]) -> None:
    now = Shift.objects.all()[0].started_at
    with pytest.raises(Refused):
        actions.start_shift(facility_id=cast.rutan.facility.pk, wall="", actor=actors["officer"], now=now)
