"""The pendamping's page, and the ways to it from the family, the station and the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from besuk.flow.checkin.models import Attendance
from besuk.flow.live.actions import end
from besuk.flow.live.models import Call
from besuk.flow.oversight.models import Support
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.accounts.models import Staff
from besuk.ground.kernel.unit import unit
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.clock import THURSDAY
from besuk.web.shared.identity import STATION_COOKIE

if TYPE_CHECKING:
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
WORDS = "Ayahnya meninggal tadi pagi."


@pytest.fixture
def call(cast: Cast, clock_at: FixedClock) -> Call:
    return call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))


def over(call: Call) -> None:
    with unit():
        end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=THURSDAY)


def signed_in(client: Client, staff: Staff) -> Client:
    client.force_login(staff)
    return client


def test_the_family_asks_from_the_result_and_reads_how_far_it_is(
    cast: Cast, call: Call, browse_as: Browse, client: Client
) -> None:
    over(call)
    siti, url = browse_as(cast.siti), f"/visits/{call.visit.ref}/"
    assert siti.post(f"{url}support/", {"words": WORDS})["Location"] == f"{url}result/"
    html = siti.get(f"{url}result/").content.decode()
    assert "Permintaan Anda sudah diteruskan kepada pendamping." in html
    assert WORDS not in html
    row, mine = Support.objects.get(), signed_in(client, cast.lapas.staff["companion"])
    mine.post(f"/office/support/{row.ref}/", {"act": "receive"})
    assert "Pendamping sudah menerima permintaan Anda." in siti.get(f"{url}result/").content.decode()


def test_a_script_is_answered_in_json(cast: Cast, call: Call, browse_as: Browse) -> None:
    url = f"/visits/{call.visit.ref}/support/"
    answer = browse_as(cast.siti).post(url, {"words": "x" * 501}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert browse_as(cast.siti).post(url, {}, headers={"Accept": "application/json"}).json() == {"ok": True}


def test_the_station_asks_after_the_call_and_once_is_enough(
    cast: Cast, call: Call, clock_at: FixedClock, client: Client
) -> None:
    over(call)
    client.cookies[STATION_COOKIE] = cast.lapas.station_keys[0]
    assert 'data-testid="support"' in client.get("/station/").content.decode()
    client.post("/station/support/")
    html = client.get("/station/").content.decode()
    assert 'data-testid="support-asked"' in html
    assert 'data-testid="support"' not in html
    clock_at.move(seconds=61)
    assert 'data-testid="support-box"' not in client.get("/station/").content.decode()


def test_who_still_sits_there_is_not_taken_for_the_next_inmate(
    cast: Cast, call: Call, clock_at: FixedClock, client: Client
) -> None:
    """The next call is prepared minutes before its inmate comes."""
    over(call)
    soon = booked_visit(
        approved_tie(cast.siti, cast.lapas.inmates[1]), starts_at=THURSDAY + timedelta(minutes=20), now=THURSDAY
    )
    call_ready(soon, now=THURSDAY + timedelta(minutes=16))
    Attendance.objects.filter(visit=soon, side="inmate").update(state="expected", ready_at=None)
    client.cookies[STATION_COOKIE] = cast.lapas.station_keys[0]
    client.post("/station/support/")
    assert Support.objects.get().call_id == call.pk


def test_a_station_without_a_call_asks_nothing(cast: Cast, call: Call, client: Client) -> None:
    client.cookies[STATION_COOKIE] = cast.lapas.station_keys[1]
    assert 'data-testid="support"' not in client.get("/station/").content.decode()
    assert client.post("/station/support/").status_code == 409
    answer = client.post("/station/support/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["refusals"][0]["code"]) == (409, "CALL_NOT_OPEN")
    assert not Support.objects.exists()


def test_the_desk_asks_on_the_visits_page_also_when_it_is_over(cast: Cast, call: Call, client: Client) -> None:
    over(call)
    desk = signed_in(client, cast.lapas.staff["desk"])
    page = f"/desk/day/{call.visit.ref}/"
    assert 'data-testid="support"' in desk.get(page).content.decode()
    assert desk.post(page, {"act": "support", "words": WORDS}).status_code == 302
    assert Support.objects.get().side == "officer"
    assert WORDS not in desk.get(page).content.decode()


def test_the_list_shows_no_words_and_the_page_of_one_does(
    cast: Cast, call: Call, browse_as: Browse, client: Client
) -> None:
    browse_as(cast.siti).post(f"/visits/{call.visit.ref}/support/", {"words": WORDS})
    row, mine = Support.objects.get(), signed_in(client, cast.lapas.staff["companion"])
    listed = mine.get("/office/support/").content.decode()
    assert call.visit.inmate.name in listed
    assert WORDS not in listed
    page = f"/office/support/{row.ref}/"
    assert WORDS in mine.get(page).content.decode()
    mine.post(page, {"act": "receive"})
    assert mine.post(page, {"act": "follow_up", "report": ""}).status_code == 400
    assert mine.post(page, {"act": "nonsense"}).status_code == 400
    mine.post(page, {"act": "follow_up", "report": "Sudah ditemani."})
    assert "Sudah ditemani." in mine.get(page).content.decode()
    assert 'data-testid="support-done"' in mine.get("/office/support/").content.decode()


def test_the_story_of_the_visit_says_nothing_of_it(cast: Cast, call: Call, browse_as: Browse, client: Client) -> None:
    browse_as(cast.siti).post(f"/visits/{call.visit.ref}/support/", {"words": WORDS})
    html = signed_in(client, cast.lapas.staff["head"]).get(f"/office/visits/{call.visit.ref}/").content.decode()
    assert "endampingan" not in html.split('data-testid="timeline"')[1]
    assert WORDS not in html
