from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from besuk.flow.bookings.actions import conclude
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.live.actions import end
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.kernel.unit import unit
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.clock import THURSDAY
from besuk.web.visitor.what_next import NEXT

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_knows_its_place_door_and_control(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    call = call_ready(visit)
    seat = call.participations.get(role="visitor")
    data = data_of(browse_as(cast.siti).get(f"/visits/{visit.ref}/call/").content.decode())
    assert data["participation"] == seat.ref
    assert (data["door"], data["control"]) == (f"/door/{seat.ref}", f"/control/{seat.ref}")
    assert data["signKey"] is None
    assert data["next_url"] == f"/visits/{visit.ref}/result/"
    assert data["iceServers"] == []


def test_the_inmates_place_is_not_on_the_visitors_page(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    call = call_ready(visit)
    html = browse_as(cast.siti).get(f"/visits/{visit.ref}/call/").content.decode()
    assert call.participations.get(role="inmate").ref not in html
    assert call.room not in html


def test_another_persons_address_does_not_exist(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    call_ready(visit)
    for stranger in (cast.outsider, cast.budi, cast.yosina):
        assert browse_as(stranger).get(f"/visits/{visit.ref}/call/").status_code == 404
        assert browse_as(stranger).get(f"/visits/{visit.ref}/result/").status_code == 404


def test_before_the_call_is_prepared_one_waits(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    answer = browse_as(cast.siti).get(f"/visits/{visit.ref}/call/")
    assert answer["Location"] == f"/visits/{visit.ref}/check-in/"


def test_whoever_left_the_waiting_room_checks_in_again(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    call_ready(visit)
    client = browse_as(cast.siti)
    client.post(f"/visits/{visit.ref}/check-in/", {"act": "leave"})
    assert client.get(f"/visits/{visit.ref}/call/")["Location"] == f"/visits/{visit.ref}/check-in/"


def test_after_the_end_there_is_the_result_and_what_came_back(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    call = call_ready(visit)
    client = browse_as(cast.siti)
    end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=clock_at.move(minutes=20))
    answer = client.get(f"/visits/{visit.ref}/call/")
    assert answer["Location"] == f"/visits/{visit.ref}/result/"
    visit.refresh_from_db()
    html = client.get(answer["Location"]).content.decode()
    assert f'data-outcome="{visit.outcome}"' in html
    assert ('data-testid="returned"' in html) == visit.ledger.filter(kind="returned").exists()
    assert "Panggilan selesai." in html
    assert "Panggilan disiapkan." not in html


def test_a_fault_of_ours_says_that_the_turn_comes_back(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    with unit():
        conclude(visit=visit, outcome="no_supervisor", actor=SYSTEM, now=THURSDAY)
    html = browse_as(cast.siti).get(f"/visits/{visit.ref}/result/").content.decode()
    assert "Terganggu karena kami." in html
    assert 'data-testid="returned"' in html


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_every_outcome_says_what_became_of_the_turn_what_comes_next_and_where_to_complain(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse, outcome: str
) -> None:
    FacilityPolicy.objects.create(facility=visit.facility, values={"complaint_channel": "Ombudsman 137"})
    with unit():
        conclude(visit=visit, outcome=outcome, actor=SYSTEM, now=THURSDAY)
    html = browse_as(cast.siti).get(f"/visits/{visit.ref}/result/").content.decode()
    returned = visit.ledger.filter(kind="returned").exists()
    assert ('data-testid="returned"' in html, 'data-testid="used"' in html) == (returned, not returned)
    assert f'<p data-testid="what-next">{NEXT[outcome]}</p>' in html
    assert "mengadu ke Ombudsman 137, di luar lapas." in html


def test_what_the_family_must_not_tell_apart_leads_to_the_same_words() -> None:
    private = ("inmate_absent", "inmate_refused", "inmate_unavailable", "cancelled_by_inmate", "cancelled_by_facility")
    assert len({NEXT[one] for one in private}) == 1


def test_the_family_never_reads_an_inward_reason(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    with unit():
        conclude(visit=visit, outcome="inmate_refused", actor=SYSTEM, now=THURSDAY)
    html = browse_as(cast.siti).get(f"/visits/{visit.ref}/result/").content.decode()
    assert "Kunjungan tidak dapat berlangsung." in html
    assert "menolak" not in html
