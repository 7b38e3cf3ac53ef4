"""Shifting the rest of a session: shown first, all or nothing, families read the new time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.models import Claim, Visit
from besuk.flow.live.actions import admit, take_watch
from besuk.flow.live.models import Call
from besuk.ground.audit.models import Entry, EntryText
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.notices.models import Notice
from besuk.ground.timetable.models import Closure
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.cast import new_inmate
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
PAGE = "/desk/day/shift/"
MORNING = THURSDAY - timedelta(minutes=20)
MIN = timedelta(minutes=1)


@pytest.fixture
def visits(cast: Cast, clock_at: FixedClock) -> list[Visit]:
    """Two after each other at booth 1 (09.40, 10.00), one at booth 2 (09.45), one in the afternoon (14.20)."""
    siti = approved_tie(cast.siti, cast.lapas.convicted)
    budi = approved_tie(cast.budi, cast.lapas.inmates[1])
    two = cast.lapas.stations[1]
    return [
        booked_visit(siti, starts_at=THURSDAY + 20 * MIN),
        booked_visit(budi, starts_at=THURSDAY + 40 * MIN),
        booked_visit(siti, starts_at=THURSDAY + 60 * MIN, station=two),
        booked_visit(budi, starts_at=THURSDAY + 300 * MIN),
    ]


@pytest.fixture
def desk(cast: Cast, browse_as: Browse) -> Client:
    return browse_as(cast.lapas.staff["desk"])


def send(
    desk: Client, visits: list[Visit], *, minutes: int | str = 20, reason: str = "Listrik padam", key: str = "k",
    numbers: tuple[int, ...] = (1, 2),
) -> HttpResponse:  # fmt: skip
    stations = visits[0].facility.stations.filter(number__in=numbers)
    form = {
        "session": MORNING.isoformat(),
        "visit": [f"{one.ref}@{one.starts_at.isoformat()}" for one in visits],
        "station": [one.ref for one in stations],
        "minutes": minutes, "reason": reason, "key": key,
    }  # fmt: skip
    answer: HttpResponse = desk.post(PAGE, form)  # type: ignore[assignment]
    return answer


def starts(visits: list[Visit]) -> list[int]:
    """Minutes after 09.20."""
    return [(Visit.objects.get(pk=one.pk).starts_at - THURSDAY) // MIN for one in visits]


def test_it_shows_the_sessions_with_their_visits(desk: Client, visits: list[Visit]) -> None:
    html = desk.get(PAGE).content.decode()
    assert html.count('data-testid="shiftable"') == 2
    assert all(f"touched-{one.ref}" in html for one in visits)


def test_the_morning_moves_and_its_families_read_the_new_time(desk: Client, visits: list[Visit]) -> None:
    for _ in range(2):
        assert send(desk, visits[:3]).status_code == 302
    assert starts(visits) == [40, 60, 80, 300]
    told = Notice.objects.filter(template="visit_shifted")
    assert sorted(one.values["starts_at"] for one in told) == sorted(
        (THURSDAY + n * MIN).isoformat() for n in (40, 60, 80)
    )
    assert not any("Listrik" in str(one.values) for one in told)
    assert Entry.objects.filter(code="visit.shift").count() == 3
    assert Entry.objects.filter(code="session.shifted").count() == 1
    assert {one.words for one in EntryText.objects.all()} == {"Listrik padam"}


def test_each_visit_takes_its_new_cells_and_gives_up_the_old(desk: Client, visits: list[Visit]) -> None:
    before = {one.pk: one.claims.count() for one in visits}
    send(desk, visits[:3])
    for visit in visits[:3]:
        visit.refresh_from_db()
        cells = visit.claims.filter(kind=Claim.Kind.STATION).values_list("cell", flat=True)
        assert sorted(cells) == [visit.starts_at + n * 5 * MIN for n in range(4)]
        assert visit.claims.count() == before[visit.pk]


def test_one_booth_alone_can_move(desk: Client, visits: list[Visit]) -> None:
    assert send(desk, visits[:3], numbers=(2,)).status_code == 302
    assert starts(visits) == [20, 40, 80, 300]


@pytest.mark.parametrize(
    ("wish", "code", "status"),
    [
        ((7, "Padam"), "SHIFT_MINUTES_WRONG", 400),
        ((0, "Padam"), "SHIFT_MINUTES_WRONG", 400),
        ((-20, "Padam"), "SHIFT_MINUTES_WRONG", 400),
        (("x", "Padam"), "MINUTES_MISSING", 400),
        ((20, " "), "WORDS_MISSING", 400),
        ((90, "Padam"), "SHIFT_TOO_FAR", 409),
    ],
)
def test_nothing_moves_for_a_wrong_wish(
    desk: Client, visits: list[Visit], wish: tuple[int | str, str], code: str, status: int
) -> None:
    answer = send(desk, visits[:3], minutes=wish[0], reason=wish[1])
    assert (answer.status_code, code in answer.content.decode()) == (status, True)
    assert starts(visits) == [20, 40, 60, 300]


def test_the_longest_that_fits_is_named_and_fits(desk: Client, visits: list[Visit]) -> None:
    """The last talk ends 10.35, the session 11.30, and half an hour past it is allowed: 85 minutes."""
    assert "85 menit" in send(desk, visits[:3], minutes=90).content.decode()
    assert send(desk, visits[:3], minutes=85, key="again").status_code == 302


def test_never_into_the_next_session(cast: Cast, desk: Client, visits: list[Visit]) -> None:
    FacilityPolicy.objects.update_or_create(
        facility=cast.lapas.facility, defaults={"values": {"shift_past_session_minutes": 400}}
    )
    late = booked_visit(approved_tie(cast.siti, cast.lapas.inmates[1]), starts_at=THURSDAY + 115 * MIN)
    answer = send(desk, [*visits[:3], late], minutes=145)
    assert (answer.status_code, "SHIFT_TOO_FAR" in answer.content.decode()) == (409, True)


def test_a_visit_that_stays_stands_in_the_way(cast: Cast, desk: Client, visits: list[Visit]) -> None:
    """Budi's visit at booth 2 would begin while they talk at booth 1, which stays."""
    other = booked_visit(
        approved_tie(cast.budi, new_inmate(cast.lapas.facility, "Yusuf")),
        starts_at=THURSDAY + 20 * MIN, station=cast.lapas.stations[2],
    )  # fmt: skip
    answer = send(desk, [other], numbers=(3,))
    assert (answer.status_code, "SHIFT_OVERLAPS" in answer.content.decode()) == (409, True)
    assert starts([other]) == [20]


