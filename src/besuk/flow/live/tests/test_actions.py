"""The record's side of a call: preparing, entering, admitting, holding, ending."""

from datetime import datetime, timedelta

import pytest

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import cancel_by_facility
from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import Attendance
from besuk.flow.live import jobs
from besuk.flow.live.actions import admit, end, enter, hold, leave_watch, lift, prepare, take_watch
from besuk.flow.live.lifecycle import Cause
from besuk.flow.live.load import load
from besuk.flow.live.models import Call, Hold, Participation
from besuk.flow.live.queries import last_word, live_now, participation_of, running_at, timeline
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.actions import stop_service
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.media.grants import Role
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast, as_visitor


@pytest.fixture
def visit(call: Call) -> Visit:
    return call.visit


def make_live(call: Call, officer: Actor, now: datetime) -> Call:
    lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=now)
    return admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=officer, now=now)


# --- prepare


def test_a_prepared_call_has_a_room_nobody_can_guess_two_places_and_is_held(call: Call) -> None:
    assert call.room.startswith("sv-")
    assert len(call.room) == 35
    roles = dict(call.participations.values_list("role", "ref"))
    assert {role: ref[:2] for role, ref in roles.items()} == {"visitor": "v-", "inmate": "i-"}
    assert set(call.holds.values_list("cause", flat=True)) == {"identity", "no_supervisor"}


def test_preparing_twice_gives_the_same_call(call: Call, now: datetime) -> None:
    assert prepare(visit_ref=call.visit.ref, actor=SYSTEM, now=now) == call
    assert Call.objects.count() == 1


