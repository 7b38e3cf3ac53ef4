from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.actions import conclude
from besuk.flow.checkin.models import Attendance
from besuk.flow.oversight.models import Task
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.unit import unit
from besuk.testing.builders import approved_tie, booked_visit, call_ready, tie
from besuk.testing.cast import new_inmate, new_visitor
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


def figure(html: str, testid: str) -> str:
    found = re.search(rf'data-testid="{testid}">([^<]+)<', html)
    assert found is not None
    return found[1]


def test_it_shows_what_is_live_without_pictures(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    call = call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))
    html = browse_as(cast.lapas.staff["head"]).get("/office/board/").content.decode()
    assert figure(html, "live-count") == "1"
    assert f'data-testid="live-{call.ref}" data-state="prepared"' in html
    assert "<video" not in html
    assert "<img" not in html
    assert "belum ada" in html


def test_it_tells_how_the_day_went_and_whose_fault(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    for number, outcome in enumerate(["completed", "completed", "no_supervisor", "visitor_absent"]):
        inmate, guest = new_inmate(cast.lapas.facility, f"Orang {number}"), new_visitor(f"Tamu {number}")
        visit = booked_visit(approved_tie(guest, inmate), starts_at=THURSDAY - timedelta(minutes=20 * (number + 1)))
        with unit():
            conclude(visit=visit, outcome=outcome, actor=SYSTEM, now=THURSDAY)
    html = browse_as(cast.lapas.staff["head"]).get("/office/board/").content.decode()
    assert figure(html, "done-count") == "4"
    assert figure(html, "fault-share") == "25%"
    assert "Tidak ada pengawas" in html


def test_waiting_families_and_applications_count(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    tie(cast.budi, cast.lapas.convicted, state="submitted")
    client = browse_as(cast.lapas.staff["head"])
    assert figure(client.get("/office/board/").content.decode(), "waiting-count") == "0"
    Attendance.objects.filter(visit=visit, side="visitor").update(state="present")
    html = client.get("/office/board/").content.decode()
    assert figure(html, "waiting-count") == "1"
    assert f"/office/visits/{visit.ref}/" in html
    call_ready(visit)
    html = client.get("/office/board/").content.decode()
    assert (figure(html, "waiting-count"), figure(html, "live-count")) == ("0", "1")


def test_the_regional_office_chooses_among_its_own(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    call_ready(visit)
    regional = browse_as(cast.lapas.staff["regional"])
    assert figure(regional.get("/office/board/?facility=lapas").content.decode(), "live-count") == "1"
    assert figure(regional.get("/office/board/?facility=rutan").content.decode(), "live-count") == "0"
    assert f"/office/visits/{visit.ref}/" not in regional.get("/office/board/?facility=lapas").content.decode()
    head_there = browse_as(cast.rutan.staff["head"])
    assert figure(head_there.get("/office/board/?facility=lapas").content.decode(), "live-count") == "0"


def test_the_live_part_comes_alone_when_asked_for(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    html = browse_as(cast.lapas.staff["head"]).get("/office/board/", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in html
    assert 'data-testid="figures"' in html


@pytest.mark.parametrize("role", ["desk", "supervisor", "inspector", "data_protection"])
def test_others_have_no_board(cast: Cast, clock_at: FixedClock, browse_as: Browse, role: str) -> None:
    assert browse_as(cast.lapas.staff[role]).get("/office/board/").status_code == 403


def test_outsiders_are_sent_to_the_staff_door(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    assert browse_as(cast.outsider).get("/office/board/")["Location"].startswith("/staff/sign-in/")


def test_it_asks_few_questions(
    cast: Cast, clock_at: FixedClock, browse_as: Browse, django_assert_max_num_queries: object
) -> None:
    call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))
    client = browse_as(cast.lapas.staff["head"])
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get("/office/board/")


def test_what_waits_for_more_than_five_minutes_is_shown_with_its_owner(
    cast: Cast, clock_at: FixedClock, browse_as: Browse
) -> None:
    call = call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))
    client = browse_as(cast.lapas.staff["head"])
    for kind, minutes, owner in (("help", 7, None), ("dark", 6, "supervisor"), ("late", 4, None)):
        Task.objects.create(
            facility=call.facility,
            call=call,
            kind=kind,
            side="visitor",
            raised_at=clock_at.now() - timedelta(minutes=minutes),
            owner=cast.lapas.staff[owner] if owner else None,
        )
    html = client.get("/office/board/").content.decode()
    assert html.count('data-testid="old-task"') == 2
    assert "Keluarga minta bantuan" in html
    assert "7 menit" in html
    assert "belum diambil" in html
    assert f"dikerjakan petugas {cast.lapas.staff['supervisor'].code}" in html
    Task.objects.update(cleared_at=clock_at.now())
    assert "old-task" not in client.get("/office/board/").content.decode()
