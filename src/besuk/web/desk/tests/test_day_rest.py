"""Cancelling the rest of a session: shown first, all or nothing, the reason stays inside."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.ground.audit.models import EntryText
from besuk.ground.notices.models import Notice
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
PAGE = "/desk/day/rest/"


@pytest.fixture
def visits(cast: Cast, clock_at: FixedClock) -> list[Visit]:
    """One that begins now (09.20), two later in the morning, one in the afternoon."""
    first = approved_tie(cast.siti, cast.lapas.convicted)
    second = approved_tie(cast.budi, cast.lapas.inmates[1])
    station = cast.lapas.stations
    return [
        booked_visit(first),
        booked_visit(first, starts_at=THURSDAY + timedelta(minutes=60), station=station[1]),
        booked_visit(second, starts_at=THURSDAY + timedelta(minutes=4), station=station[2]),
        booked_visit(second, starts_at=THURSDAY + timedelta(hours=5)),
    ]


@pytest.fixture
def desk(cast: Cast, browse_as: Browse) -> Client:
    return browse_as(cast.lapas.staff["desk"])


def send(desk: Client, visits: list[Visit], reason: str = "Listrik padam", key: str = "k") -> int:
    return desk.post(PAGE, {"visit": [one.ref for one in visits], "reason": reason, "key": key}).status_code


def states(visits: list[Visit]) -> list[str]:
    return [Visit.objects.get(pk=one.pk).state for one in visits]


def test_it_shows_who_is_touched_session_by_session(desk: Client, visits: list[Visit]) -> None:
    html = desk.get(PAGE).content.decode()
    assert html.count('data-testid="rest"') == 2
    assert [f"touched-{one.ref}" in html for one in visits] == [False, True, True, True]


def test_exactly_those_are_cancelled_told_and_owed(desk: Client, visits: list[Visit]) -> None:
    call_ready(visits[2])
    for _ in range(2):
        assert send(desk, visits[1:3]) == 302
    assert states(visits) == ["booked", "cancelled", "cancelled", "booked"]
    assert all(one.ledger.filter(kind="returned").count() == 1 and not one.claims.exists() for one in visits[1:3])
    assert LedgerEntry.objects.filter(goes_first=True).count() == 2
    told = Notice.objects.filter(template="visit_cancelled")
    assert told.count() == 2
    assert not any("Listrik" in str(one.values) for one in told)
    assert {one.words for one in EntryText.objects.all()} == {"Listrik padam"}


@pytest.mark.parametrize(("which", "reason", "status"), [([0, 1], "Padam", 409), ([1], " ", 400), ([], "Padam", 409)])
def test_nothing_is_cancelled_when_something_stands_in_the_way(
    desk: Client, visits: list[Visit], which: list[int], reason: str, status: int
) -> None:
    assert send(desk, [visits[n] for n in which], reason) == status
    assert states(visits) == ["booked"] * 4


def test_another_prisons_visits_are_not_touched(visits: list[Visit], cast: Cast, browse_as: Browse) -> None:
    assert send(browse_as(cast.rutan.staff["desk"]), visits[1:2]) == 409
    assert states(visits) == ["booked"] * 4


def test_whoever_may_not_book_does_not_see_it(cast: Cast, visits: list[Visit], browse_as: Browse) -> None:
    officer = browse_as(cast.lapas.staff["supervisor"])
    assert officer.get(PAGE).status_code == 403
    assert b'data-testid="rest-of-session"' not in officer.get("/desk/day/").content
