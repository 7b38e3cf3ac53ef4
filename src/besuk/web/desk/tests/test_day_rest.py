"""Cancelling the rest of a session: shown first, all or nothing, the reason stays inside."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.ground.audit.models import EntryText
from besuk.ground.facilities.models import Inmate
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


def test_the_inmates_get_word_on_paper_and_the_day_page_leads_there(desk: Client, visits: list[Visit]) -> None:
    assert 'data-testid="print-called-off"' not in desk.get("/desk/day/").content.decode()
    send(desk, visits[1:3])
    day = desk.get("/desk/day/").content.decode()
    assert re.search(r'href="(/desk/day/list/[^"]*#called-off)"', day)
    assert "Pemberitahuan batal (2)" in day
    paper = desk.get("/desk/day/list/").content.decode()
    assert [f"slip-off-{one.ref}" in paper for one in visits] == [False, True, True, False]
    assert [f'"slip-{one.ref}' in paper for one in visits] == [True, False, False, True]
    assert paper.count("Anda berdua didahulukan pada jadwal berikutnya.") == 2
    assert "Listrik padam" not in paper
    assert not any(name in paper for name in ("Siti", "Budi"))


@pytest.mark.parametrize(
    ("outcome", "place", "told"),
    [
        ("cancelled_by_visitor", "here", True),
        ("booked_in_error", "here", True),
        ("cancelled_by_inmate", "here", False),
        ("inmate_unavailable", "here", False),
        ("cancelled_by_facility", "away", False),
    ],
)
def test_who_knows_or_is_away_gets_no_paper_and_nobody_is_promised_too_much(
    *, desk: Client, visits: list[Visit], outcome: str, place: str, told: bool
) -> None:
    Visit.objects.filter(pk=visits[3].pk).update(state="cancelled", outcome=outcome)
    Inmate.objects.filter(pk=visits[3].inmate_id).update(place=place)
    paper = desk.get("/desk/day/list/").content.decode()
    assert (f"slip-off-{visits[3].ref}" in paper) is told
    assert "didahulukan" not in paper
