"""Calls that have just ended: their outcomes are confirmed at the wall of who watched them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.models import Visit
from besuk.flow.live import actions as live
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry
from besuk.testing.builders import approved_tie, booked_visit, call_ready

if TYPE_CHECKING:
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast: Cast, clock_at: FixedClock) -> Visit:
    """Its call was watched by the supervisor, lasted its time and has just ended."""
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    call, officer = call_ready(visit), cast.lapas.actor("supervisor", clock_at.now())
    live.take_watch(call_ref=call.ref, actor=officer, now=clock_at.now())
    live.lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=clock_at.now())
    live.admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=officer, now=clock_at.now())
    clock_at.move(minutes=15)
    live.end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=clock_at.now())
    visit.refresh_from_db()
    return visit


@pytest.fixture
def officer(cast: Cast, browse_as: Browse) -> Client:
    return browse_as(cast.lapas.staff["supervisor"])


def is_listed(browser: Client, visit: Visit, page: str = "/wall/ended") -> bool:
    return f'data-testid="just-ended-{visit.ref}"' in browser.get(page).content.decode()


def confirm(browser: Client, visit: Visit, seen: str = "completed") -> tuple[int, list[str]]:
    body = json.dumps({"seen": seen, "key": "k"})
    answer = browser.post(f"/wall/ended/{visit.ref}", body, content_type="application/json")
    return answer.status_code, [one["code"] for one in answer.json().get("refusals", [])]


def test_it_is_listed_with_what_the_record_says_and_confirmed_in_one_tap(
    visit: Visit, cast: Cast, officer: Client
) -> None:
    html = officer.get("/wall/").content.decode()
    assert f'data-testid="just-ended-{visit.ref}"' in html
    assert "15 dari 15 menit" in html
    assert cast.siti.name in html
    for _ in range(2):
        assert confirm(officer, visit) == (200, [])
    assert not is_listed(officer, visit)
    visit.refresh_from_db()
    assert visit.confirmed_by == cast.lapas.staff["supervisor"]
    assert Entry.objects.filter(code="visit.stand_by").count() == 1


def test_only_who_watched_it_has_it_on_the_wall_and_only_for_a_while(
    visit: Visit, cast: Cast, officer: Client, browse_as: Browse, clock_at: FixedClock
) -> None:
    assert not is_listed(browse_as(cast.lapas.staff["second_supervisor"]), visit)
    clock_at.move(minutes=14)
    assert is_listed(officer, visit)
    clock_at.move(minutes=2)
    assert not is_listed(officer, visit)


def test_what_is_another_outcome_by_now_is_told_and_left(
    visit: Visit, cast: Cast, officer: Client, clock_at: FixedClock
) -> None:
    live.correct_outcome(
        visit_ref=visit.ref, seen="completed", outcome="failed_technical", reason="Beku", key="c",
        actor=cast.lapas.actor("head", clock_at.now()), now=clock_at.now(),
    )  # fmt: skip
    assert confirm(officer, visit) == (409, ["OUTCOME_SETTLED"])
    assert not is_listed(officer, visit)


def test_another_prison_neither_sees_nor_confirms_it(visit: Visit, cast: Cast, browse_as: Browse) -> None:
    other = browse_as(cast.rutan.staff["supervisor"])
    assert not is_listed(other, visit)
    body = json.dumps({"seen": "completed"})
    assert other.post(f"/wall/ended/{visit.ref}", body, content_type="application/json").status_code == 404
    assert Visit.objects.get(pk=visit.pk).confirmed_at is None
