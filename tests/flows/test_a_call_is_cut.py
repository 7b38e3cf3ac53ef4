"""A call that is disturbed: an officer pauses, nobody watches, the line fails. Minutes and units come back."""

from datetime import timedelta

from besuk.flow.bookings.models import LedgerEntry
from besuk.flow.live import actions as live
from besuk.flow.live.actions.hold import cause_of
from besuk.flow.live.models import Call
from besuk.flow.live.queries import timeline
from besuk.flow.live.rules import floor_open
from besuk.flow.oversight import actions as oversight
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.command import main as audit
from tests.flows.steps import Journey


def begun(journey: Journey) -> Call:
    """A call that is live, at the moment its slot begins."""
    visit = journey.vetted_and_booked()
    journey.pair(visit.station)
    journey.go_to(visit, minutes=4)
    journey.check_in(visit)
    journey.inmate_is_ready(visit)
    journey.go_to(visit)
    return journey.admitted(visit)


def is_heard(call: Call) -> bool:
    causes = [cause_of(word) for word in call.holds.filter(lifted_at__isnull=True).values_list("cause", flat=True)]
    call.refresh_from_db()
    return floor_open(call.state, causes)


def returned(call: Call) -> bool:
    return LedgerEntry.objects.filter(visit=call.visit, kind=LedgerEntry.Kind.RETURNED).exists()


def test_an_officers_pause_survives_the_officers_leaving_and_the_minutes_are_given_back(journey: Journey) -> None:
    call = begun(journey)
    officer = journey.cast.lapas.actor("supervisor", journey.now)
    ends_at = call.ends_at
    assert ends_at is not None
    journey.clock.move(minutes=3)
    live.hold(call_ref=call.ref, cause="supervisor", reason="rules", actor=officer, now=journey.now)
    live.hold(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=journey.now)
    journey.clock.move(minutes=2)
    live.lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=journey.now)
    assert not is_heard(call)
    live.lift(call_ref=call.ref, cause="supervisor", actor=officer, now=journey.now)
    assert is_heard(call)
    assert call.ends_at == ends_at + timedelta(minutes=2)


def test_without_an_officer_the_unit_comes_back(journey: Journey) -> None:
    call = begun(journey)
    journey.clock.move(minutes=2)
    live.hold(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=journey.now)
    journey.clock.move(minutes=30)
    live.end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=journey.now)
    call.visit.refresh_from_db()
    assert call.visit.outcome == "no_supervisor"
    assert returned(call)
    page = journey.phone.get(f"/visits/{call.visit.ref}/result/").content.decode()
    assert "Terganggu karena kami. Yang hilang kami ganti." in page


def test_an_end_by_the_officer_has_a_reason_and_keeps_the_unit(journey: Journey) -> None:
    call = begun(journey)
    officer = journey.cast.lapas.actor("supervisor", journey.now)
    journey.clock.move(minutes=1)
    oversight.warn(
        call_ref=call.ref, code="recording", formal=True, addressed="both", shown_to=["visitor", "inmate"],
        actor=officer, now=journey.now,
    )  # fmt: skip
    journey.clock.move(minutes=1)
    live.end(
        call_ref=call.ref, ended_by="officer", outcome="ended_by_supervisor", reason="recording", actor=officer,
        now=journey.now,
    )  # fmt: skip
    assert not returned(call)
    codes = [line.code for line in timeline(call.visit)]
    assert codes.index("admitted") < codes.index("warned") < codes.index("ended")
    assert journey.cast.lapas.staff["supervisor"].name not in str([line.sentence for line in timeline(call.visit)])
    assert audit(["verify"]) == 0


def test_nobody_comes_back_after_the_end(journey: Journey) -> None:
    call = begun(journey)
    live.end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=journey.now + timedelta(minutes=15))
    answer = journey.phone.get(f"/visits/{call.visit.ref}/call/")
    assert (answer.status_code, answer["Location"]) == (302, f"/visits/{call.visit.ref}/result/")
