"""From the board to a running call: the purpose first, and never a protected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from besuk.flow.approvals.models import Tie
from besuk.flow.live.models import Call, Participation
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(cast: Cast, clock_at: FixedClock) -> Call:
    return call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))


@pytest.fixture
def head(cast: Cast, client: Client) -> Client:
    client.force_login(cast.lapas.staff["head"])
    return client


def test_the_board_leads_to_the_call_and_asks_why(head: Client, call: Call) -> None:
    assert f'data-testid="look-{call.ref}"' in head.get("/office/board/").content.decode()
    html = head.get(f"/office/calls/{call.ref}/look/").content.decode()
    assert 'data-testid="purpose"' in html
    assert "page-data" not in html


def test_with_a_place_the_page_knows_its_door_and_only_a_listening_socket(cast: Cast, head: Client, call: Call) -> None:
    staff = cast.lapas.staff["head"]
    Participation.objects.create(ref="o-1", call=call, role="onlooker", staff=staff, since=THURSDAY)
    html = head.get(f"/office/calls/{call.ref}/look/").content.decode()
    assert "/door/o-1" in html
    assert "/control/look/o-1" in html
    assert "/control/wall" not in html


def test_the_way_back_leads_to_the_board_of_the_same_prison(cast: Cast, head: Client, call: Call) -> None:
    board = f"/office/board/?facility={cast.lapas.facility.code}"
    address = f"/office/calls/{call.ref}/look/"
    assert f'href="{board}"' in head.get(address).content.decode()
    staff = cast.lapas.staff["head"]
    Participation.objects.create(ref="o-1", call=call, role="onlooker", staff=staff, since=THURSDAY)
    assert f'href="{board}"' in head.get(address).content.decode()
    Call.objects.update(state="ended", ended_at=THURSDAY)
    assert head.get(address)["Location"] == board


def test_a_protected_call_is_refused_and_not_offered(head: Client, call: Call) -> None:
    Tie.objects.update(relation="lawyer")
    board = head.get("/office/board/").content.decode()
    assert f'data-testid="look-{call.ref}"' not in board
    assert "dilindungi" in board
    for answer in (
        head.get(f"/office/calls/{call.ref}/look/"),
        head.post(f"/office/calls/{call.ref}/look/", {"purpose": "Keluhan"}),
    ):
        assert answer.status_code == 403
        assert "Panggilan ini dilindungi" in answer.content.decode()
    assert not Participation.objects.filter(role="onlooker").exists()


def test_whoever_oversees_from_afar_sees_the_board_without_the_door(cast: Cast, call: Call, client: Client) -> None:
    client.force_login(cast.lapas.staff["regional"])
    html = client.get(f"/office/board/?facility={cast.lapas.facility.code}").content.decode()
    assert f'data-testid="look-{call.ref}"' not in html
    assert client.get(f"/office/calls/{call.ref}/look/").status_code == 403
