"""A call goes from one officer to another: nobody's place ends before the other is seen to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from besuk.flow.live.models import Hold, Participation
from besuk.flow.oversight.handovers import HandoverKeeper
from besuk.flow.oversight.models import Handover, Shift
from besuk.flow.oversight.tests.test_two_supervisors import Second
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import PIN

if TYPE_CHECKING:
    from besuk.flow.live.tests.theatre import Theatre

pytestmark = pytest.mark.django_db


class Relief:
    """The officer who relieves: on duty at a wall of their own."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre, self.second = theatre, Second(theatre)
        self.keeper = HandoverKeeper(theatre.conductor)
        self.code = theatre.actors["officer2"].label
        self.by = theatre.actors["officer"].label

    async def come_to_the_wall(self) -> None:
        self.second.wall = self.theatre.conductor.wall_hello(self.theatre.actors["officer2"], self.second.ear, 900)

    async def accept(self, pin: str = PIN, key: str = "a") -> None:
        await self.theatre.duty("handover_accept", "officer2", by=self.by, pin=pin, key=key)

    async def sees_it(self) -> None:
        await self.theatre.come_in("officer2")
        await self.second.beat()

    async def look(self) -> None:
        await self.keeper.read()
        self.keeper.look()
        await self.theatre.quiet()


@pytest.fixture
async def relief(theatre: Theatre) -> Relief:
    await theatre.go_live()
    found = Relief(theatre)
    await found.come_to_the_wall()
    return found


async def offer(theatre: Theatre, relief: Relief, **more: str) -> None:
    await theatre.duty("handover_offer", to=relief.code, key="o", **more)


def watching(theatre: Theatre) -> list[int]:
    rows = Participation.objects.filter(call=theatre.call.pk, role="supervisor", until__isnull=True)
    return list(rows.order_by("pk").values_list("staff", flat=True))


def state() -> str:
    return Handover.objects.get().state


async def test_the_first_one_stays_until_the_other_is_seen_to_watch(theatre: Theatre, relief: Relief) -> None:
    first, other = theatre.actors["officer"].pk, theatre.actors["officer2"].pk
    holds = Hold.objects.filter(call=theatre.call.pk).count()
    await offer(theatre, relief)
    await relief.look()
    assert (watching(theatre), state()) == ([first], "offered")
    await relief.accept()
    await relief.look()
    assert (watching(theatre), state()) == ([first, other], "accepted"), "accepted, but not yet seen to watch"
    await relief.sees_it()
    await relief.look()
    assert (watching(theatre), state()) == ([other], "completed")
    assert theatre.is_open
    assert theatre.stage.watched_by(theatre.clock.monotonic()) == [relief.code]
    assert Hold.objects.filter(call=theatre.call.pk).count() == holds, "held in between"
    codes = ["handover.offer", "handover.accept", "handover.complete"]
    assert [Entry.objects.filter(code=code).count() for code in codes] == [1, 1, 1]


async def test_both_walls_say_how_far_it_is(theatre: Theatre, relief: Relief) -> None:
    mine, theirs = theatre.ears["officer"], relief.second.ear
    await offer(theatre, relief)
    calls = [{"ref": theatre.call.ref, "station": theatre.stage.station, "inmate": theatre.stage.inmate_name}]
    told = {"by": relief.by, "to": relief.code, "accepted": False, "calls": calls}
    assert mine.last("wall")["offers"] == [{**told, "mine": True}]
    assert theirs.last("wall")["offers"] == [{**told, "mine": False}]
    await relief.accept()
    assert mine.last("wall")["offers"] == [{**told, "mine": True, "accepted": True}]
    await relief.sees_it()
    await relief.look()
    assert (mine.last("wall")["offers"], theirs.last("wall")["offers"]) == ([], [])


@pytest.mark.parametrize("pin", ["000000", ""])
async def test_without_the_pin_nothing_is_taken_over(theatre: Theatre, relief: Relief, pin: str) -> None:
    await offer(theatre, relief)
    with pytest.raises(Refused, match="OWN_PIN_WRONG"):
        await relief.accept(pin)
    assert (watching(theatre), state()) == ([theatre.actors["officer"].pk], "offered")


