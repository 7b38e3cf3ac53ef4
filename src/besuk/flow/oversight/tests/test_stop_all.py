"""Stop all: media first for every call, the record after, nothing admitted until an officer lifts it."""

import asyncio

import pytest

from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.outcomes import STOPPED
from besuk.flow.live.actions import prepare
from besuk.flow.live.models import Call
from besuk.flow.live.stops import Stops
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight.acts import stopping
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry, EntryText
from besuk.ground.facilities.models import ServiceStop, Station
from besuk.ground.kernel.errors import Refused
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.cast import Cast, Site, new_inmate, new_visitor


def another_call(site: Site, number: int) -> Call:
    """One more prepared call, at a station and between people of its own."""
    station = Station.objects.create(facility=site.facility, room=site.room, number=number)
    inmate = new_inmate(site.facility, f"Warga {number}")
    family = new_visitor(f"Keluarga {number}", phone=f"+62812000000{number}")
    return call_ready(booked_visit(approved_tie(family, inmate), station=station))


@pytest.fixture
def others(cast: Cast) -> list[Call]:
    """Seven more calls of the same prison. Before the theatre in the arguments: it takes them up."""
    return [another_call(cast.lapas, number) for number in range(11, 18)]


async def stop(theatre: Theatre, cast: Cast, role: str = "officer2") -> dict[str, object]:
    return await stopping.stop_all(facility_id=cast.lapas.facility.pk, actor=theatre.actors[role])


