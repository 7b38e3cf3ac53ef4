"""The sweeper tidies lapsed holds and touches nothing else."""

from datetime import datetime, timedelta

import pytest

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings import jobs
from besuk.flow.bookings.actions import hold
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import offers
from besuk.ground.kernel.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(tie: Tie, siti: Actor, now: datetime) -> Visit:
    day = now.date() + timedelta(days=1)
    slot = next(one.slot for one in offers(tie, day, day, now) if one.is_free)
    start = slot.interval.start
    return hold(tie_ref=tie.ref, station_id=slot.station_id, starts_at=start, key="h", actor=siti, now=now)


def test_a_hold_that_lapsed_an_hour_ago_is_closed_with_its_claims(held: Visit) -> None:
    assert jobs.run(held.held_until + jobs.OLD) == 1
    held.refresh_from_db()
    assert (held.state, held.outcome, held.claims.count()) == ("cancelled", "", 0)
    assert jobs.run(held.held_until + jobs.OLD) == 0


def test_a_younger_hold_is_left_to_its_owner(held: Visit) -> None:
    assert jobs.run(held.held_until + jobs.OLD - timedelta(microseconds=1)) == 0
    held.refresh_from_db()
    assert held.state == "held"


def test_a_booked_visit_is_left_alone(visit: Visit) -> None:
    assert jobs.run(visit.starts_at + timedelta(days=30)) == 0
    visit.refresh_from_db()
    assert visit.state == "booked"
