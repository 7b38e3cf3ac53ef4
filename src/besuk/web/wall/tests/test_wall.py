from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from besuk.flow.approvals.models import Document
from besuk.flow.live.actions import end
from besuk.flow.live.models import Call
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.actions import set_photo
from besuk.ground.kernel import files
from besuk.ground.kernel.unit import unit
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
PICTURE = b"\xff\xd8\xff not really a picture, but its bytes must arrive"


@pytest.fixture
def call(cast: Cast) -> Call:
    return call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))


def test_the_page_carries_the_canned_lists_in_the_officers_language(
    cast: Cast, clock_at: FixedClock, browse_as: Browse
) -> None:
    html = browse_as(cast.lapas.staff["supervisor"]).get("/wall/").content.decode()
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert data["limit"] == 4
    assert data["control"] == "/control/wall"
    assert {one["code"] for one in data["warnings"]} >= {"dress", "recording", "third_party"}
    assert next(one for one in data["end_reasons"] if one["code"] == "technical") == {
        "code": "technical",
        "label": "Gangguan teknis",
        "outcome": "failed_technical",
    }
    assert all(one["label"] for group in ("warnings", "pause_reasons", "refuse_reasons") for one in data[group])


@pytest.mark.parametrize("role", ["desk", "head", "regional", "inspector", "data_protection"])
def test_only_supervisors_have_a_wall(cast: Cast, clock_at: FixedClock, browse_as: Browse, role: str) -> None:
    assert browse_as(cast.lapas.staff[role]).get("/wall/").status_code == 403


def test_visitors_are_sent_to_the_staff_door(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    assert browse_as(cast.siti).get("/wall/")["Location"].startswith("/staff/sign-in/")


def test_looking_at_the_photo_leaves_a_mark_and_no_copy(
    cast: Cast, clock_at: FixedClock, call: Call, browse_as: Browse
) -> None:
    inmate = cast.lapas.convicted
    set_photo(inmate=inmate, image=PICTURE, mime="image/jpeg", actor=cast.lapas.actor("desk", THURSDAY), now=THURSDAY)
    answer = browse_as(cast.lapas.staff["supervisor"]).get(f"/wall/calls/{call.ref}/photo/")
    assert (answer.content, answer["Content-Type"]) == (PICTURE, "image/jpeg")
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.get(code="inmate.photo_viewed")
    assert (entry.object_ref, entry.purpose) == (inmate.subject, "identity-check")
    assert entry.actor_subject == cast.lapas.staff["supervisor"].subject


def test_looking_at_the_document_leaves_a_mark_and_no_copy(
    cast: Cast, clock_at: FixedClock, call: Call, browse_as: Browse
) -> None:
    with unit():
        kept = files.store(PICTURE, facility=call.facility, purpose="document", mime="image/jpeg", now=THURSDAY)
    Document.objects.create(visitor=cast.siti, kind="id_card", file=kept, added_at=THURSDAY)
    answer = browse_as(cast.lapas.staff["supervisor"]).get(f"/wall/calls/{call.ref}/document/")
    assert answer.content == PICTURE
    assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.get(code="document.view").purpose == "identity-check"


def test_the_papers_are_for_officers_of_this_prison_while_the_call_runs(
    cast: Cast, clock_at: FixedClock, call: Call, browse_as: Browse
) -> None:
    for path in (f"/wall/calls/{call.ref}/photo/", f"/wall/calls/{call.ref}/document/"):
        assert browse_as(cast.rutan.staff["supervisor"]).get(path).status_code == 404
        assert browse_as(cast.lapas.staff["inspector"]).get(path).status_code == 403
        assert browse_as(cast.lapas.staff["supervisor"]).get(path).status_code == 404
    end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=clock_at.move(minutes=20))
    assert browse_as(cast.lapas.staff["supervisor"]).get(f"/wall/calls/{call.ref}/photo/").status_code == 404
    assert not Entry.objects.filter(code__in=["document.view", "inmate.photo_viewed"]).exists()
