from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import Attendance
from besuk.ground.facilities.actions import reopen_service, stop_service
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
YES = {"act": "ready", "rules": "yes", "will_not_record": "yes"}


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=THURSDAY + timedelta(minutes=12))


def page(visit: Visit) -> str:
    return f"/visits/{visit.ref}/check-in/"


def state_of(visit: Visit) -> str:
    return Attendance.objects.get(visit=visit, side="visitor").state


def test_it_shows_the_rules_and_asks_for_both_words(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    client = browse_as(cast.siti)
    assert "09.32 WIB" in client.get(page(visit)).content.decode()
    client.post(page(visit), {"act": "arrive"})
    assert state_of(visit) == "present"
    html = client.get(page(visit)).content.decode()
    assert "Saya tidak akan merekam kunjungan ini." in html
    assert 'data-testid="house-rules"' in html
    assert 'data-testid="waiting-room"' not in html


def test_accepting_leads_into_the_waiting_room(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    client = browse_as(cast.siti)
    assert client.post(page(visit), YES).status_code == 302
    html = client.get(page(visit)).content.decode()
    assert state_of(visit) == "ready"
    assert "Mulai kira-kira 12 menit lagi" in html
    assert "urutan ke-1" in html


@pytest.mark.parametrize("given", [{}, {"rules": "yes"}, {"will_not_record": "yes"}])
def test_without_both_words_nobody_waits(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse, given: dict[str, str]
) -> None:
    answer = browse_as(cast.siti).post(page(visit), {"act": "ready", **given})
    assert answer.status_code == 400
    assert "Tata tertib belum disetujui." in answer.content.decode()
    assert state_of(visit) == "expected"


def test_the_box_that_is_missing_says_so_itself_and_the_other_stays_ticked(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    client = browse_as(cast.siti)
    client.post(page(visit), {"act": "arrive"})
    html = client.post(page(visit), {"act": "ready", "rules": "yes"}).content.decode()
    assert "novalidate" in html
    assert "required" not in html
    assert 'id="will_not_record_error"' in html
    assert 'id="rules_error"' not in html
    assert re.search(r'name="rules"\s+value="yes"\s+checked', html)


def test_too_early_says_when_to_come(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    later = booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=THURSDAY + timedelta(hours=3))
    client = browse_as(cast.siti)
    html = client.get(page(later)).content.decode()
    assert "Masih terlalu awal" in html
    assert "11.50 WIB" in html
    refused = client.post(page(later), YES)
    assert refused.status_code == 409
    assert "Ruang tunggu dibuka 30 menit sebelum jadwal." in refused.content.decode()


def test_one_may_leave_and_come_back(cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse) -> None:
    client = browse_as(cast.siti)
    client.post(page(visit), YES)
    client.post(page(visit), {"act": "leave"})
    assert state_of(visit) == "expected"
    client.post(page(visit), YES)
    assert state_of(visit) == "ready"


def test_declining_concludes_the_visit(cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse) -> None:
    answer = browse_as(cast.siti).post(page(visit), {"act": "decline"})
    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == ("concluded", "visitor_declined_rules")
    assert answer["Location"] == page(visit)
    assert browse_as(cast.siti).get(page(visit))["Location"] == f"/visits/{visit.ref}/result/"


def test_the_way_in_appears_when_the_call_is_prepared(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    client = browse_as(cast.siti)
    client.post(page(visit), YES)
    assert 'data-testid="enter"' not in client.get(page(visit)).content.decode()
    call_ready(visit)
    html = client.get(page(visit)).content.decode()
    assert 'data-testid="enter"' in html
    assert f'href="/visits/{visit.ref}/call/"' in html


def test_who_waits_while_all_calls_stand_still_reads_that_the_turn_is_kept(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    client = browse_as(cast.siti)
    client.post(page(visit), {"act": "arrive"})
    assert 'data-testid="calls-paused"' not in client.get(page(visit)).content.decode()
    officer = cast.lapas.actor("supervisor", THURSDAY)
    stop_service(facility_id=visit.facility_id, actor=officer, now=THURSDAY)
    assert "Giliran Anda tidak hilang." in client.get(page(visit)).content.decode()
    client.post(page(visit), YES)
    html = client.get(page(visit)).content.decode()
    assert html.count('data-testid="calls-paused"') == 1
    assert "Kunjungan berhenti sebentar" in html
    assert "Mulai kira-kira" not in html
    reopen_service(facility_id=visit.facility_id, reason="Aman", actor=officer, now=THURSDAY)
    after = client.get(page(visit)).content.decode()
    assert "Mulai kira-kira" in after
    assert changed_in(html) != changed_in(after)


def changed_in(html: str) -> str:
    found = re.search(r'data-changed="([^"]*)"', html)
    assert found is not None
    return found[1]


def test_somebody_elses_visit_does_not_exist(cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse) -> None:
    for stranger in (cast.outsider, cast.budi, cast.yosina):
        client = browse_as(stranger)
        assert client.get(page(visit)).status_code == 404
        assert client.post(page(visit), YES).status_code == 404
        assert client.post(page(visit), {"act": "leave"}).status_code == 404
        assert client.post(page(visit), {"act": "decline"}).status_code == 404
    assert state_of(visit) == "expected"


def test_an_unknown_step_is_refused_in_words(cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse) -> None:
    assert browse_as(cast.siti).post(page(visit), {"act": "fly"}).status_code == 400


def test_without_signing_in_there_is_only_the_door(visit: Visit, clock_at: FixedClock) -> None:
    assert Client().get(page(visit))["Location"].startswith("/sign-in/?next=/visits/")


def test_a_form_without_its_token_is_refused(cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browse_as(cast.siti).cookies
    assert strict.post(page(visit), YES).status_code == 403
    assert state_of(visit) == "expected"


def test_the_waiting_room_asks_few_questions(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse, django_assert_max_num_queries: object
) -> None:
    client = browse_as(cast.siti)
    client.post(page(visit), YES)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(page(visit))
