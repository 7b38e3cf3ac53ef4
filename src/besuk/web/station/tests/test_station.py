from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.house_rules import rules_for
from besuk.flow.checkin.models import Attendance
from besuk.ground.facilities.actions import offer_pairing, stop_service
from besuk.ground.kernel.crypto import supervision_public_key
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.clock import THURSDAY
from besuk.web.shared.identity import STATION_COOKIE

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))


def inmate_state(visit: Visit) -> str:
    return Attendance.objects.get(visit=visit, side="inmate").state


def test_a_code_makes_this_computer_the_station(cast: Cast, clock_at: FixedClock) -> None:
    code = offer_pairing(station=cast.lapas.stations[1], actor=cast.lapas.actor("desk", THURSDAY), now=THURSDAY)
    client = Client()
    answer = client.post("/station/pair/", {"code": f"{code[:4]} {code[4:]}"})
    cookie = answer.cookies[STATION_COOKIE]
    assert answer["Location"] == "/station/"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert cookie["max-age"] > 300 * 24 * 3600
    assert "Bilik 2" in client.get("/station/").content.decode()


def test_a_wrong_code_is_refused_in_words_and_sets_nothing(cast: Cast, clock_at: FixedClock) -> None:
    answer = Client().post("/station/pair/", {"code": "12345678"})
    assert answer.status_code == 403
    assert "Kode pasangan ini tidak cocok atau sudah lewat." in answer.content.decode()
    assert STATION_COOKIE not in answer.cookies


def test_an_empty_code_is_asked_for_in_our_words(cast: Cast, clock_at: FixedClock) -> None:
    assert re.search(r"<form[^>]*novalidate", Client().get("/station/pair/").content.decode())
    html = Client().post("/station/pair/", {"code": " "}).content.decode()
    assert "Kode pasangan belum diisi." in html
    assert "tidak cocok" not in html


def test_an_unpaired_computer_is_sent_to_pairing(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    assert Client().get("/station/")["Location"].startswith("/station/pair/")
    assert browse_as("not-a-key").get("/station/call/")["Location"].startswith("/station/pair/")


def test_the_idle_page_shows_call_name_and_number_only(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    html = browse_as(cast.lapas.station_keys[0]).get("/station/").content.decode()
    inmate = cast.lapas.convicted
    assert f"{inmate.call_name} · {inmate.number}" in html
    assert "Layanan ini GRATIS" in html
    assert "Siti" not in html
    assert "SP4N-LAPOR!" in html


def test_another_station_shows_nothing_of_it(cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse) -> None:
    html = browse_as(cast.lapas.station_keys[2]).get("/station/").content.decode()
    assert cast.lapas.convicted.call_name not in html
    assert "Belum ada kunjungan berikutnya di bilik ini." in html


def test_the_inmate_accepts_the_rules_and_is_ready(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    client = browse_as(cast.lapas.station_keys[0])
    assert 'data-testid="ready"' in client.get("/station/").content.decode()
    assert client.post("/station/", {"visit": visit.ref, "rules": "yes"})["Location"] == "/station/"
    assert inmate_state(visit) == "ready"
    html = client.get("/station/").content.decode()
    assert 'data-testid="ready"' not in html
    assert 'data-testid="is-ready"' in html


def test_the_inmate_reads_the_house_rules_that_concern_them_before_the_tap(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    html = browse_as(cast.lapas.station_keys[0]).get("/station/").content.decode()
    for rule in rules_for("inmate"):
        assert rule.text in html
    assert "Petugas melihat kunjungan dan dapat mendengarnya." in html
    assert "KTP" not in html
    assert html.count('data-part="rule"') == len(rules_for("inmate")) + 1, "each sentence can be read aloud"


def test_without_the_rules_the_inmate_is_not_ready(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    answer = browse_as(cast.lapas.station_keys[0]).post("/station/", {"visit": visit.ref})
    assert answer.status_code == 400
    assert "Tata tertib belum disetujui." in answer.content.decode()
    assert inmate_state(visit) == "expected"


def test_a_visit_that_is_not_next_here_is_not_touched(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    browse_as(cast.lapas.station_keys[1]).post("/station/", {"visit": visit.ref, "rules": "yes"})
    browse_as(cast.rutan.station_keys[0]).post("/station/", {"visit": visit.ref, "rules": "yes"})
    assert inmate_state(visit) == "expected"


def test_long_before_the_slot_nobody_is_asked_to_be_ready(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=THURSDAY + timedelta(minutes=20))
    html = browse_as(cast.lapas.station_keys[0]).get("/station/").content.decode()
    assert "Kunjungan berikutnya pukul 09.40 WIB" in html
    assert 'data-testid="ready"' not in html


def test_the_call_opens_by_itself_once_it_is_prepared(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    client = browse_as(cast.lapas.station_keys[0])
    assert client.get("/station/call/")["Location"] == "/station/"
    call = call_ready(visit)
    assert client.get("/station/")["Location"] == "/station/call/"
    html = client.get("/station/call/").content.decode()
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert data["participation"] == call.participations.get(role="inmate").ref
    assert data["signKey"] == supervision_public_key()
    assert 'max="900"' in html


def test_a_prepared_call_waits_for_an_inmate_who_left(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    call_ready(visit)
    Attendance.objects.filter(visit=visit, side="inmate").update(state="expected")
    client = browse_as(cast.lapas.station_keys[0])
    assert client.get("/station/").status_code == 200
    assert client.get("/station/call/")["Location"] == "/station/"


def test_a_strange_form_is_refused(cast: Cast, clock_at: FixedClock, visit: Visit) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[STATION_COOKIE] = cast.lapas.station_keys[0]
    assert strict.post("/station/", {"visit": visit.ref, "rules": "yes"}).status_code == 403
    assert inmate_state(visit) == "expected"


def test_who_sits_there_while_all_calls_stand_still_reads_that_the_turn_is_kept(
    cast: Cast, clock_at: FixedClock, visit: Visit, client: Client
) -> None:
    client.cookies[STATION_COOKIE] = cast.lapas.station_keys[0]
    assert 'data-testid="calls-paused"' not in client.get("/station/").content.decode()
    stop_service(facility_id=visit.facility_id, actor=cast.lapas.actor("supervisor", THURSDAY), now=THURSDAY)
    assert 'data-testid="calls-paused"' in client.get("/station/").content.decode()
