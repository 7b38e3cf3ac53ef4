from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from besuk.flow.checkin.models import DeviceTest
from besuk.testing.builders import approved_tie, booked_visit

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
ALL_WELL = {"camera": "yes", "microphone": "yes", "speaker": "yes", "connection": "yes", "details": "{}"}


def test_a_result_is_kept_with_the_visit_and_told_in_words(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    client = browse_as(cast.siti)
    details = json.dumps({"line": {"rtt_ms": 80}, "results": {"camera": "good"}})
    answer = client.post(
        f"/device-check/?visit={visit.ref}", {**ALL_WELL, "speaker": "no", "details": details, "visit": visit.ref}
    )
    assert answer["Location"] == f"/device-check/?visit={visit.ref}"
    test = DeviceTest.objects.get()
    assert (test.visit, test.camera, test.speaker) == (visit, True, False)
    assert test.details == {"line.rtt_ms": 80, "results.camera": "good"}
    html = client.get(answer["Location"]).content.decode()
    assert "Suara belum terdengar." in html
    assert "Besarkan suara ponsel" in html


def test_it_works_any_time_without_a_visit(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    approved_tie(cast.siti, cast.lapas.convicted)
    client = browse_as(cast.siti)
    assert client.get("/device-check/").status_code == 200
    assert client.post("/device-check/", ALL_WELL)["Location"] == "/device-check/"
    assert DeviceTest.objects.get().passed
    assert "Perangkat Anda siap" in client.get("/device-check/").content.decode()


def test_a_script_gets_the_result_as_json(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    approved_tie(cast.siti, cast.lapas.convicted)
    body = {"camera": True, "microphone": False, "speaker": True, "connection": True}
    answer = browse_as(cast.siti).post("/device-check/", json.dumps(body), content_type="application/json").json()
    assert (answer["ok"], answer["passed"]) == (True, False)
    assert [one["part"] for one in answer["findings"] if one["advice"]] == ["microphone"]


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "[" * 5000, b"\xff\xfe"])
def test_broken_json_is_refused_in_words(
    cast: Cast, clock_at: FixedClock, browse_as: Browse, body: str | bytes
) -> None:
    approved_tie(cast.siti, cast.lapas.convicted)
    answer = browse_as(cast.siti).post(
        "/device-check/", body, content_type="application/json", headers={"accept": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["refusals"][0]["code"] == "FORM_INCOMPLETE"
    assert not DeviceTest.objects.exists()


def test_a_strangers_visit_is_not_tested_for(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    client = browse_as(cast.outsider)
    assert client.get(f"/device-check/?visit={visit.ref}").status_code == 404
    assert client.post("/device-check/", {**ALL_WELL, "visit": visit.ref}).status_code == 404
    assert not DeviceTest.objects.exists()