def test_only_besuk_itself_prepares(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    for actor in actors.values():
        with pytest.raises(Refused, match="NOT_ALLOWED"):
            prepare(visit_ref=call.visit.ref, actor=actor, now=now)


@pytest.mark.parametrize(("minutes", "code"), [(-5.1, "CALL_NOT_OPEN"), (45, "VISIT_OVER")])
def test_a_call_is_prepared_only_around_its_time(cast: Cast, now: datetime, minutes: float, code: str) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    with pytest.raises(Refused, match=code):
        prepare(visit_ref=visit.ref, actor=SYSTEM, now=now + timedelta(minutes=minutes))


def test_a_station_has_one_running_call(call: Call, cast: Cast, now: datetime) -> None:
    later = booked_visit(approved_tie(cast.budi, cast.lapas.inmates[1]), starts_at=now + timedelta(minutes=20))
    with pytest.raises(Refused, match="CALL_NOT_OPEN"):
        prepare(visit_ref=later.ref, actor=SYSTEM, now=now + timedelta(minutes=20))


def test_the_next_booking_of_the_station_is_the_latest_end(cast: Cast, now: datetime) -> None:
    first = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    booked_visit(approved_tie(cast.budi, cast.lapas.inmates[1]), starts_at=now + timedelta(minutes=20))
    assert prepare(visit_ref=first.ref, actor=SYSTEM, now=now).latest_end == now + timedelta(minutes=20)


def test_the_job_prepares_when_both_are_ready_and_not_before(cast: Cast, now: datetime) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    assert jobs.prepare_due(now) == 0
    Attendance.objects.filter(visit=visit, side="visitor").update(state="ready")
    assert jobs.prepare_due(now) == 0
    Attendance.objects.filter(visit=visit, side="inmate").update(state="ready")
    assert jobs.prepare_due(now - timedelta(minutes=6)) == 0
    assert jobs.prepare_due(now) == 1
    assert jobs.prepare_due(now) == 0


def test_who_waited_while_all_calls_stood_still_gets_the_turn_back_and_goes_first(
    cast: Cast, actors: dict[str, Actor], now: datetime
) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    stop_service(facility_id=visit.facility_id, actor=actors["officer"], now=now)
    Attendance.objects.filter(visit=visit).update(state="ready")
    assert jobs.prepare_due(now) == 0
    assert jobs.close_unheld(visit.ends_at - timedelta(seconds=1)) == 0
    assert jobs.close_unheld(visit.ends_at) == 1
    assert jobs.close_unheld(visit.ends_at) == 0
    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == ("concluded", "cancelled_by_facility")
    back = visit.ledger.get(kind="returned")
    assert (back.units, back.goes_first) == (1, True)


def test_a_visit_whose_call_is_open_is_left_to_its_call(call: Call) -> None:
    assert jobs.close_unheld(call.visit.ends_at + timedelta(minutes=1)) == 0


def test_a_cancelled_visit_ends_its_call_in_the_same_transaction(call: Call, cast: Cast, now: datetime) -> None:
    cancel_by_facility(
        visit_ref=call.visit.ref,
        outcome="cancelled_by_facility",
        reason="Listrik padam",
        key="k",
        actor=cast.lapas.actor("desk", now),
        now=now,
    )
    call.refresh_from_db()
    assert (call.state, call.outcome) == ("ended", "cancelled_by_facility")


# --- enter


@pytest.mark.parametrize(("who", "role"), [("visitor", Role.VISITOR), ("inmate", Role.INMATE)])
def test_a_party_enters_closed(call: Call, actors: dict[str, Actor], now: datetime, who: str, role: Role) -> None:
    seat = participation_of(call, actors[who])
    assert seat is not None
    entry = enter(participation_ref=seat.ref, actor=actors[who], now=now)
    assert (entry.room, entry.grant.role, entry.grant.can_subscribe) == (call.room, role, False)


def test_a_party_enters_a_live_call_closed_too(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    make_live(call, actors["officer"], now)
    seat = participation_of(call, actors["visitor"])
    assert seat is not None
    assert not enter(participation_ref=seat.ref, actor=actors["visitor"], now=now).grant.can_subscribe


def test_an_officer_enters_hidden(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    seat = take_watch(call_ref=call.ref, actor=actors["officer"], now=now)
    grant = enter(participation_ref=seat.ref, actor=actors["officer"], now=now).grant
    assert (grant.hidden, grant.agent, grant.can_subscribe, grant.can_publish) == (True, True, True, False)


def test_nobody_enters_anothers_place(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    take_watch(call_ref=call.ref, actor=actors["officer"], now=now)
    for seat in Participation.objects.filter(call=call):
        for name, actor in actors.items():
            if name == {"supervisor": "officer"}.get(seat.role, seat.role):
                continue
            with pytest.raises(Refused, match="NOT_IN_THIS_CALL"):
                enter(participation_ref=seat.ref, actor=actor, now=now)
    with pytest.raises(Refused, match="NOT_IN_THIS_CALL"):
        enter(participation_ref="v-nothing", actor=actors["visitor"], now=now)


def test_who_left_the_waiting_room_does_not_enter(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    Attendance.objects.filter(visit=call.visit, side="visitor").update(state="present")
    seat = participation_of(call, actors["visitor"])
    assert seat is not None
    with pytest.raises(Refused, match="CALL_NOT_OPEN"):
        enter(participation_ref=seat.ref, actor=actors["visitor"], now=now)


def test_who_gave_up_watching_does_not_enter(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    seat = take_watch(call_ref=call.ref, actor=actors["officer"], now=now)
    leave_watch(call_ref=call.ref, actor=actors["officer"], now=now)
    with pytest.raises(Refused, match="NOT_WATCHING"):
        enter(participation_ref=seat.ref, actor=actors["officer"], now=now)


@pytest.mark.parametrize("relation", ["lawyer", "consul", "ombudsman"])
def test_nobody_watches_a_privileged_call(call: Call, actors: dict[str, Actor], now: datetime, relation: str) -> None:
    """Promise 2: bookings refuses such visits; if one came to be all the same, it could not be watched."""
    seat = take_watch(call_ref=call.ref, actor=actors["officer"], now=now)
    Tie.objects.filter(visit_people__visit=call.visit).update(relation=relation)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        take_watch(call_ref=call.ref, actor=actors["officer2"], now=now)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        enter(participation_ref=seat.ref, actor=actors["officer"], now=now)


@pytest.mark.parametrize("relation", ["lawyer", "consul", "ombudsman"])
def test_there_is_no_stage_of_a_privileged_call(call: Call, relation: str) -> None:
    """Whoever holds a stage holds the proof that its call may be watched, and for that room alone."""
    stage = load(call.ref)
    assert stage is not None
    assert (stage.supervised.ref, stage.supervised.room, stage.room) == (call.ref, call.room, call.room)
    stage.move_to("another")
    assert (stage.supervised.room, stage.room) == ("another", "another")
    Tie.objects.filter(visit_people__visit=call.visit).update(relation=relation)
    assert load(call.ref) is None


def test_a_tie_that_was_suspended_since_the_booking_stops_the_call(
    call: Call, actors: dict[str, Actor], now: datetime
) -> None:
    Tie.objects.filter(visit_people__visit=call.visit).update(state="suspended")
    for who in ("visitor", "inmate"):
        seat = participation_of(call, actors[who])
        assert seat is not None
        with pytest.raises(Refused, match="TIE_SUSPENDED"):
            enter(participation_ref=seat.ref, actor=actors[who], now=now)
    with pytest.raises(Refused, match="TIE_SUSPENDED"):
        admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=actors["officer"], now=now)


# --- holds


def test_lifting_gives_the_held_time_back(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    make_live(call, actors["officer"], now)
    hold(call_ref=call.ref, cause="supervisor", actor=actors["officer"], now=now + timedelta(minutes=2))
    after = lift(call_ref=call.ref, cause="supervisor", actor=actors["officer"], now=now + timedelta(minutes=5))
    assert after.ends_at == now + timedelta(minutes=18)


def test_overlapping_holds_give_their_time_back_once(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    officer = actors["officer"]
    make_live(call, officer, now)
    hold(call_ref=call.ref, cause="supervisor", actor=officer, now=now + timedelta(minutes=2))
    hold(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=now + timedelta(minutes=3))
    lift(call_ref=call.ref, cause="supervisor", actor=officer, now=now + timedelta(minutes=4))
    hold(call_ref=call.ref, cause="technical", actor=SYSTEM, now=now + timedelta(minutes=6))
    lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=now + timedelta(minutes=6))
    after = lift(call_ref=call.ref, cause="technical", actor=SYSTEM, now=now + timedelta(minutes=7))
    assert after.ends_at == now + timedelta(minutes=20)


def test_only_its_own_cause_lifts_a_hold(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    make_live(call, actors["officer"], now)
    hold(call_ref=call.ref, cause="supervisor", actor=actors["officer"], now=now)
    lift(call_ref=call.ref, cause="technical", actor=SYSTEM, now=now)
    assert Hold.objects.get(call=call, cause="supervisor").lifted_at is None


def test_a_hold_is_recorded_once_and_lifting_nothing_is_harmless(
    call: Call, actors: dict[str, Actor], now: datetime
) -> None:
    for _ in range(2):
        hold(call_ref=call.ref, cause="supervisor", actor=actors["officer"], now=now, reason="rules")
    assert Hold.objects.filter(call=call, cause="supervisor").count() == 1
    assert Entry.objects.filter(code="call.hold", data__cause="supervisor").count() == 1


@pytest.mark.parametrize("cause", ["no_supervisor", "technical", "recorder"])
def test_an_officer_cannot_touch_besuks_own_holds(
    call: Call, actors: dict[str, Actor], now: datetime, cause: Cause
) -> None:
    for act in (hold, lift):
        with pytest.raises(Refused, match="NOT_ALLOWED"):
            act(call_ref=call.ref, cause=cause, actor=actors["officer"], now=now)


def test_besuk_cannot_lift_an_officers_pause(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        lift(call_ref=call.ref, cause="supervisor", actor=SYSTEM, now=now)


# --- admit and end


@pytest.mark.parametrize("who", ["visitor", "inmate", "outsider"])
def test_only_officers_admit(call: Call, actors: dict[str, Actor], now: datetime, who: str) -> None:
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=actors[who], now=now)


def test_late_admission_still_gives_all_minutes(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    late = now + timedelta(minutes=12)
    assert make_live(call, actors["officer"], late).ends_at == late + timedelta(minutes=15)


def test_an_end_concludes_the_visit_and_lets_everybody_go(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    take_watch(call_ref=call.ref, actor=actors["officer"], now=now)
    make_live(call, actors["officer"], now)
    later = now + timedelta(minutes=15)
    ended = end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=later)
    assert (ended.state, ended.outcome, ended.ended_at) == ("ended", "completed", later)
    visit = Visit.objects.get(pk=call.visit.pk)
    assert (visit.state, visit.outcome) == ("concluded", "completed")
    assert not call.participations.filter(until__isnull=True).exists()
    assert not call.holds.filter(lifted_at__isnull=True).exists()
    assert Entry.objects.filter(code="call.unwatch").count() == 1


def test_a_fault_of_ours_returns_the_unit(call: Call, now: datetime) -> None:
    end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=now + timedelta(minutes=45))
    assert Visit.objects.get(pk=call.visit.pk).outcome == "no_supervisor"
    assert call.visit.ledger.filter(kind="returned").count() == 1


def test_a_call_ends_once(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    make_live(call, actors["officer"], now)
    end(call_ref=call.ref, ended_by="officer", actor=actors["officer"], now=now, reason="finished")
    with pytest.raises(Refused, match="STATE_CHANGED"):
        end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=now)


def test_nobody_ends_anothers_call(call: Call, cast: Cast, actors: dict[str, Actor], now: datetime) -> None:
    make_live(call, actors["officer"], now)
    attempts: list[tuple[str, Actor]] = [
        ("visitor", as_visitor(cast.outsider)),
        ("visitor", actors["inmate"]),
        ("inmate", cast.lapas.station(2)),
        ("inmate", cast.rutan.station(1)),
        ("officer", actors["visitor"]),
        ("officer", cast.lapas.actor("desk", now)),
        ("clock", actors["officer"]),
    ]
    for ended_by, actor in attempts:
        with pytest.raises(Refused, match="NOT_ALLOWED"):
            end(call_ref=call.ref, ended_by=ended_by, actor=actor, now=now)  # type: ignore[arg-type]
    assert Call.objects.get(pk=call.pk).state == "live"


def test_an_officer_names_only_outcomes_that_are_theirs_to_say(
    call: Call, actors: dict[str, Actor], now: datetime
) -> None:
    make_live(call, actors["officer"], now)
    with pytest.raises(Refused, match="REASON_MISSING"):
        end(call_ref=call.ref, ended_by="officer", outcome="visitor_absent", actor=actors["officer"], now=now)


# --- queries


def test_the_board_shows_what_runs(call: Call, cast: Cast, actors: dict[str, Actor], now: datetime) -> None:
    take_watch(call_ref=call.ref, actor=actors["officer"], now=now)
    make_live(call, actors["officer"], now)
    [row] = live_now(cast.lapas.facility, now + timedelta(minutes=5))
    assert (row.state, row.minutes_left, row.inmate) == ("live", 10, cast.lapas.convicted.name)
    assert row.officers == (cast.lapas.staff["supervisor"].code,)
    assert live_now(cast.rutan.facility, now) == []


def test_a_station_finds_its_running_call(call: Call, cast: Cast, now: datetime) -> None:
    assert running_at(cast.lapas.stations[0].pk) == call
    assert running_at(cast.lapas.stations[1].pk) is None


def test_the_last_word_is_for_who_was_there(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    seat = participation_of(call, actors["visitor"])
    assert seat is not None
    with pytest.raises(Refused, match="CALL_NOT_OPEN"):
        last_word(seat.ref, actors["visitor"])
    make_live(call, actors["officer"], now)
    end(call_ref=call.ref, ended_by="visitor", actor=actors["visitor"], now=now)
    assert last_word(seat.ref, actors["visitor"]).outcome == "completed_early_by_visitor"
    with pytest.raises(Refused, match="NOT_IN_THIS_CALL"):
        last_word(seat.ref, actors["outsider"])


def test_the_timeline_tells_the_visit_in_order(visit: Visit, actors: dict[str, Actor], now: datetime) -> None:
    call = visit.call
    make_live(call, actors["officer"], now + timedelta(minutes=1))
    end(call_ref=call.ref, ended_by="officer", actor=actors["officer"], now=now + timedelta(minutes=3), reason="x")
    lines = timeline(visit)
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert lines[0].code == "booked"
    assert lines[-1].sentence == "Panggilan selesai: Dihentikan petugas"
    assert all("…" not in line.sentence for line in lines)
