from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from besuk.flow.checkin.actions import ring, save_device_test
from besuk.flow.live.actions import Beat, admit, end, hold, lift, save_beats, take_watch
from besuk.flow.live.jobs import LINES_KEPT, forget_lines
from besuk.flow.live.models import Call
from besuk.flow.oversight.actions import incident, listen, note, warn
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import ChainHead, Entry
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.cast import as_visitor
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(cast: Cast, clock_at: FixedClock) -> Call:
    """A whole visit: tested, rung, watched, heard, admitted, warned, paused, noted, ended."""
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    officer = cast.lapas.actor("supervisor", THURSDAY)
    save_device_test(
        visitor=cast.siti, visit_ref=visit.ref, camera=True, microphone=True, speaker=False, connection=True,
        details={}, actor=as_visitor(cast.siti), now=THURSDAY - timedelta(days=1),
    )  # fmt: skip
    ring(visit_ref=visit.ref, reached=True, actor=cast.lapas.actor("desk", THURSDAY), now=THURSDAY)
    call = call_ready(visit)
    take_watch(call_ref=call.ref, actor=officer, now=clock_at.move(seconds=10))
    lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=clock_at.move(seconds=1))
    admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=officer, now=clock_at.move(seconds=20))
    listen(call_ref=call.ref, actor=officer, now=clock_at.move(minutes=1))
    warn(
        call_ref=call.ref, code="dress", formal=True, addressed="visitor", shown_to=["visitor"],
        actor=officer, now=clock_at.move(minutes=1),
    )  # fmt: skip
    hold(call_ref=call.ref, cause="supervisor", reason="rules", actor=officer, now=clock_at.move(minutes=1))
    note(call_ref=call.ref, text="Anak kecil lewat di belakang", actor=officer, now=clock_at.move(seconds=5))
    incident(call_ref=call.ref, kind="recording", text="Ponsel kedua di meja", actor=officer, now=clock_at.now())
    lift(call_ref=call.ref, cause="supervisor", actor=officer, now=clock_at.move(minutes=1))
    return end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=clock_at.move(minutes=12))


def page(call: Call) -> str:
    return f"/office/visits/{call.visit.ref}/"


def test_the_timeline_tells_what_happened_in_order(cast: Cast, ended: Call, browse_as: Browse) -> None:
    html = browse_as(cast.lapas.staff["head"]).get(page(ended)).content.decode()
    codes = re.findall(r'data-code="(\w+)"', html)
    story = ["booked", "device_test", "rung", "prepared", "watched", "admitted", "listened", "warned"]
    story += ["held_supervisor", "noted", "incident", "lifted_supervisor", "ended", "concluded"]
    assert [code for code in codes if code in story] == story
    assert "Anak kecil lewat di belakang" in html
    assert "mencatat kejadian: Merekam layar" in html
    assert "Ponsel kedua di meja" in html
    assert "Uji perangkat: ada kendala." in html
    assert f'data-outcome="{ended.outcome}"' in html
    assert "09.20.10 WIB" in html


def test_it_names_who_listened_and_the_logs_entries(cast: Cast, ended: Call, browse_as: Browse) -> None:
    html = browse_as(cast.lapas.staff["head"]).get(page(ended)).content.decode()
    officer = cast.lapas.staff["supervisor"]
    heard = html[html.index('data-testid="listenings"') : html.index('data-testid="entries"')]
    assert officer.code in heard
    assert "09.21.31 WIB – 09.36.36 WIB" in heard
    assert "Panggilan dijeda" in html
    shown = {int(number) for number in re.findall(r'data-entry="(\d+)"', html)}
    about = Entry.objects.filter(object_ref__in=[ended.ref, ended.visit.ref])
    assert shown >= set(about.values_list("number", flat=True))
    assert {"call.watch", "call.admit", "call.end"} <= set(about.values_list("code", flat=True))