async def test_offered_twice_is_once_and_accepted_twice_is_one_place(theatre: Theatre, relief: Relief) -> None:
    await offer(theatre, relief)
    await theatre.duty("handover_offer", to=relief.code, key="again", call=theatre.call.ref)
    assert Handover.objects.count() == 1
    await relief.accept(key="a")
    await relief.accept(key="b")
    assert len(watching(theatre)) == 2
    assert Entry.objects.filter(code="handover.accept").count() == 1


async def test_declined_or_withdrawn_the_first_one_goes_on(theatre: Theatre, relief: Relief) -> None:
    await offer(theatre, relief)
    await theatre.duty("handover_decline", "officer2", by=relief.by, key="d")
    assert state() == "declined"
    with pytest.raises(Refused, match="HANDOVER_GONE"):
        await relief.accept()
    await theatre.duty("handover_offer", to=relief.code, key="o2")
    await relief.accept(key="a2")
    await theatre.duty("handover_withdraw", to=relief.code, key="w")
    await relief.sees_it()
    await relief.look()
    assert Handover.objects.latest("pk").state == "withdrawn"
    assert theatre.actors["officer"].pk in watching(theatre)


async def test_only_to_an_officer_on_duty_and_only_what_one_watches(theatre: Theatre, relief: Relief) -> None:
    with pytest.raises(Refused, match="HANDOVER_NOT_ON_DUTY"):
        await theatre.duty("handover_offer", to=relief.by, key="self")
    with pytest.raises(Refused, match="NOT_WATCHING"):
        await theatre.duty("handover_offer", to=relief.code, call="nothing", key="x")
    with pytest.raises(Refused, match="NOT_WATCHING"):
        await theatre.duty("handover_offer", "officer2", to=relief.by, key="y")
    Shift.objects.filter(staff=theatre.actors["officer2"].pk).update(ended_at=theatre.clock.now(), end_reason="ended")
    with pytest.raises(Refused, match="HANDOVER_NOT_ON_DUTY"):
        await offer(theatre, relief)
    assert not Handover.objects.exists()


async def test_it_lapses_with_the_call_or_when_the_first_one_leaves(theatre: Theatre, relief: Relief) -> None:
    await offer(theatre, relief)
    await theatre.act("unwatch")
    await relief.look()
    assert state() == "lapsed"
    assert theatre.conductor.studio.offers == {}


async def test_it_lapses_when_the_other_gives_the_place_up_again(theatre: Theatre, relief: Relief) -> None:
    await offer(theatre, relief)
    await relief.accept()
    await theatre.conductor.officer_gone(theatre.call.ref, theatre.actors["officer2"].pk)
    await relief.look()
    assert state() == "lapsed"
    assert theatre.is_open


async def test_a_restart_goes_on_with_it(theatre: Theatre, relief: Relief) -> None:
    await offer(theatre, relief)
    await theatre.restart()
    theatre.open_wall()
    await relief.come_to_the_wall()
    relief.keeper = HandoverKeeper(theatre.conductor)
    await relief.look()
    assert [one.to for one in theatre.conductor.studio.offers.values()] == [relief.code]
    await relief.accept(key="after")
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await relief.sees_it()
    await relief.look()
    assert (watching(theatre), state()) == ([theatre.actors["officer2"].pk], "completed")


async def test_the_shift_can_end_once_all_is_handed_over(theatre: Theatre, relief: Relief) -> None:
    await offer(theatre, relief)
    await relief.accept()
    with pytest.raises(Refused, match="SHIFT_HAS_CALLS"):
        await theatre.duty("shift_end", key="e1")
    await relief.sees_it()
    await relief.look()
    await theatre.duty("shift_end", key="e2")
    assert theatre.is_open


def test_the_database_keeps_one_open_handover_a_call(theatre: Theatre) -> None:
    row = {
        "call": theatre.call,
        "by_id": theatre.actors["officer"].pk,
        "to_id": theatre.actors["officer2"].pk,
        "offered_at": theatre.clock.now(),
    }
    Handover.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(**row)