async def test_all_of_eight_calls_are_asked_of_the_media_server_before_any_record(
    others: list[Call], theatre: Theatre, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await theatre.go_live()
    stages = theatre.conductor.studio.stages
    for call in others:
        await theatre.conductor.doors.make_room(stages[call.ref])
    asked: list[tuple[str, int]] = []
    real = theatre.media.delete_room

    async def noted(room: str) -> None:
        done = Call.objects.filter(state="ended").count() + ServiceStop.objects.count()
        asked.append((room, done))
        await real(room)

    monkeypatch.setattr(theatre.media, "delete_room", noted)
    answer = await stop(theatre, cast)
    assert {room for room, _ in asked[:8]} == {theatre.call.room, *(call.room for call in others)}
    assert [done for _, done in asked[:8]] == [0] * 8
    assert answer == {"calls": 8, "confirmed": True, "recorded": True}
    assert not theatre.is_open
    assert set(Call.objects.values_list("state", "outcome")) == {("ended", "cancelled_by_facility")}
    assert Entry.objects.filter(code="service.stopped").count() == 1


async def test_both_sides_read_a_neutral_word_and_keep_their_turn(theatre: Theatre, cast: Cast) -> None:
    ears = [await theatre.listen_in(role) for role in ("visitor", "inmate")]
    await theatre.go_live()
    await stop(theatre, cast)
    assert {str(ear.last("ended")["message"]) for ear in ears} == {STOPPED}
    visit = Visit.objects.get(call=theatre.call)
    owed = LedgerEntry.objects.get(kind=LedgerEntry.Kind.RETURNED)
    assert (owed.visit, owed.units, owed.goes_first, owed.settled_at) == (visit, 1, True, None)


async def test_a_lost_database_keeps_no_call_open_and_admits_none(theatre: Theatre, cast: Cast) -> None:
    ear = await theatre.listen_in("visitor")
    await theatre.go_live()
    theatre.database.down = True
    answer = await stop(theatre, cast)
    assert (answer["confirmed"], answer["recorded"]) == (True, False)
    assert not theatre.is_open
    assert ear.last("ended")["message"] == STOPPED
    await theatre.conductor.tick()
    assert theatre.conductor.studio.stops.now == {cast.lapas.facility.pk}
    theatre.database.down = False
    await asyncio.sleep(0.2)
    await theatre.look()
    assert ServiceStop.objects.count() == 1
    assert Call.objects.get(pk=theatre.call.pk).outcome == "cancelled_by_facility"


async def test_stopping_again_is_stopping_once(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    await stop(theatre, cast)
    assert await stop(theatre, cast, "officer") == {"calls": 0, "confirmed": True, "recorded": True}
    assert Entry.objects.filter(code="service.stopped").count() == 1
    assert ServiceStop.objects.count() == 1


async def test_nobody_is_admitted_while_the_stop_is_only_pressed(theatre: Theatre, cast: Cast) -> None:
    """The record may be late: what was pressed counts."""
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.look()
    theatre.conductor.studio.stops.begin(cast.lapas.facility.pk)
    with pytest.raises(Refused, match="SERVICE_SUSPENDED"):
        await theatre.act("admit")
    assert not theatre.is_open


async def test_a_call_that_came_up_meanwhile_ends_in_the_next_round(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    theatre.conductor.studio.stops.begin(cast.lapas.facility.pk)
    await theatre.look()
    assert not theatre.is_open
    await theatre.look()
    assert Call.objects.get(pk=theatre.call.pk).outcome == "cancelled_by_facility"


async def test_no_call_is_prepared_until_an_officer_reopens_with_a_reason(theatre: Theatre, cast: Cast) -> None:
    await stop(theatre, cast)
    later = booked_visit(approved_tie(cast.budi, cast.lapas.inmates[1]), station=cast.lapas.stations[1])
    with pytest.raises(Refused, match="SERVICE_SUSPENDED"):
        prepare(visit_ref=later.ref, actor=SYSTEM, now=theatre.clock.now())
    here, officer = cast.lapas.facility.pk, theatre.actors["officer"]
    with pytest.raises(Refused, match="WORDS_MISSING"):
        await theatre.conductor.stopping.reopen(here, "  ", officer)
    await theatre.conductor.stopping.reopen(here, "Keadaan aman", officer)
    assert theatre.conductor.studio.stops.now == set()
    prepare(visit_ref=later.ref, actor=SYSTEM, now=theatre.clock.now())
    assert EntryText.objects.get(entry__code="service.reopened").words == "Keadaan aman"
    with pytest.raises(Refused, match="STATE_CHANGED"):
        await theatre.conductor.stopping.reopen(here, "Sekali lagi", officer)


async def test_a_restart_remembers_the_stop(theatre: Theatre, cast: Cast) -> None:
    await stop(theatre, cast)
    await theatre.restart()
    assert theatre.conductor.studio.stops.now == {cast.lapas.facility.pk}


@pytest.mark.parametrize("who", ["visitor", "inmate", "outsider"])
async def test_only_officers_of_this_prison_stop_it(theatre: Theatre, cast: Cast, who: str) -> None:
    await theatre.go_live()
    foreign = cast.rutan.actor("supervisor", theatre.clock.now())
    for actor in (theatre.actors[who], foreign, cast.lapas.actor("head", theatre.clock.now())):
        with pytest.raises(Refused, match="NOT_ALLOWED"):
            await stopping.stop_all(facility_id=cast.lapas.facility.pk, actor=actor)
    assert theatre.is_open


async def test_another_prisons_calls_go_on(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    foreign = cast.rutan.actor("supervisor", theatre.clock.now())
    await stopping.stop_all(facility_id=cast.rutan.facility.pk, actor=foreign)
    await theatre.look()
    assert theatre.is_open


async def test_the_wall_says_what_is_stopped(theatre: Theatre, cast: Cast) -> None:
    wall = theatre.open_wall()
    assert wall.last("wall")["stopped"] == []
    await stop(theatre, cast)
    assert wall.last("wall")["stopped"] == [cast.lapas.facility.pk]


def test_an_answer_from_before_a_change_does_not_undo_it() -> None:
    stops = Stops()
    before = stops.changes
    stops.begin(1)
    stops.read(set(), before)
    assert stops.now == {1}
    stops.read({2}, stops.changes)
    assert stops.now == {1, 2}, "what is not on record yet stays"
    stops.recorded(1)
    stops.read(set(), stops.changes)
    assert stops.now == set()
