import pytest

from besuk.testing.cast import Cast
from besuk.testing.clock import FixedClock
from tests.flows.steps import Journey


@pytest.fixture
def journey(cast: Cast, clock_at: FixedClock) -> Journey:
    """A day at the Lapas that plays at the moment of the cast's clock."""
    return Journey(cast, clock_at)
