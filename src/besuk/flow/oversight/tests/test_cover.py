"""A call due without an officer: a task on every wall ten minutes before, and one notice to the head of the shift."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from besuk.flow.bookings.models import Visit
from besuk.flow.live.roster import Uncovered
from besuk.flow.oversight import cover
from besuk.flow.oversight.models import Shift
from besuk.flow.oversight.roster import RosterKeeper
from besuk.flow.oversight.rules import without_cover
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.notices.models import Notice
from besuk.testing.builders import approved_tie, booked_visit, on_duty
from besuk.testing.cast import employ, new_staff
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.flow.live.tests.theatre import Theatre
    from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db
TEN = timedelta(minutes=10)


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))


def bare(now: datetime) -> list[str]:
    return [one.visit_ref for rows in cover.look(now).values() for one in rows]


def told() -> list[str]:
    return [one.recipient for one in Notice.objects.filter(template="call_uncovered")]


def test_it_begins_ten_minutes_before_and_ends_with_the_visit(visit: Visit) -> None:
    moments = [THURSDAY - TEN - timedelta(seconds=1), THURSDAY - TEN, visit.ends_at]
    assert [bare(now) for now in moments] == [[], [visit.ref], []]


def test_the_head_is_told_once(cast: Cast, visit: Visit) -> None:
    for _ in range(3):
        bare(THURSDAY - TEN)
    assert told() == [cast.lapas.staff["head"].subject]
    assert Entry.objects.filter(code="visit.uncovered").count() == 1


def test_the_policy_may_name_somebody_else(cast: Cast, visit: Visit) -> None:
    other = new_staff("karutan.dua", "Kepala Jaga", "W-777")
    employ(other, cast.lapas.facility, "head")
    FacilityPolicy.objects.update_or_create(
        facility=cast.lapas.facility, defaults={"values": {"shift_head": other.code}}
    )
    bare(THURSDAY)
    assert told() == [other.subject]


def test_an_officer_on_duty_covers_as_many_as_they_may_watch(cast: Cast, visit: Visit) -> None:
    FacilityPolicy.objects.update_or_create(
        facility=cast.lapas.facility, defaults={"values": {"calls_per_supervisor": 1}}
    )
    second = booked_visit(approved_tie(cast.budi, cast.lapas.inmates[1]), station=cast.lapas.stations[1])
    on_duty(cast.lapas.staff["supervisor"], cast.lapas.facility)
    assert bare(THURSDAY) == [second.ref]
    on_duty(cast.lapas.staff["second_supervisor"], cast.lapas.facility)
    assert bare(THURSDAY) == []


def test_an_officer_of_another_prison_covers_nothing(cast: Cast, visit: Visit) -> None:
    on_duty(cast.rutan.staff["supervisor"], cast.rutan.facility)
    assert bare(THURSDAY) == [visit.ref]


def test_a_lawyers_visit_is_nobodys_task(cast: Cast) -> None:
    booked_visit(approved_tie(cast.siti, cast.lapas.convicted, relation="lawyer"))
    assert bare(THURSDAY) == []


@pytest.mark.parametrize(
    ("due", "room", "left"),
    [
        ([("a", 1)], [], ["a"]),
        ([("a", 1)], [0], ["a"]),
        ([("a", 1), ("b", 1)], [1], ["b"]),
        ([("a", 2)], [4], ["a"]),
        ([("a", 2), ("b", 1)], [1, 1], ["b"]),
        ([("a", 2), ("b", 1)], [4], ["a"]),
        ([("a", 1), ("b", 2)], [1, 2], []),
    ],
)
def test_room_is_given_in_order_of_time(due: list[tuple[str, int]], room: list[int], left: list[str]) -> None:
    assert without_cover(due, room) == left


async def test_every_wall_of_the_prison_shows_it_until_somebody_is_on_duty(theatre: Theatre) -> None:
    Shift.objects.all().delete()
    ear, keeper = theatre.open_wall(), RosterKeeper(theatre.conductor)
    await keeper.look()
    theatre.conductor.news.tell_walls()
    tasks = ear.last("wall")["tasks"]
    assert isinstance(tasks, list)
    assert [task["kind"] for task in tasks].count("uncovered") == 1
    await theatre.duty("shift_start", facility=theatre.call.facility_id, wall="", pin="481526", key="k")
    await theatre.quiet()
    assert "uncovered" not in str(ear.last("wall")["tasks"]), "without waiting for the next look"
    await theatre.duty("shift_end", key="e")
    await theatre.quiet()
    assert "uncovered" in str(ear.last("wall")["tasks"])


async def test_it_is_gone_from_the_walls_as_soon_as_somebody_watches(theatre: Theatre) -> None:
    ear = theatre.open_wall()
    call = theatre.stage
    bare = Uncovered(call.visit_ref, call.starts_at, "Asia/Jakarta", call.station, call.inmate_name)
    theatre.conductor.studio.uncovered = {call.facility_id: [bare]}
    theatre.conductor.news.tell_walls()
    assert "uncovered" in str(ear.last("wall")["tasks"])
    await theatre.act("watch")
    theatre.conductor.news.tell_walls()
    assert "uncovered" not in str(ear.last("wall")["tasks"])


async def test_a_second_look_writes_nothing(theatre: Theatre) -> None:
    Shift.objects.all().delete()
    await RosterKeeper(theatre.conductor).look()
    assert Entry.objects.filter(code="visit.uncovered").count() == 1
    with CaptureQueriesContext(connection) as asked:
        cover.look(theatre.clock.now())
    assert not [one["sql"] for one in asked if not one["sql"].startswith("SELECT")]
