"""The family's page after a visit: rating in one tap, a complaint with a number and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.actions import cancel, conclude
from besuk.flow.bookings.compensation import Given
from besuk.flow.bookings.models import Visit
from besuk.flow.complaints.models import Complaint, Rating
from besuk.ground.accounts.actors import SYSTEM, visitor_actor
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast: Cast, clock_at: FixedClock) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))


@pytest.fixture
def phone(cast: Cast, browse_as: Browse) -> Client:
    return browse_as(cast.siti)


def result(phone: Client, visit: Visit) -> str:
    return phone.get(f"/visits/{visit.ref}/result/").content.decode()


def end(visit: Visit, outcome: str = "failed_technical", talked: int = 0) -> None:
    length = visit.ends_at - visit.starts_at
    share = Given(length, length * talked // 15)
    conclude(visit=visit, outcome=outcome, actor=SYSTEM, now=THURSDAY, given=share)


def complain(phone: Client, visit: Visit, **more: str) -> tuple[int, str]:
    answer = phone.post(f"/visits/{visit.ref}/complaint/", {"reason": "line", "words": "Beku", "key": "k", **more})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("outcome", "talked", "shown"),
    [
        ("failed_technical", 3, {"returned"}),
        ("failed_technical", 10, {"minutes-saved"}),
        ("cancelled_by_facility", 3, {"returned", "goes-first"}),
        ("completed", 15, {"used"}),
    ],
)
def test_it_says_what_came_back(phone: Client, visit: Visit, outcome: str, talked: int, shown: set[str]) -> None:
    end(visit, outcome, talked)
    html = result(phone, visit)
    states = ("returned", "minutes-saved", "goes-first", "used")
    assert {one for one in states if f'data-testid="{one}"' in html} == shown


def test_one_tap_rates_and_another_changes_it(phone: Client, visit: Visit) -> None:
    end(visit)
    assert 'data-testid="rated"' not in result(phone, visit)
    for points in ("4", "2"):
        answer = phone.post(f"/visits/{visit.ref}/rating/", {"points": points, "words": "Beku"})
        assert (answer.status_code, answer["Location"]) == (302, f"/visits/{visit.ref}/result/#rating")
    assert (Rating.objects.get().points, Rating.objects.get().words) == (2, "Beku")
    assert 'data-points="2"' in result(phone, visit)
    for wrong in ("6", "0", "", "x", "²", "-1"):
        assert phone.post(f"/visits/{visit.ref}/rating/", {"points": wrong}).status_code == 400
    assert Rating.objects.get().points == 2


def test_a_complaint_shows_its_number_and_later_its_answer(
    phone: Client, visit: Visit, cast: Cast, browse_as: Browse
) -> None:
    end(visit)
    assert f'href="/visits/{visit.ref}/complaint/"' in result(phone, visit)
    assert complain(phone, visit, reason="")[0] == 400
    status, html = complain(phone, visit, reason="other", words=" ")
    assert (status, 'data-code="COMPLAINT_WORDS_MISSING"' in html) == (400, True)
    assert [complain(phone, visit)[0] for _ in range(2)] == [302, 302]
    html = result(phone, visit)
    assert 'data-testid="complaint-1"' in html
    assert 'data-testid="file-complaint"' not in phone.get(f"/visits/{visit.ref}/complaint/").content.decode()
    head = browse_as(cast.lapas.staff["head"])
    assert 'data-testid="complaint-1"' in head.get("/office/complaints/").content.decode()
    path = f"/office/complaints/{Complaint.objects.get().ref}/"
    assert head.post(path, {"words": " "}).status_code == 400
    assert "Beku" in head.get(path).content.decode()
    assert head.post(path, {"words": "Kabelnya <b>diganti</b>."}).status_code == 302
    assert head.post(path, {"words": "Lagi"}).status_code == 409
    html = result(phone, visit)
    assert 'data-testid="answer-1"' in html
    assert "Kabelnya &lt;b&gt;diganti&lt;/b&gt;." in html


def test_a_cancelled_visit_and_one_whose_time_has_come_can_be_complained_of(
    phone: Client, visit: Visit, cast: Cast, clock_at: FixedClock
) -> None:
    clock_at.move(minutes=-10)
    page = phone.get(f"/visits/{visit.ref}/complaint/").content.decode()
    assert 'data-testid="file-complaint"' not in page
    assert complain(phone, visit)[0] == 409
    cancel(visit_ref=visit.ref, key="c", actor=visitor_actor(cast.siti), now=clock_at.now())
    html = result(phone, visit)
    assert ('data-testid="rating"' in html, 'data-testid="complain-here"' in html) == (False, True)
    assert complain(phone, visit, reason="not_held")[0] == 302
    other = booked_visit(approved_tie(cast.siti, cast.lapas.inmates[1]), station=cast.lapas.stations[1])
    link = f'href="/visits/{other.ref}/complaint/"'
    assert link not in phone.get(f"/visits/{other.ref}/check-in/").content.decode()
    clock_at.move(minutes=12)
    assert link in phone.get(f"/visits/{other.ref}/check-in/").content.decode()
    assert complain(phone, other, reason="not_held", key="k2")[0] == 302


def test_a_visit_whose_time_has_passed_has_a_page_before_anybody_recorded_it(
    phone: Client, visit: Visit, clock_at: FixedClock
) -> None:
    clock_at.move(minutes=16)
    assert phone.get(f"/visits/{visit.ref}/check-in/")["Location"] == f"/visits/{visit.ref}/result/"
    html = result(phone, visit)
    assert "Kunjungan ini belum selesai dicatat." in html
    assert 'data-testid="complain-here"' in html


def test_an_officer_writes_it_down_for_an_inmate(visit: Visit, cast: Cast, browse_as: Browse, phone: Client) -> None:
    end(visit)
    desk = browse_as(cast.lapas.staff["desk"])
    assert 'data-testid="complaint-for-inmate"' in desk.get(f"/desk/day/{visit.ref}/").content.decode()
    path = f"/desk/day/{visit.ref}/complaint/"
    assert desk.post(path, {"reason": "", "key": "k"}).status_code == 400
    assert desk.post(path, {"reason": "too_short", "words": "Hanya 3 menit", "key": "k"}).status_code == 302
    assert 'data-testid="complaint-1"' in desk.get(f"/desk/day/{visit.ref}/").content.decode()
    assert "Hanya 3 menit" not in result(phone, visit)
    assert browse_as(cast.rutan.staff["desk"]).get(path).status_code == 404
