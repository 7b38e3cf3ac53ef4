"""The two addresses of stop all, and where whoever goes first next time reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.actions import conclude
from besuk.flow.bookings.models import LedgerEntry
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.facilities.models import ServiceStop
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.clock import THURSDAY
from besuk.web.wall.tests.test_acts import call, keeper

if TYPE_CHECKING:
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse
    from besuk.web.wall.tests.test_acts import Keeper

__all__ = ["call", "keeper"]
pytestmark = pytest.mark.django_db


def send(client: Client, address: str, text: str = "{}") -> tuple[int, bool]:
    answer = client.post(address, text, content_type="application/json")
    return answer.status_code, answer.json()["ok"]


def test_stopping_and_reopening_with_a_reason(cast: Cast, keeper: Keeper, browse_as: Browse) -> None:
    officer = browse_as(cast.lapas.staff["second_supervisor"])
    assert send(officer, "/wall/stop-all") == (200, True)
    keeper.settled()
    assert ServiceStop.objects.get().lifted_at is None
    assert send(officer, "/wall/reopen") == (400, False)
    assert send(officer, "/wall/reopen", '{"reason": "Aman"}') == (200, True)
    keeper.settled()
    assert ServiceStop.objects.get().lifted_by == cast.lapas.staff["second_supervisor"]


def test_a_lost_visit_goes_first_and_both_read_it_until_they_book_again(
    cast: Cast, clock_at: FixedClock, browse_as: Browse
) -> None:
    tie = approved_tie(cast.siti, cast.lapas.convicted)
    visit = booked_visit(tie)
    phone, desk = browse_as(cast.siti), browse_as(cast.lapas.staff["desk"])
    assert b'data-testid="goes-first"' not in phone.get("/my-visits/").content
    conclude(visit=visit, outcome="cancelled_by_facility", actor=SYSTEM, now=THURSDAY)
    assert b'data-testid="goes-first"' in phone.get("/my-visits/").content
    assert f'data-testid="owed-{visit.ref}"' in desk.get("/desk/day/").content.decode()
    LedgerEntry.objects.update(settled_at=THURSDAY)
    assert b'data-testid="goes-first"' not in phone.get("/my-visits/").content
