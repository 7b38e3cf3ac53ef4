"""A visit begins later: its prepared call holds the station no more, and is prepared again when the time comes."""

from datetime import datetime, timedelta

import pytest

from besuk.flow.bookings.actions import Shown, cancel_by_facility, conclude, shift_rest
from besuk.flow.bookings.models import Visit
from besuk.flow.live import jobs, reach
from besuk.flow.live.actions import enter, prepare, take_watch
from besuk.flow.live.models import Call
from besuk.flow.live.queries import call_of, running_at, timeline
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight.actions import listen
from besuk.flow.oversight.models import Listening
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.cast import Cast

MINUTE = timedelta(minutes=1)


def shift(call: Call, cast: Cast, now: datetime, minutes: int = 60) -> Call:
    """The rest of the session of this call begins so much later."""
    visit = Visit.objects.get(pk=call.visit_id)
    start = visit.starts_at - 20 * MINUTE
    shown = Shown(start, [visit.station_id], {visit.ref: visit.starts_at})
    shift_rest(
        facility=cast.lapas.facility, shown=shown, minutes=minutes, reason="Padam", key=f"s{now}",
        actor=cast.lapas.actor("desk", now), now=now,
    )  # fmt: skip
    return Call.objects.get(pk=call.pk)


def test_the_station_is_free_for_somebody_else_until_the_new_time(call: Call, cast: Cast, now: datetime) -> None:
    assert shift(call, cast, now).state == "put_off"
    assert running_at(call.station_id) is None
    assert call_of(call.visit) is None
    other = booked_visit(approved_tie(cast.budi, cast.lapas.inmates[1]), starts_at=now + 5 * MINUTE)
    assert call_ready(other, now=now).station_id == call.station_id


def test_it_is_prepared_again_with_the_same_places_in_another_room(
    call: Call, cast: Cast, actors: dict[str, Actor], now: datetime
) -> None:
    places = {seat.role: seat.ref for seat in call.participations.all()}
    shift(call, cast, now)
    assert jobs.prepare_due(now + 54 * MINUTE) == 0
    with pytest.raises(Refused, match="CALL_NOT_OPEN"):
        enter(participation_ref=places["visitor"], actor=actors["visitor"], now=now + 56 * MINUTE)
    assert jobs.prepare_due(now + 55 * MINUTE) == 1
    again = Call.objects.get(pk=call.pk)
    assert (again.state, again.prepared_at) == ("prepared", now + 55 * MINUTE)
    assert again.room != call.room
    assert again.latest_end > now + 75 * MINUTE
    assert enter(participation_ref=places["visitor"], actor=actors["visitor"], now=now + 56 * MINUTE).room == again.room
    assert {seat.role: seat.ref for seat in again.participations.all()} == places
    assert prepare(visit_ref=call.visit.ref, actor=SYSTEM, now=now + 56 * MINUTE) == again


@pytest.mark.parametrize(("minutes", "state"), [(5, "prepared"), (10, "put_off")])
def test_a_room_that_is_open_by_the_new_time_as_well_stays_open(
    call: Call, cast: Cast, now: datetime, minutes: int, state: str
) -> None:
    assert shift(call, cast, now, minutes).state == state


def test_who_watched_and_listened_does_so_no_more_and_the_log_says_it(
    call: Call, cast: Cast, actors: dict[str, Actor], now: datetime
) -> None:
    take_watch(call_ref=call.ref, actor=actors["officer"], now=now)
    listen(call_ref=call.ref, actor=actors["officer"], now=now)
    shift(call, cast, now)
    assert not call.participations.filter(role="supervisor", until__isnull=True).exists()
    assert not Listening.objects.filter(until__isnull=True).exists()
    for code in ("call.put_off", "call.unwatch", "call.unlisten"):
        assert Entry.objects.filter(code=code).count() == 1
    assert "put_off" in [line.code for line in timeline(call.visit) if line.outward]


def test_a_visit_that_is_cancelled_or_over_meanwhile_takes_its_call_along(
    call: Call, cast: Cast, now: datetime
) -> None:
    shift(call, cast, now)
    cancel_by_facility(
        visit_ref=call.visit.ref, outcome="cancelled_by_facility", reason="Padam", key="c",
        actor=cast.lapas.actor("desk", now), now=now,
    )  # fmt: skip
    ended = Call.objects.get(pk=call.pk)
    assert (ended.state, ended.outcome) == ("ended", "cancelled_by_facility")


def test_a_visit_that_is_concluded_while_its_call_is_put_off_takes_it_along(
    call: Call, cast: Cast, now: datetime
) -> None:
    shift(call, cast, now)
    conclude(visit=call.visit, outcome="visitor_absent", actor=SYSTEM, now=now + 70 * MINUTE)
    ended = Call.objects.get(pk=call.pk)
    assert (ended.state, ended.outcome) == ("ended", "visitor_absent")


def test_never_prepared_again_it_is_closed_as_ours_when_its_time_is_over(call: Call, cast: Cast, now: datetime) -> None:
    shift(call, cast, now)
    assert jobs.close_unheld(now + 75 * MINUTE) == 1
    assert Visit.objects.get(pk=call.visit_id).outcome == "cancelled_by_facility"
    assert Call.objects.get(pk=call.pk).state == "ended"


@pytest.mark.parametrize("hinted", [True, False])
async def test_everybody_is_sent_back_to_wait_and_meets_again_at_the_new_time(
    theatre: Theatre, cast: Cast, hinted: bool
) -> None:
    """Told by the commit at once, or found in the record a second later."""
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    family, station = await theatre.listen_in("visitor"), await theatre.listen_in("inmate")
    room, now = theatre.call.room, theatre.clock.now()
    shift(theatre.call, cast, now)
    if hinted:
        reach.current().rounds.put_off(theatre.call.ref)
        await theatre.quiet()
    else:
        await theatre.pass_by(2)
    assert theatre.call.ref not in theatre.conductor.studio.stages
    assert room not in theatre.media._rooms
    assert family.last("ended")["next_url"] == f"/visits/{theatre.call.visit.ref}/check-in/"
    assert station.last("ended")["next_url"] == "/station/"
    assert (family.last("ended")["outcome"], family.last("ended")["put_off"]) == (None, True)
    with pytest.raises(Refused, match="CALL_NOT_OPEN"):
        await theatre.conductor.doors.enter(theatre.ref("visitor"), theatre.actors["visitor"])
    theatre.clock.move(minutes=56)
    await theatre.pass_by(2)
    theatre.call.refresh_from_db()
    assert theatre.call.state == "prepared"
    assert theatre.call.room != room
    await theatre.go_live()
    assert theatre.is_open
