"""A tie, the people at its ends, and a booked visit of it."""

from datetime import datetime, timedelta

import pytest

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.kernel.actor import Actor
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast


@pytest.fixture
def tie(cast: Cast) -> Tie:
    return approved_tie(cast.siti, cast.lapas.convicted)


@pytest.fixture
def siti(cast: Cast) -> Actor:
    return visitor_actor(cast.siti)


@pytest.fixture
def desk(cast: Cast, now: datetime) -> Actor:
    return cast.lapas.actor("desk", now)


@pytest.fixture
def visit(tie: Tie, now: datetime) -> Visit:
    """Booked for the day after tomorrow, 09.20 WIB."""
    return booked_visit(tie, starts_at=now + timedelta(days=2), now=now - timedelta(days=1))
