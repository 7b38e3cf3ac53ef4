"""A computer is needed for a hearing: shown first, closed after, and nobody is surprised."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.ground.audit.models import Entry
from besuk.ground.notices.models import Notice
from besuk.ground.timetable.models import Closure
from besuk.ground.timetable.queries import slots_between
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
PAGE = "/desk/day/station/"


@pytest.fixture
def visit(cast: Cast, clock_at: FixedClock) -> Visit:
    """10.20 WIB at the first station."""
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=THURSDAY + timedelta(hours=1))


@pytest.fixture
def desk(cast: Cast, browse_as: Browse) -> Client:
    return browse_as(cast.lapas.staff["desk"])


def asked(cast: Cast, *visits: Visit, **more: str) -> dict[str, object]:
    refs = [one.ref for one in visits]
    values = {"station": cast.lapas.stations[0].ref, "from": "10:00", "until": "11:00", "reason": "Sidang", "key": "k"}
    return {**values, "visit": refs, **more}


def test_it_shows_who_is_touched(cast: Cast, desk: Client, visit: Visit) -> None:
    query = {"station": cast.lapas.stations[0].ref, "from": "10:00", "until": "11:00"}
    assert f"touched-{visit.ref}" in desk.get(PAGE, query).content.decode()
    assert 'data-testid="nobody-touched"' in desk.get(PAGE, {**query, "from": "10:35"}).content.decode()
    assert desk.get(PAGE, {**query, "until": "09:00"}).status_code == 400


def test_the_station_is_closed_and_its_visits_are_cancelled(cast: Cast, desk: Client, visit: Visit) -> None:
    for _ in range(2):
        assert desk.post(PAGE, asked(cast, visit)).status_code == 302
    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == ("cancelled", "cancelled_by_facility")
    assert LedgerEntry.objects.filter(goes_first=True).count() == 1
    closed = Closure.objects.get()
    assert (closed.station, closed.ends_at - closed.starts_at) == (cast.lapas.stations[0], timedelta(hours=1))
    day = (THURSDAY + timedelta(hours=7)).date()
    taken = [one for one in slots_between(cast.lapas.facility, day, day) if one.closed]
    assert {one.station_id for one in taken} == {cast.lapas.stations[0].pk}
    assert Entry.objects.filter(code="station.taken").count() == 1
    assert "Sidang" not in str(Notice.objects.get(template="visit_cancelled").values)


@pytest.mark.parametrize(
    ("more", "status"),
    [({"visit": ""}, 409), ({"reason": " "}, 400), ({"from": "08:00", "until": "09:00"}, 409), ({"from": ""}, 400)],
)
def test_what_stands_in_the_way_changes_nothing(
    cast: Cast, desk: Client, visit: Visit, more: dict[str, str], status: int
) -> None:
    """Somebody booked after the preview; no reason; a time that has passed; no time."""
    assert desk.post(PAGE, asked(cast, visit, **more)).status_code == status
    visit.refresh_from_db()
    assert (visit.state, Closure.objects.count()) == ("booked", 0)


def test_a_station_in_which_somebody_sits_is_not_taken(cast: Cast, desk: Client, clock_at: FixedClock) -> None:
    running = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    assert desk.post(PAGE, asked(cast, running, **{"from": "09:00"})).status_code == 409
    assert Closure.objects.count() == 0


def test_a_time_that_is_closed_already_is_not_closed_twice(cast: Cast, desk: Client, visit: Visit) -> None:
    desk.post(PAGE, asked(cast, visit))
    assert desk.post(PAGE, asked(cast, key="another")).status_code == 409
    assert Closure.objects.count() == 1


def test_another_prisons_station_does_not_exist(cast: Cast, visit: Visit, browse_as: Browse) -> None:
    assert browse_as(cast.rutan.staff["desk"]).post(PAGE, asked(cast, visit)).status_code == 404
