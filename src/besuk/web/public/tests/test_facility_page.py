"""Everybody can read whether, when and how a prison receives visits."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client

from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.timetable.models import Closure, SessionTemplate
from besuk.testing.cast import Cast
from besuk.testing.clock import THURSDAY, FixedClock
from besuk.web.public.opening import opening_of


def test_the_first_page_lists_every_prison_and_the_ways_in(cast: Cast, clock_at: FixedClock, client: Client) -> None:
    page = client.get("/").content.decode()
    for text in ("Lapas Narkotika Contoh", "Rutan Teladan", "/sign-in/", "/register/", "/staff/sign-in/", "GRATIS"):
        assert text in page


def test_it_works_with_no_prison_at_all(db: None, client: Client) -> None:
    assert client.get("/").status_code == 200


def test_the_prisons_page_tells_all_that_a_family_asks(cast: Cast, clock_at: FixedClock, client: Client) -> None:
    page = client.get("/f/lapas/").content.decode()
    for part in ("opening-state", "hours", "who-may", "house-rules", "how-to", "complain"):
        assert f'data-testid="{part}"' in page
    assert "09.00–11.30" in page
    assert "SP4N-LAPOR!" in page
    assert "WIB" in page


def test_an_unknown_prison_is_not_found(cast: Cast, client: Client) -> None:
    assert client.get("/f/nowhere/").status_code == 404


def test_english_has_english_hours(cast: Cast, clock_at: FixedClock, client: Client) -> None:
    assert "09:00–11:30" in client.get("/f/lapas/", headers={"Accept-Language": "en"}).content.decode()


def test_an_announcement_is_shown_and_harmless(cast: Cast, clock_at: FixedClock, client: Client) -> None:
    FacilityPolicy.objects.create(facility=cast.lapas.facility, values={"announcement": "<b>Libur</b>"})
    assert "&lt;b&gt;Libur&lt;/b&gt;" in client.get("/f/lapas/").content.decode()


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (datetime(2026, 12, 3, 2, 0, tzinfo=UTC), "open"),
        (datetime(2026, 12, 3, 1, 59, tzinfo=UTC), "closed"),
        (datetime(2026, 12, 3, 4, 30, tzinfo=UTC), "closed"),
        (datetime(2026, 12, 6, 2, 20, tzinfo=UTC), "closed"),
    ],
)
def test_it_is_open_within_its_sessions_in_its_own_time(cast: Cast, at: datetime, state: str) -> None:
    assert opening_of(cast.lapas.facility, at).state == state


def test_a_closure_or_a_suspension_closes_it(cast: Cast) -> None:
    hour = timedelta(hours=1)
    closed = Closure.objects.create(
        facility=cast.lapas.facility, starts_at=THURSDAY - hour, ends_at=THURSDAY + hour, reason="x"
    )
    assert opening_of(cast.lapas.facility, THURSDAY).state == "closed"
    closed.station = cast.lapas.stations[0]
    closed.save()
    assert opening_of(cast.lapas.facility, THURSDAY).state == "open"
    cast.lapas.facility.suspended_at = THURSDAY
    assert opening_of(cast.lapas.facility, THURSDAY).state == "suspended"


def test_hours_only_for_some_say_for_whom(cast: Cast) -> None:
    SessionTemplate.objects.filter(facility=cast.lapas.facility, weekday=1).update(who_may="remand")
    days = opening_of(cast.lapas.facility, THURSDAY).days
    assert {one.who for one in days[1].hours} == {"khusus tahanan"}
    assert {one.who for one in days[0].hours} == {""}
    assert days[6].hours == ()
    assert [day.is_today for day in days].index(True) == 3


def test_a_pattern_that_has_ended_is_not_shown(cast: Cast) -> None:
    SessionTemplate.objects.filter(facility=cast.lapas.facility, starts=time(9)).update(valid_until="2026-12-02")
    assert [one.text for one in opening_of(cast.lapas.facility, THURSDAY).days[0].hours] == ["13.30–15.30"]
