from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import Attendance, RingAttempt
from besuk.ground.audit.models import EntryText
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.cast import new_inmate, new_visitor
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))


def state_of(visit: Visit, side: str = "inmate") -> str:
    return Attendance.objects.get(visit=visit, side=side).state


def cell(html: str, visit: Visit) -> str:
    found = re.search(rf'data-testid="cell-{visit.ref}"\s+data-state="(\w+)"', html)
    return found[1] if found else ""


class TestTheDay:
    def test_it_shows_stations_times_and_whom_to_fetch(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        html = browse_as(cast.lapas.staff["desk"]).get("/desk/day/").content.decode()
        assert "Kamis, 3 Desember 2026" in html
        assert all(f"Bilik {number}" in html for number in (1, 2, 3))
        assert cell(html, visit) == "fetch"
        fetches = html[html.index('data-testid="fetches"') : html.index('data-testid="day-grid"')]
        assert "Blok A" in fetches
        assert cast.lapas.convicted.name in fetches
        assert "Jemput 09.05 WIB" in fetches
        assert "kunjungan 09.20 WIB" in fetches

    def test_states_follow_what_happens(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["desk"])
        Attendance.objects.filter(visit=visit, side="visitor").update(state="ready")
        assert cell(client.get("/desk/day/").content.decode(), visit) == "fetch"
        Attendance.objects.filter(visit=visit, side="inmate").update(state="present")
        assert cell(client.get("/desk/day/").content.decode(), visit) == "both_here"
        call_ready(visit)
        assert cell(client.get("/desk/day/").content.decode(), visit) == "prepared"

    def test_lateness_shows(self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse) -> None:
        clock_at.move(minutes=6)
        assert cell(browse_as(cast.lapas.staff["desk"]).get("/desk/day/").content.decode(), visit) == "late"

    def test_another_day_is_shown_when_asked_for(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["desk"])
        html = client.get("/desk/day/?on=2026-12-04").content.decode()
        assert "Jumat, 4 Desember 2026" in html
        assert cell(html, visit) == ""
        assert "Kamis, 3 Desember 2026" in client.get("/desk/day/?on=nonsense").content.decode()

    def test_the_other_prison_sees_its_own_day(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.rutan.staff["desk"])
        html = client.get("/desk/day/").content.decode()
        assert visit.ref not in html
        assert "WIT" in html
        assert client.get(f"/desk/day/{visit.ref}/").status_code == 404
        assert client.post(f"/desk/day/{visit.ref}/", {"act": "arrived"}).status_code == 404
        assert state_of(visit) == "expected"

    @pytest.mark.parametrize("role", ["regional", "inspector", "data_protection"])
    def test_it_is_for_those_who_run_the_day(
        self, cast: Cast, clock_at: FixedClock, browse_as: Browse, role: str
    ) -> None:
        assert browse_as(cast.lapas.staff[role]).get("/desk/day/").status_code == 403

    def test_visitors_and_stations_are_outside(self, cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
        for who in (cast.siti, cast.outsider, cast.lapas.station_keys[0]):
            assert browse_as(who).get("/desk/day/")["Location"].startswith("/staff/sign-in/")

    def test_more_visits_ask_no_more_questions(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["desk"])
        with CaptureQueriesContext(connection) as with_one:
            client.get("/desk/day/")
        for number in range(8):
            inmate = new_inmate(cast.lapas.facility, f"Orang {number}")
            guest = new_visitor(f"Tamu {number}")
            booked_visit(
                approved_tie(guest, inmate),
                starts_at=THURSDAY + timedelta(minutes=20 * (number % 4)),
                station=cast.lapas.stations[1 + number // 4],
            )
        with CaptureQueriesContext(connection) as with_nine:
            client.get("/desk/day/")
        assert len(with_nine) <= len(with_one) <= 26

    def test_the_list_for_paper_has_a_slip_for_each(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        html = browse_as(cast.lapas.staff["desk"]).get("/desk/day/list/").content.decode()
        assert html.count('class="slip"') == 1
        assert cast.lapas.convicted.number in html
        assert "Siti" not in html


class TestMarking:
    def test_an_inmate_arrives_and_the_mistake_is_taken_back(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["desk"])
        page = f"/desk/day/{visit.ref}/"
        assert client.post(page, {"act": "arrived"})["Location"] == page
        assert state_of(visit) == "present"
        client.post(page, {"act": "left"})
        assert state_of(visit) == "expected"

    def test_two_supervisors_are_asked_for_with_a_reason_and_taken_back(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["desk"])
        page = f"/desk/day/{visit.ref}/"
        assert client.post(page, {"act": "sensitive", "words": ""}).status_code == 400
        assert client.post(page, {"act": "sensitive", "words": "Atas saran wali."})["Location"] == page
        html = client.get(page).content.decode()
        assert 'data-state="two"' in html
        assert 'data-testid="not-sensitive"' in html
        client.post(page, {"act": "not_sensitive", "words": "Cukup tenang."})
        assert 'data-state="one"' in client.get(page).content.decode()

    def test_the_family_is_called_absent_only_late_and_rung(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["desk"])
        page = f"/desk/day/{visit.ref}/"
        html = client.post(page, {"act": "visitor_absent", "key": "1"}).content.decode()
        assert "Keluarga belum dihubungi." in html
        assert "Batas keterlambatan belum lewat." in html
        clock_at.move(minutes=6)
        client.post(page, {"act": "not_reached"})
        assert RingAttempt.objects.get().reached is False
        client.post(page, {"act": "visitor_absent", "key": "2"})
        visit.refresh_from_db()
        assert (visit.state, visit.outcome) == ("concluded", "visitor_absent")

    def test_nobody_is_offered_to_be_called_absent_before_the_time(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["desk"])
        page = f"/desk/day/{visit.ref}/"
        early = client.get(page).content.decode()
        assert "mulai pukul 09.25 WIB." in early
        assert ('data-testid="visitor-absent"' in early, 'value="not_brought"' in early) == (False, False)
        assert 'value="court"' in early
        refused = client.post(page, {"act": "visitor_absent", "key": "1"}).content.decode()
        assert "Tunggu sampai 5 menit sesudah jadwal." in refused
        clock_at.move(minutes=5)
        late = client.get(page).content.decode()
        assert ('data-testid="visitor-absent"' in late, 'value="not_brought"' in late) == (True, True)

    def test_a_forgotten_reason_is_asked_for_where_it_was_left_out(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["desk"])
        page = f"/desk/day/{visit.ref}/"
        opened = re.compile(r"<details open>\s*<summary>Tidak dapat hadir")
        assert not opened.search(client.get(page).content.decode())
        html = client.post(page, {"act": "inmate_absent", "key": "1"}).content.decode()
        assert "Alasan belum dipilih." in html
        assert opened.search(html)

    def test_an_inmate_who_is_prevented_costs_the_family_nothing(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        browse_as(cast.lapas.staff["desk"]).post(
            f"/desk/day/{visit.ref}/", {"act": "inmate_absent", "reason": "court", "key": "1"}
        )
        visit.refresh_from_db()
        assert (visit.state, visit.outcome) == ("cancelled", "inmate_unavailable")
        assert visit.ledger.filter(kind="returned").exists()
        assert EntryText.objects.get().words == "court"

    def test_an_inmate_who_was_not_brought_is_our_fault(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        clock_at.move(minutes=6)
        browse_as(cast.lapas.staff["desk"]).post(
            f"/desk/day/{visit.ref}/", {"act": "inmate_absent", "reason": "not_brought", "key": "1"}
        )
        visit.refresh_from_db()
        assert visit.outcome == "inmate_absent"
        assert visit.ledger.filter(kind="returned").exists()

    @pytest.mark.parametrize("given", [{}, {"reason": "because"}])
    def test_absence_needs_a_reason_of_the_list(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse, given: dict[str, str]
    ) -> None:
        answer = browse_as(cast.lapas.staff["desk"]).post(
            f"/desk/day/{visit.ref}/", {"act": "inmate_absent", "key": "1", **given}
        )
        assert answer.status_code == 400
        visit.refresh_from_db()
        assert visit.state == "booked"

    def test_an_unknown_act_is_refused_in_words(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        assert browse_as(cast.lapas.staff["desk"]).post(f"/desk/day/{visit.ref}/", {"act": "x"}).status_code == 400

    def test_another_sites_form_is_refused(
        self, cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
    ) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browse_as(cast.lapas.staff["desk"]).cookies
        assert strict.post(f"/desk/day/{visit.ref}/", {"act": "arrived"}).status_code == 403
        assert state_of(visit) == "expected"


class TestPairingCode:
    def test_it_is_shown_once_and_pairs(self, cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
        station = cast.lapas.stations[1]
        answer = browse_as(cast.lapas.staff["desk"]).post(f"/desk/stations/{station.ref}/pair/")
        found = re.search(r'data-testid="pairing-code">(\d{4} \d{4})<', answer.content.decode())
        assert found is not None
        assert "no-store" in answer["Cache-Control"]
        assert Client().post("/station/pair/", {"code": found[1]})["Location"] == "/station/"
        assert Client().post("/station/pair/", {"code": found[1]}).status_code == 403

    def test_it_is_for_those_who_pair_here(self, cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
        path = f"/desk/stations/{cast.lapas.stations[0].ref}/pair/"
        assert browse_as(cast.lapas.staff["head"]).post(path).status_code == 403
        assert browse_as(cast.rutan.staff["desk"]).post(path).status_code == 404
        assert browse_as(cast.lapas.staff["desk"]).get(path).status_code == 405