def test_a_closed_time_stands_in_the_way(desk: Client, visits: list[Visit]) -> None:
    Closure.objects.create(
        facility=visits[0].facility, station=visits[0].station,
        starts_at=THURSDAY + 65 * MIN, ends_at=THURSDAY + 90 * MIN, reason="sidang",
    )  # fmt: skip
    answer = send(desk, visits[:3])
    assert (answer.status_code, "STATION_CLOSED" in answer.content.decode()) == (409, True)
    assert starts(visits) == [20, 40, 60, 300]


def test_what_was_shown_must_still_be_so(cast: Cast, desk: Client, visits: list[Visit]) -> None:
    assert send(desk, visits[:2]).status_code == 409, "one was not shown"
    assert send(desk, visits[:3]).status_code == 302
    assert send(desk, visits[:3], key="another").status_code == 409, "shown at times that are not theirs any more"
    assert starts(visits) == [40, 60, 80, 300]


def test_a_call_that_has_begun_stays_and_may_last_longer(cast: Cast, desk: Client, visits: list[Visit]) -> None:
    officer = cast.lapas.actor("supervisor", THURSDAY)
    running = call_ready(visits[0], now=visits[0].starts_at - 5 * MIN)
    take_watch(call_ref=running.ref, actor=officer, now=THURSDAY)
    admit(call_ref=running.ref, actor=officer, now=THURSDAY, officer_present=True, both_seen=True)
    assert f"touched-{visits[0].ref}" not in desk.get(PAGE).content.decode()
    assert send(desk, visits[1:3]).status_code == 302
    assert starts(visits) == [20, 60, 80, 300]
    assert Call.objects.get(pk=running.pk).latest_end == THURSDAY + 60 * MIN, "up to the next one, which moved"


def test_a_call_that_is_only_prepared_waits_for_the_new_time(desk: Client, visits: list[Visit]) -> None:
    call = call_ready(visits[0], now=visits[0].starts_at - 5 * MIN)
    assert send(desk, visits[:3]).status_code == 302
    call.refresh_from_db()
    assert (call.state, call.latest_end) == ("put_off", THURSDAY + 60 * MIN)


def test_a_shifted_visit_still_belongs_to_its_session(desk: Client, visits: list[Visit]) -> None:
    send(desk, visits[:3], minutes=85)
    for page in (PAGE, "/desk/day/rest/"):
        html = desk.get(page).content.decode()
        assert all(f"touched-{one.ref}" in html for one in visits)


def test_another_prison_and_whoever_may_not_book_move_nothing(
    cast: Cast, visits: list[Visit], browse_as: Browse
) -> None:
    assert send(browse_as(cast.rutan.staff["desk"]), visits[:3]).status_code == 400
    officer = browse_as(cast.lapas.staff["supervisor"])
    assert officer.get(PAGE).status_code == 403
    assert b'data-testid="shift-session"' not in officer.get("/desk/day/").content
    assert starts(visits) == [20, 40, 60, 300]