def test_it_is_for_those_who_may_read_visits_here(cast: Cast, ended: Call, browse_as: Browse) -> None:
    for role in ("desk", "head", "inspector"):
        assert browse_as(cast.lapas.staff[role]).get(page(ended)).status_code == 200
    for role in ("supervisor", "regional", "data_protection"):
        assert browse_as(cast.lapas.staff[role]).get(page(ended)).status_code == 403
    assert browse_as(cast.rutan.staff["head"]).get(page(ended)).status_code == 404
    assert browse_as(cast.siti).get(page(ended))["Location"].startswith("/staff/sign-in/")


def test_it_asks_few_questions(
    cast: Cast, ended: Call, browse_as: Browse, django_assert_max_num_queries: object
) -> None:
    client = browse_as(cast.lapas.staff["head"])
    with django_assert_max_num_queries(21):  # type: ignore[operator]
        client.get(page(ended))


class TestTheLog:
    def test_reading_it_through_says_up_to_where_it_holds(self, cast: Cast, ended: Call, browse_as: Browse) -> None:
        newest = ChainHead.objects.get(facility=cast.lapas.facility).number
        client = browse_as(cast.lapas.staff["head"])
        answer = client.post("/office/audit/verify/", {"facility": "lapas"}, follow=True)
        assert f"Utuh sampai entri {newest}, diperiksa Kamis, 3 Desember 2026" in answer.content.decode()
        assert 'data-testid="audit-verified"' in client.get(page(ended)).content.decode()

    def test_a_chain_that_lost_its_end_is_told(self, cast: Cast, ended: Call, browse_as: Browse) -> None:
        head = ChainHead.objects.get(facility=cast.lapas.facility)
        ChainHead.objects.filter(pk=head.pk).update(number=head.number + 1)
        client = browse_as(cast.lapas.staff["inspector"])
        html = client.post("/office/audit/verify/", {"facility": "lapas"}, headers={"HX-Request": "true"})
        assert f"Rantai tidak cocok pada entri {head.number + 1}." in html.content.decode()

    def test_it_is_for_those_who_audit_here(self, cast: Cast, ended: Call, browse_as: Browse) -> None:
        given = {"facility": "lapas"}
        assert browse_as(cast.lapas.staff["desk"]).post("/office/audit/verify/", given).status_code == 403
        assert browse_as(cast.rutan.staff["head"]).post("/office/audit/verify/", given).status_code == 404
        assert 'data-testid="audit-state"' not in (
            browse_as(cast.lapas.staff["desk"]).get(page(ended)).content.decode()
        )


def test_the_lines_of_both_sides_are_drawn_as_long_as_they_are_kept(
    ended: Call, cast: Cast, clock_at: FixedClock, browse_as: Browse
) -> None:
    client = browse_as(cast.lapas.staff["head"])
    address = f"/office/visits/{ended.visit.ref}/"
    assert 'data-testid="lines"' not in client.get(address).content.decode(), "nothing was measured"
    since = clock_at.now() - timedelta(minutes=5)
    said: dict[str, int | float | str | bool | None] = {
        "quality_line": "good",
        "quality_loss": 0.002,
        "quality_fps": 15,
    }
    beats = [
        Beat(place.ref, since + timedelta(seconds=5 * number), {**said, "quality_width": 320, "quality_height": 240})
        for place in ended.participations.filter(role__in=["visitor", "inmate"])
        for number in range(60)
        if place.role == "inmate" or number not in range(24, 36)
    ]
    save_beats(beats=beats, actor=SYSTEM, now=clock_at.now())
    html = client.get(address).content.decode()
    assert [html.count(f'data-testid="line-{side}"') for side in ("visitor", "inmate")] == [1, 1]
    assert [html.count(f'<rect data-line="{line}"') for line in ("good", "away")] == [3, 1]
    assert "tidak tersambung 1 mnt 5 dtk" in html
    assert "320×240, 15 per detik" in html
    assert "0,2%" in html
    assert forget_lines(clock_at.now() + LINES_KEPT - timedelta(minutes=6)) == 0
    assert forget_lines(clock_at.now() + LINES_KEPT + timedelta(seconds=1)) == 2 * 60 - 12
    entry = Entry.objects.get(code="line.forget")
    assert entry.data == {"count": 108, "days": 14}
    assert forget_lines(clock_at.now() + LINES_KEPT + timedelta(days=1)) == 0
    assert 'data-testid="lines"' not in client.get(address).content.decode()
