"""The demo's start page: one button, one person; and nowhere but in the demo."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast
from besuk.testing.clock import FixedClock
from besuk.web.public.demo_visits import due_visits, make_due
from besuk.web.shared.identity import STATION_COOKIE, station_as, visitor_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Settings, clock_at: FixedClock) -> None:
    settings.BESUK_MODE = "demo"


@pytest.fixture
def due(cast: Cast, clock_at: FixedClock) -> Visit:
    tie = approved_tie(cast.siti, cast.lapas.convicted)
    return booked_visit(tie, starts_at=clock_at.at + timedelta(minutes=5), station=cast.lapas.stations[1])


@pytest.mark.parametrize("mode", ["production", "test"])
def test_outside_the_demo_nothing_of_it_exists(settings: Settings, client: Client, due: Visit, mode: str) -> None:
    settings.BESUK_MODE = mode
    assert client.get("/demo/").status_code == 404
    assert client.get("/demo/visits/").status_code == 404
    assert client.post("/demo/enter/family/", {"visit": due.ref}).status_code == 404
    assert client.post("/demo/enter/supervisor/", {"username": "supervisor.lapas"}).status_code == 404
    assert client.post("/demo/another/", {"facility": "lapas"}).status_code == 404
    assert visitor_in(client.session) is None


def test_the_page_shows_who_is_due_and_a_button_for_each_window(demo: None, client: Client, due: Visit) -> None:
    page = client.get("/demo/").content.decode()
    for testid in ("due-visit", "enter-family", "enter-station", "enter-officer", "what-to-try"):
        assert page.count(f'data-testid="{testid}"') >= 1, testid
    assert "Siti Aminah" in page
    assert "09.25 WIB" in page


def test_one_browser_becomes_family_station_and_officer_at_once(
    demo: None, client: Client, cast: Cast, due: Visit
) -> None:
    family = client.post("/demo/enter/family/", {"visit": due.ref})
    station = client.post("/demo/enter/station/", {"visit": due.ref})
    officer = client.post("/demo/enter/supervisor/", {"username": "supervisor.lapas", "facility": "lapas"})
    assert [one.status_code for one in (family, station, officer)] == [302, 302, 302]
    assert visitor_in(client.session) == cast.siti
    assert station_as({STATION_COOKIE: client.cookies[STATION_COOKIE].value}).pk == due.station_id
    assert client.get(officer["Location"]).status_code == 200
    assert officer["Location"] == "/wall/"


def test_the_station_can_be_entered_as_often_as_one_likes(demo: None, client: Client, due: Visit) -> None:
    answers = {client.post("/demo/enter/station/", {"visit": due.ref}).status_code for _ in range(15)}
    assert answers == {302}


def test_another_visit_is_booked_through_the_real_bookings(
    demo: None, client: Client, cast: Cast, due: Visit, clock_at: FixedClock
) -> None:
    with_policy(cast, book_from_days=0)
    approved_tie(cast.budi, cast.lapas.inmates[1])
    assert client.post("/demo/another/", {"facility": "lapas"}).status_code == 302
    new = Visit.objects.exclude(pk=due.pk).get()
    assert (new.state, new.inmate) == ("booked", cast.lapas.inmates[1])


def test_the_quota_of_the_week_does_not_end_the_demo(cast: Cast, clock_at: FixedClock, due: Visit) -> None:
    with_policy(cast, book_from_days=0)
    visit = make_due(cast.lapas.facility, clock_at.at)
    assert visit.inmate == due.inmate
    assert LedgerEntry.objects.get(kind="adjusted").units == 1


def test_a_visit_that_began_without_anybody_is_not_offered(cast: Cast, due: Visit, clock_at: FixedClock) -> None:
    clock_at.move(minutes=8)
    assert due_visits(cast.lapas.facility, clock_at.at) == []
    due.attendance.filter(side="visitor").update(state="ready")
    assert due_visits(cast.lapas.facility, clock_at.at) == [due]


def test_a_visit_that_is_over_cannot_be_entered(demo: None, client: Client, due: Visit) -> None:
    Visit.objects.update(state="concluded")
    assert client.post("/demo/enter/family/", {"visit": due.ref}).status_code == 404


def with_policy(cast: Cast, **values: int) -> None:
    from besuk.ground.facilities.models import FacilityPolicy

    FacilityPolicy.objects.update_or_create(facility=cast.lapas.facility, defaults={"values": values})
