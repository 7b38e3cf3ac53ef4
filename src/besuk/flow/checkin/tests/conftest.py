import pytest

from besuk.flow.bookings.models import Visit
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast


@pytest.fixture
def visit(cast: Cast) -> Visit:
    """Siti's visit to the first inmate of the Lapas, due now."""
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
