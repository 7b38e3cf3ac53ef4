"""The page of the log: for everybody who audits, and the way from it to a visit for those who may read visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from besuk.flow.bookings.actions import conclude
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import ChainHead
from besuk.ground.kernel.unit import unit
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.flow.bookings.models import Visit
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
PAGE = "/office/audit/"


@pytest.fixture
def over(cast: Cast, clock_at: FixedClock) -> Visit:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    with unit():
        conclude(visit=visit, outcome="failed_technical", actor=SYSTEM, now=THURSDAY)
    return visit


@pytest.mark.parametrize("role", ["head", "regional", "inspector", "data_protection"])
def test_whoever_audits_sees_the_state_of_the_log_and_finds_the_page(
    cast: Cast, over: Visit, browse_as: Browse, role: str
) -> None:
    newest = ChainHead.objects.get(facility=cast.lapas.facility).number
    html = browse_as(cast.lapas.staff[role]).get(PAGE).content.decode()
    assert f"{newest} entri." in html
    assert 'data-testid="verify"' in html
    assert f'href="{PAGE}"\n           aria-current="page"' in html


@pytest.mark.parametrize("role", ["desk", "supervisor"])
def test_it_is_not_for_those_whose_work_it_records(
    cast: Cast, clock_at: FixedClock, browse_as: Browse, role: str
) -> None:
    client = browse_as(cast.lapas.staff[role])
    assert client.get(PAGE).status_code == 403
    assert f'href="{PAGE}"' not in client.get("/staff/inbox/").content.decode()


def test_an_inspector_gets_from_it_to_a_visit_and_data_protection_does_not(
    cast: Cast, over: Visit, browse_as: Browse
) -> None:
    link = f'href="/office/visits/{over.ref}/"'
    assert link in browse_as(cast.lapas.staff["inspector"]).get(PAGE).content.decode()
    html = browse_as(cast.lapas.staff["data_protection"]).get(PAGE).content.decode()
    assert link not in html
    assert cast.lapas.convicted.name not in html


def test_whoever_audits_several_prisons_chooses_one(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    head = browse_as(cast.lapas.staff["head"])
    assert cast.rutan.facility.name not in head.get(f"{PAGE}?facility=rutan").content.decode()
    client = browse_as(cast.lapas.staff["inspector"])
    answer = client.post("/office/audit/verify/", {"facility": "rutan"})
    assert answer["Location"] == f"{PAGE}?facility=rutan"
    assert f'<h1 class="grow">{cast.rutan.facility.name}</h1>' in client.get(answer["Location"]).content.decode()
