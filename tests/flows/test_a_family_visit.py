"""A family's visit from the account to the record (docs/life-of-a-visit.md)."""

from datetime import timedelta

from django.test import Client

from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.checkin.models import DeviceTest
from besuk.flow.live import actions as live
from besuk.flow.live.queries import timeline
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.command import main as audit
from besuk.ground.audit.models import Entry
from besuk.ground.notices.models import Notice
from besuk.testing.cast import PIN
from tests.flows.steps import Journey


def test_a_family_talks_for_its_full_minutes(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    assert visit.state == "booked"

    answer = journey.phone.post(
        f"/device-check/?visit={visit.ref}",
        {"camera": "yes", "microphone": "yes", "speaker": "yes", "connection": "yes", "visit": visit.ref},
    )
    assert answer.status_code in {200, 302}
    assert DeviceTest.objects.get(visit=visit).passed

    journey.pair(visit.station)
    journey.go_to(visit, minutes=4)
    journey.check_in(visit)
    journey.inmate_is_ready(visit)
    call = journey.admitted(visit)

    page = journey.phone.get(f"/visits/{visit.ref}/call/")
    assert page.status_code == 200
    assert "/door/v-" in page.content.decode()
    assert journey.station.get("/station/call/").status_code == 200

    journey.clock.move(minutes=15)
    live.end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=journey.now)

    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == ("concluded", "completed")
    assert LedgerEntry.objects.filter(visit=visit).count() == 1
    result = journey.phone.get(f"/visits/{visit.ref}/result/").content.decode()
    assert "Selesai" in result
    _everybody_tells_the_same(journey, visit)


def _everybody_tells_the_same(journey: Journey, visit: Visit) -> None:
    """Timeline, log and the office's page have the same story, and the log is unbroken."""
    codes = [line.code for line in timeline(visit)]
    story = [code for code in codes if code in {"booked", "arrived", "ready", "watched", "admitted", "ended"}]
    assert story == ["booked", "arrived", "ready", "arrived", "ready", "watched", "admitted", "ended"]
    logged = list(Entry.objects.order_by("number").values_list("code", flat=True))
    wanted = ["tie.apply", "tie.approve", "visit.hold", "visit.confirm", "station.paired", "attendance.get_ready"]
    wanted += ["call.prepare", "call.watch", "call.admit", "visit.conclude", "call.end"]
    assert [code for code in dict.fromkeys(logged) if code in wanted] == wanted
    journey.sign_in_staff(journey.office, "head")
    page = journey.office.get(f"/office/visits/{visit.ref}/")
    assert page.status_code == 200
    assert audit(["verify"]) == 0


def test_the_family_is_told_of_each_step(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    visitor = visit.people.get(is_host=True).visitor
    assert visitor is not None
    told = list(Notice.objects.filter(recipient=visitor.subject).order_by("pk").values_list("template", flat=True))
    assert told[:2] == ["tie_submitted", "tie_approved"]
    assert journey.phone.get("/inbox/").status_code == 200


def test_nobody_else_finds_the_visit(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    stranger = Client()
    stranger.post("/sign-in/", {"phone": journey.cast.outsider.phone, "pin": PIN})
    for path in ("check-in", "call", "result"):
        assert stranger.get(f"/visits/{visit.ref}/{path}/").status_code == 404
        assert Client().get(f"/visits/{visit.ref}/{path}/").status_code == 302
    elsewhere = Client()
    elsewhere.post("/staff/sign-in/", {"username": "desk.rutan", "password": "tiga-kuda-di-sawah"})
    assert elsewhere.get(f"/desk/day/{visit.ref}/").status_code == 404


def test_too_early_is_told_with_the_time(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    journey.go_to(visit, hours=2)
    page = journey.phone.get(f"/visits/{visit.ref}/check-in/")
    assert page.status_code == 200
    opens = visit.starts_at - timedelta(minutes=30)
    assert f"{opens + timedelta(hours=7):%H.%M} WIB" in page.content.decode()
