"""The outcomes of the day: confirmed in one click, corrected with a reason, listed until then."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from besuk.flow.bookings.actions import conclude
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import saved_minutes
from besuk.flow.complaints.actions import complain
from besuk.flow.complaints.undisputed import confirm_undisputed
from besuk.flow.live import actions as live
from besuk.ground.accounts.actors import SYSTEM, visitor_actor
from besuk.ground.audit.models import Entry, EntryText
from besuk.ground.notices.models import Notice
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from django.test import Client

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def visit(cast: Cast, clock_at: FixedClock) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))


@pytest.fixture
def desk(cast: Cast, browse_as: Browse) -> Client:
    return browse_as(cast.lapas.staff["desk"])


def talk(visit: Visit, cast: Cast, clock: FixedClock, minutes: float, by: str = "clock") -> None:
    """A supervised call of so many minutes, ended by the clock or held without an officer to the end."""
    call = call_ready(visit)
    officer = cast.lapas.actor("supervisor", clock.now())
    live.take_watch(call_ref=call.ref, actor=officer, now=clock.now())
    live.lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=clock.now())
    live.admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=officer, now=clock.now())
    clock.move(minutes=minutes)
    if by == "no_supervisor":
        live.hold(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=clock.now())
        clock.move(minutes=40)
    live.end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=clock.now())
    visit.refresh_from_db()


def page_of(visit: Visit) -> str:
    return f"/desk/day/{visit.ref}/outcome/"


def send(browser: Client, visit: Visit, **more: str) -> tuple[int, str]:
    answer = browser.post(page_of(visit), {"seen": visit.outcome, "key": "k", **more})
    return answer.status_code, answer.content.decode()


def test_it_is_listed_with_its_evidence_until_somebody_confirms_in_one_click(
    visit: Visit, cast: Cast, desk: Client, clock_at: FixedClock
) -> None:
    assert 'data-testid="unconfirmed"' not in desk.get("/desk/day/").content.decode()
    talk(visit, cast, clock_at, 15)
    html = desk.get("/desk/day/").content.decode()
    assert f'data-testid="ended-{visit.ref}"' in html
    assert "15 dari 15 menit" in html
    assert "selesai menurut waktu" in html
    answer = desk.post(page_of(visit), {"act": "confirm", "seen": "completed", "on": "2026-12-05"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/day/?on=2026-12-05#unconfirmed")
    assert 'data-testid="unconfirmed"' not in desk.get("/desk/day/").content.decode()
    visit.refresh_from_db()
    assert visit.confirmed_by == cast.lapas.staff["desk"]
    assert Entry.objects.get(code="visit.stand_by").data["outcome"] == "completed"
    assert 'data-testid="confirmed-by"' in desk.get(page_of(visit)).content.decode()


def test_another_days_list_is_the_same_and_another_prisons_is_not(
    visit: Visit, cast: Cast, desk: Client, clock_at: FixedClock, browse_as: Browse
) -> None:
    talk(visit, cast, clock_at, 15)
    assert f"ended-{visit.ref}" in desk.get("/desk/day/?on=2026-12-08").content.decode()
    other = browse_as(cast.rutan.staff["desk"])
    assert visit.ref not in other.get("/desk/day/").content.decode()
    assert other.post(page_of(visit), {"act": "confirm", "seen": "completed"}).status_code == 404


def test_a_correction_needs_a_reason_tells_the_family_and_reckons_anew(
    visit: Visit, cast: Cast, desk: Client, clock_at: FixedClock
) -> None:
    talk(visit, cast, clock_at, 12)
    assert send(desk, visit, act="correct", outcome="failed_technical", reason=" ")[0] == 400
    assert send(desk, visit, act="correct", outcome="cancelled_by_visitor", reason="x")[0] == 400
    assert send(desk, visit, act="correct", outcome="visitor_absent", reason="x")[0] == 409
    assert send(desk, visit, act="what", outcome="completed", reason="x")[0] == 400
    for _ in range(2):
        assert send(desk, visit, act="correct", outcome="failed_technical", reason="Gambar beku")[0] == 302
    seen = visit.outcome
    visit.refresh_from_db()
    tie = visit.people.get(is_host=True).tie
    assert tie is not None
    assert (visit.outcome, saved_minutes(tie.pk)) == ("failed_technical", 3)
    entry = Entry.objects.get(code="visit.correct")
    assert (entry.data["was"], entry.data["minutes"]) == (seen, 3)
    assert "Gambar beku" in {one.words for one in EntryText.objects.all()}
    notice = Notice.objects.get(template="visit_corrected")
    assert "Gambar beku" not in str(notice.values)


def test_what_was_settled_meanwhile_is_told_and_left_as_it_is(
    visit: Visit, cast: Cast, desk: Client, clock_at: FixedClock, browse_as: Browse
) -> None:
    talk(visit, cast, clock_at, 15)
    head = browse_as(cast.lapas.staff["head"])
    assert send(desk, visit, act="confirm")[0] == 302
    status, html = send(head, visit, act="confirm")
    assert (status, 'data-code="OUTCOME_SETTLED"' in html) == (409, True)
    assert send(head, visit, act="correct", outcome="failed_technical", reason="Beku")[0] == 302
    assert send(desk, visit, act="correct", outcome="no_supervisor", reason="Salah")[0] == 409


def test_whoever_supervised_cannot_shift_our_fault_to_others(
    visit: Visit, cast: Cast, desk: Client, clock_at: FixedClock, browse_as: Browse
) -> None:
    talk(visit, cast, clock_at, 3, by="no_supervisor")
    assert visit.outcome == "no_supervisor"
    wanted = {"act": "correct", "outcome": "completed_early_by_visitor", "reason": "Mereka pergi"}
    status, html = send(browse_as(cast.lapas.staff["supervisor"]), visit, **wanted)
    assert (status, 'data-code="OUTCOME_OF_OWN_CALL"' in html) == (403, True)
    assert send(browse_as(cast.lapas.staff["supervisor"]), visit, act="correct", outcome="failed_technical",
                reason="Kabel")[0] == 302  # fmt: skip
    visit.refresh_from_db()
    assert send(desk, visit, **{**wanted, "key": "k2"})[0] == 302


def test_a_call_that_never_began_is_not_made_a_completed_one(
    visit: Visit, cast: Cast, desk: Client, clock_at: FixedClock
) -> None:
    call = call_ready(visit)
    live.end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=THURSDAY + 45 * MINUTE)
    visit.refresh_from_db()
    for outcome in ("completed", "visitor_absent"):
        status, html = send(desk, visit, act="correct", outcome=outcome, reason="x")
        assert (status, 'data-code="OUTCOME_AGAINST_EVIDENCE"' in html) == (409, True)


def test_what_an_officer_named_needs_no_confirmation(
    visit: Visit, cast: Cast, desk: Client, clock_at: FixedClock
) -> None:
    clock_at.move(minutes=10)
    desk.post(f"/desk/day/{visit.ref}/", {"act": "inmate_absent", "reason": "not_brought", "key": "k"})
    visit.refresh_from_db()
    assert (visit.outcome, visit.confirmed_by) == ("inmate_absent", cast.lapas.staff["desk"])
    assert 'data-testid="unconfirmed"' not in desk.get("/desk/day/").content.decode()


def test_a_visit_to_come_has_no_outcome_page(visit: Visit, desk: Client) -> None:
    assert desk.get(page_of(visit)).status_code == 409
    assert f'data-testid="ended-{visit.ref}"' not in desk.get("/desk/day/").content.decode()


def test_many_are_listed_oldest_first_and_the_number_of_queries_stays(
    cast: Cast, desk: Client, clock_at: FixedClock
) -> None:
    tie = approved_tie(cast.siti, cast.lapas.convicted)
    counted, html = [], ""
    for days in (range(1, 3), range(3, 34)):
        for number in days:
            one = booked_visit(tie, starts_at=THURSDAY - timedelta(days=number))
            Visit.objects.filter(pk=one.pk).update(state="concluded", outcome="completed")
        with CaptureQueriesContext(connection) as asked:
            html = desk.get("/desk/day/").content.decode()
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert html.count('data-testid="ended-') == 30
    assert "30 terlama dari 33" in html


@pytest.fixture
def three(cast: Cast, clock_at: FixedClock) -> list[Visit]:
    """Three visits of one family that are over, nobody has stood by any."""
    tie = approved_tie(cast.siti, cast.lapas.convicted)
    visits = [booked_visit(tie, starts_at=THURSDAY - timedelta(days=number)) for number in (3, 2, 1)]
    for one in visits:
        conclude(visit=one, outcome="completed", actor=SYSTEM, now=one.ends_at)
    return visits


def complained(visit: Visit, cast: Cast, clock: FixedClock) -> None:
    complain(visit_ref=visit.ref, reason="outcome", words="Terputus", key=visit.ref, actor=visitor_actor(cast.siti),
             now=clock.now())  # fmt: skip


def shown_on(html: str) -> list[str]:
    """What the form of the page would send."""
    return re.findall(r'name="shown" value="([^"]+)"', html)


def confirm_all(browser: Client, shown: list[str], key: str = "k") -> str:
    answer = browser.post("/desk/day/outcomes/", {"shown": shown, "key": key, "on": "2026-12-02"}, follow=True)
    assert answer.redirect_chain == [("/desk/day/?on=2026-12-02#unconfirmed", 302)]
    return answer.content.decode()


def stood_by(visits: list[Visit]) -> list[bool]:
    return [Visit.objects.get(pk=one.pk).confirmed_at is not None for one in visits]


def test_all_that_nobody_complains_of_are_confirmed_in_one_click_each_with_its_entry(
    three: list[Visit], cast: Cast, desk: Client, clock_at: FixedClock
) -> None:
    complained(three[1], cast, clock_at)
    html = desk.get("/desk/day/").content.decode()
    assert f'data-testid="disputed-{three[1].ref}"' in html
    assert shown_on(html) == [f"{three[n].ref}:completed" for n in (0, 2)]
    for _ in range(2):
        assert "2 hasil dipastikan" in confirm_all(desk, shown_on(html))
    assert stood_by(three) == [True, False, True]
    entries = Entry.objects.filter(code="visit.stand_by")
    assert {one.object_ref for one in entries} == {three[0].ref, three[2].ref}
    assert entries.count() == 2
    assert 'data-testid="confirm-all"' not in desk.get("/desk/day/").content.decode()


def test_what_changed_since_it_was_shown_is_left_and_said(
    three: list[Visit], cast: Cast, desk: Client, clock_at: FixedClock
) -> None:
    shown = shown_on(desk.get("/desk/day/").content.decode())
    head = cast.lapas.actor("head", clock_at.now())
    live.correct_outcome(visit_ref=three[0].ref, seen="completed", outcome="failed_technical", reason="Beku", key="c",
                         actor=head, now=clock_at.now())  # fmt: skip
    complained(three[1], cast, clock_at)
    html = confirm_all(desk, shown)
    assert "1 hasil dipastikan" in html
    assert "2 berubah sejak ditampilkan" in html
    assert stood_by(three) == [True, False, True]
    first = Visit.objects.get(pk=three[0].pk)
    assert (first.outcome, first.confirmed_by) == ("failed_technical", cast.lapas.staff["head"])


def test_another_prisons_outcomes_and_an_empty_form_confirm_nothing(
    three: list[Visit], cast: Cast, desk: Client, browse_as: Browse
) -> None:
    shown = shown_on(desk.get("/desk/day/").content.decode())
    confirm_all(browse_as(cast.rutan.staff["desk"]), shown)
    assert desk.post("/desk/day/outcomes/", {"key": "k"}).status_code == 409
    assert desk.post("/desk/day/outcomes/", {"shown": shown}).status_code == 400
    assert desk.get("/desk/day/outcomes/").status_code == 405
    assert stood_by(three) == [False] * 3


def test_forty_are_confirmed_with_few_questions_for_each(cast: Cast, desk: Client, clock_at: FixedClock) -> None:
    """The locks, the complaints and the key are asked for once, whatever is confirmed."""
    tie, counted = approved_tie(cast.siti, cast.lapas.convicted), []
    for days in (range(1, 2), range(2, 12), range(12, 22)):
        for number in days:
            one = booked_visit(tie, starts_at=THURSDAY - timedelta(days=number))
            Visit.objects.filter(pk=one.pk).update(state="concluded", outcome="completed")
        with CaptureQueriesContext(connection) as asked:
            confirm_undisputed(
                facility_id=cast.lapas.facility.pk, key=str(days), actor=cast.lapas.actor("desk", clock_at.now()),
                shown=dict.fromkeys(Visit.objects.filter(confirmed_at=None).values_list("ref", flat=True), "completed"),
                now=clock_at.now(),
            )  # fmt: skip
        counted.append(len(asked))
    assert counted[1] == counted[2]
    assert counted[1] - counted[0] <= 9 * 4
