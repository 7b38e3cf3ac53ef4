"""The story of a visit as its family reads it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from besuk.flow.bookings.actions import cancel, cancel_by_facility
from besuk.flow.bookings.models import Visit
from besuk.flow.live import actions as live
from besuk.flow.live.models import Call
from besuk.flow.live.queries import timeline
from besuk.ground.accounts.actors import SYSTEM, visitor_actor
from besuk.ground.kernel.unit import unit
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.cast import Cast
from besuk.testing.clock import FixedClock
from besuk.web.visitor.family_story import family_story

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))


def sentences(visit: Visit) -> list[str]:
    return [one.sentence for one in family_story(visit)]


def _also(call: Call, code: str, *, now: datetime, side: str) -> None:
    with unit():
        live.happened(call, code, now=now, side=side)


def a_whole_call(cast: Cast, visit: Visit, now: datetime) -> None:
    """Connected, lost and found before it began and while it ran, ended by the inmate."""
    officer = cast.lapas.actor("supervisor", now)
    call = call_ready(visit, now=now)
    live.take_watch(call_ref=call.ref, actor=officer, now=now)
    _also(call, "joined", now=now, side="visitor")
    live.hold(call_ref=call.ref, cause="technical", actor=SYSTEM, now=now)
    for cause in ("no_supervisor", "technical"):
        live.lift(call_ref=call.ref, cause=cause, actor=SYSTEM, now=now)
    live.admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=officer, now=now + MINUTE)
    _also(call, "help_wanted", now=now + MINUTE, side="visitor")
    live.hold(call_ref=call.ref, cause="technical", actor=SYSTEM, now=now + 2 * MINUTE)
    _also(call, "left", now=now + 2 * MINUTE, side="inmate")
    live.lift(call_ref=call.ref, cause="technical", actor=SYSTEM, now=now + 3 * MINUTE)
    live.end(call_ref=call.ref, ended_by="inmate", actor=cast.lapas.station(), now=now + 4 * MINUTE)


def test_it_tells_what_people_did_and_saw_without_the_machinery(cast: Cast, visit: Visit, now: datetime) -> None:
    a_whole_call(cast, visit, now)
    code = cast.lapas.staff["supervisor"].code
    story = sentences(visit)
    assert story[0] == "Kunjungan dipesan."
    assert {"Anda datang.", "Anda siap.", "Warga binaan datang.", "Warga binaan siap."} <= set(story)
    assert story[-5:] == [
        f"Petugas {code} memeriksa wajah kedua pihak dan mempertemukan mereka.",
        "Anda minta bantuan.",
        "Berhenti sementara: satu pihak terputus.",
        "Kedua pihak tersambung lagi.",
        "Panggilan selesai.",
    ]
    assert story.count("Kedua pihak tersambung lagi.") == 1
    assert not [one for one in story if "disiapkan" in one or "Pengunjung" in one or "Diakhiri" in one]
    assert "joined" in [line.code for line in timeline(visit)], "staff still read all of it"


def test_it_speaks_to_the_reader_in_english_too(cast: Cast, visit: Visit, now: datetime) -> None:
    a_whole_call(cast, visit, now)
    with translation.override("en"):
        assert {"You came.", "You were ready.", "The call was over."} <= set(sentences(visit))


def test_what_happened_on_another_day_says_so(
    cast: Cast, visit: Visit, now: datetime, client: Client, clock_at: FixedClock
) -> None:
    a_whole_call(cast, visit, now)
    assert [one.is_other_day for one in family_story(visit)][:2] == [True, False]
    session = client.session
    session["visitor"] = cast.siti.pk
    session.save()
    page = client.get(f"/visits/{visit.ref}/result/").content.decode()
    assert ">Selasa, 1 Desember 2026, 09.20 WIB</time>" in page
    assert ">09.21 WIB</time>" in page


def test_a_cancelled_visit_says_who_cancelled_it(cast: Cast, now: datetime) -> None:
    later = booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=now + timedelta(days=2))
    cancel(visit_ref=later.ref, key="c", actor=visitor_actor(cast.siti), now=now)
    later.refresh_from_db()
    assert sentences(later) == ["Kunjungan dipesan.", "Anda membatalkan kunjungan ini."]


def test_a_visit_the_prison_cancelled_gives_no_reason_away(cast: Cast, now: datetime) -> None:
    later = booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=now + timedelta(days=2))
    desk = cast.lapas.actor("desk", now)
    cancel_by_facility(
        visit_ref=later.ref, outcome="inmate_unavailable", reason="tidak mau", key="c", actor=desk, now=now
    )
    later.refresh_from_db()
    assert sentences(later) == ["Kunjungan dipesan.", "Kunjungan ini dibatalkan."]
