"""Slots of a real prison: default sessions, closures of one prison only, few queries."""

from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from besuk.ground.facilities.models import Room, Station
from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.defaults import seed_sessions
from besuk.ground.timetable.models import Closure, SessionTemplate
from besuk.ground.timetable.queries import slot_at, slots_between
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 12, 7)
SATURDAY = date(2026, 12, 12)


def test_the_defaults_of_the_field_give_a_week_its_room(cast: Cast) -> None:
    assert len(slots_between(cast.lapas.facility, MONDAY, SATURDAY)) == 215


def test_a_month_costs_as_many_queries_as_a_day(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for last in (MONDAY, MONDAY + timedelta(days=30)):
        with django_assert_num_queries(4):
            slots_between(cast.lapas.facility, MONDAY, last)


def test_a_slot_is_found_by_its_station_and_start(cast: Cast) -> None:
    facility, station = cast.lapas.facility, cast.lapas.stations[1]
    five_past_nine = datetime.fromisoformat("2026-12-07T02:05:00+00:00")
    slot = slot_at(facility, station.pk, five_past_nine)
    assert slot is not None
    assert (slot.station_id, slot.interval.start) == (station.pk, five_past_nine)
    assert slot_at(facility, cast.lapas.stations[0].pk, five_past_nine) is None
    assert slot_at(facility, cast.rutan.stations[0].pk, five_past_nine) is None


def test_a_closure_closes_its_own_prison_from_its_start_to_its_end(cast: Cast) -> None:
    start = datetime.fromisoformat("2026-12-07T02:00:00+00:00")
    Closure.objects.create(
        facility=cast.lapas.facility, starts_at=start, ends_at=start + timedelta(minutes=20), reason="Apel"
    )
    closed = [slot for slot in slots_between(cast.lapas.facility, MONDAY, MONDAY) if slot.closed]
    assert {(slot.interval.start - start) // timedelta(minutes=1) for slot in closed} == {0, 5, 10}
    assert not any(slot.closed for slot in slots_between(cast.rutan.facility, MONDAY, MONDAY))


def test_a_new_prison_gets_the_default_sessions_once_and_keeps_its_own() -> None:
    facility = Facility.objects.create(code="baru", name="Lapas Baru")
    room = Room.objects.create(facility=facility, name="Ruang video")
    for number in (1, 2, 3):
        Station.objects.create(facility=facility, room=room, number=number)
    seed_sessions(facility, MONDAY)
    assert len(slots_between(facility, MONDAY, SATURDAY)) == 215
    SessionTemplate.objects.filter(facility=facility, weekday__gt=0).delete()
    seed_sessions(facility, MONDAY)
    assert SessionTemplate.objects.filter(facility=facility).count() == 2
