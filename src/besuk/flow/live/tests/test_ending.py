"""What a call that ends says of minutes: lost by whose fault, given on top, and not taken twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies

from besuk.flow.bookings.actions import conclude
from besuk.flow.bookings.compensation import Given
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import saved_minutes
from besuk.flow.live import rules
from besuk.flow.live.actions import admit, end, hold, lift
from besuk.flow.live.lifecycle import Cause
from besuk.flow.live.models import Call
from besuk.flow.live.rules import Span
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.kernel.actor import Actor
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast

MINUTE = timedelta(minutes=1)
LENGTH = 15 * MINUTE
BEGIN = datetime(2026, 12, 3, 2, 20, tzinfo=UTC)
CAUSES: strategies.SearchStrategy[Cause] = strategies.sampled_from(("supervisor", "no_supervisor", "technical"))


@strategies.composite
def spans(draw: strategies.DrawFn) -> Span:
    """A hold that begins within the first twenty minutes of a call."""
    since = draw(strategies.integers(0, 20))
    until = draw(strategies.none() | strategies.integers(since, 40))
    return Span(BEGIN + since * MINUTE, None if until is None else BEGIN + until * MINUTE, draw(CAUSES))


@given(strategies.lists(spans(), max_size=5), strategies.integers(0, 45))
def test_an_officers_pause_loses_nothing_that_we_repay_and_every_other_hold_does(held: list[Span], ended: int) -> None:
    end_at = BEGIN + ended * MINUTE
    lost = rules.lost_by_us(LENGTH, held, BEGIN, end_at)
    missing = rules.minutes_lost(LENGTH, rules.talked(held, BEGIN, end_at))
    assert 0 <= lost <= missing
    others = [span for span in held if span.cause != "supervisor"]
    if len(others) == len(held):
        assert lost == missing
    assert lost == rules.minutes_lost(LENGTH, rules.talked(others, BEGIN, end_at))


def begin(call: Call, officer: Actor, now: datetime) -> Call:
    lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=now)
    return admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=officer, now=now)


def tie_of(call: Call) -> int:
    return call.visit.people.get(is_host=True).tie_id or 0


@pytest.mark.parametrize(("cause", "saved"), [("technical", 3), ("supervisor", 0)])
def test_what_the_timetable_does_not_allow_to_give_back_is_saved(
    *, call: Call, actors: dict[str, Actor], cast: Cast, now: datetime, cause: Cause, saved: int
) -> None:
    """The next booking begins 20 minutes after the slot's start: 8 of the 8 minutes held do not fit, 5 do."""
    booked_visit(approved_tie(cast.budi, cast.lapas.inmates[1]), starts_at=now + 20 * MINUTE)
    begin(call, actors["officer"], now)
    by = SYSTEM if cause == "technical" else actors["officer"]
    hold(call_ref=call.ref, cause=cause, actor=by, now=now + 2 * MINUTE, reason="rules")
    lift(call_ref=call.ref, cause=cause, actor=by, now=now + 10 * MINUTE)
    ended = end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=now + 20 * MINUTE)
    assert (ended.outcome, ended.minutes_lost, saved_minutes(tie_of(call))) == ("completed", saved, saved)
    assert call.happenings.get(code="ended").data["lost"] == saved


@pytest.mark.parametrize(("percent", "units"), [(50, 0), (80, 1)])
def test_the_share_below_which_a_visit_is_repeated_is_policy(
    call: Call, actors: dict[str, Actor], now: datetime, percent: int, units: int
) -> None:
    FacilityPolicy.objects.update_or_create(
        facility_id=call.facility_id, defaults={"values": {"unit_back_below_percent": percent}}
    )
    begin(call, actors["officer"], now)
    end(
        call_ref=call.ref, ended_by="officer", outcome="failed_technical", reason="line", actor=actors["officer"],
        now=now + 10 * MINUTE,
    )  # fmt: skip
    assert call.visit.ledger.get(kind="returned").units == units
    assert Visit.objects.get(pk=call.visit.pk).confirmed_by_id == actors["officer"].pk


async def test_saved_minutes_are_on_the_clock_of_the_next_call_and_on_its_timeline(theatre: Theatre) -> None:
    tie = theatre.call.visit.people.get(is_host=True).tie
    assert tie is not None
    earlier = booked_visit(tie, starts_at=theatre.call.visit.starts_at - timedelta(days=7))
    share = Given(LENGTH, 11 * MINUTE)
    conclude(visit=earlier, outcome="failed_technical", actor=SYSTEM, now=earlier.ends_at, given=share)
    await theatre.go_live()
    assert theatre.stage.left(theatre.clock.now()) == 19 * MINUTE
    assert theatre.call.happenings.get(code="credited").data == {"minutes": 4}
    await theatre.skip(17 * 60)
    assert theatre.is_open
    assert saved_minutes(tie.pk) == 0
    await theatre.skip(2 * 60 + 1)
    assert not theatre.is_open
    assert (Call.objects.get(pk=theatre.call.pk).outcome, saved_minutes(tie.pk)) == ("completed", 0)
