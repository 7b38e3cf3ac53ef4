"""Staff come in by password and second factor, switch on an office PC, and go out; all of it is noted."""

import re
from typing import Any

import pytest
from django.test import Client

from besuk.ground.accounts.tests.test_second_factor import app
from besuk.ground.audit.models import Entry
from besuk.testing.cast import PASSWORD, PIN, Cast
from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.usefixtures("clock_at")
DESK = {"username": "desk.lapas", "password": PASSWORD}


def notes() -> list[tuple[str, object]]:
    """What stands in the log, in order."""
    return [(entry.code, entry.data.get("how")) for entry in Entry.objects.order_by("pk")]


def is_in(client: Client) -> bool:
    """Whether staff pages open."""
    return client.get("/staff/inbox/").status_code == 200


def enrol(client: Client, clock_at: FixedClock) -> tuple[str, str]:
    """Go through enrolment; returns the QR address and the page of recovery codes."""
    page = client.get("/staff/second-factor/new/").content.decode()
    found = re.search(r'factor-secret">([A-Z2-7 =]+)<', page)
    assert found
    address = f"otpauth://totp/x?secret={found[1].replace(' ', '')}"
    answer = client.post("/staff/second-factor/new/", {"code": app(address, clock_at.now())})
    return address, answer.content.decode()


def test_a_password_is_enough_in_demo_and_test(cast: Cast, client: Client) -> None:
    assert client.post("/staff/sign-in/", DESK)["Location"] == "/desk/vetting/"
    assert is_in(client)
    assert notes() == [("staff.signed_in", "password")]


@pytest.mark.parametrize(
    ("username", "home"),
    [
        ("supervisor.lapas", "/wall/"), ("head.lapas", "/office/board/"), ("regional", "/office/board/"),
        ("inspector", "/office/audit/"), ("administrator", "/staff/inbox/"),
    ],
)  # fmt: skip
def test_each_begins_where_their_work_is(cast: Cast, client: Client, username: str, home: str) -> None:
    assert client.post("/staff/sign-in/", {"username": username, "password": PASSWORD})["Location"] == home


def test_a_wrong_password_opens_nothing_and_is_noted(cast: Cast, client: Client) -> None:
    answer = client.post("/staff/sign-in/", {**DESK, "password": "wrong"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "wrong" not in page
    assert "Nama pengguna atau kata sandi tidak cocok." in page
    assert "PIN" not in page
    assert not is_in(client)
    assert notes() == [("staff.sign_in_failed", "password")]


def test_where_it_is_required_nobody_comes_in_without_a_second_factor(
    cast: Cast, client: Client, settings: Any, clock_at: FixedClock
) -> None:
    settings.BESUK_SECOND_FACTOR = "required"
    assert client.post("/staff/sign-in/?next=/desk/day/", DESK)["Location"] == "/staff/second-factor/new/"
    assert not is_in(client)
    _, page = enrol(client, clock_at)
    assert page.count("<code>") == 10
    assert 'href="/desk/day/"' in page
    assert is_in(client)


def test_who_has_one_is_always_asked(cast: Cast, client: Client, clock_at: FixedClock) -> None:
    client.post("/staff/sign-in/", DESK)
    address, _ = enrol(client, clock_at)
    client.post("/staff/sign-out/")
    clock_at.move(minutes=5)
    assert client.post("/staff/sign-in/", DESK)["Location"] == "/staff/second-factor/"
    assert not is_in(client)
    wrong = client.post("/staff/second-factor/", {"code": "000000"})
    assert wrong.status_code == 403
    assert not is_in(client)
    client.post("/staff/second-factor/", {"code": app(address, clock_at.now())})
    assert is_in(client)
    assert notes()[-2:] == [("staff.sign_in_failed", "second_factor"), ("staff.signed_in", "totp")]


def test_the_second_step_must_follow_soon(cast: Cast, client: Client, clock_at: FixedClock) -> None:
    client.post("/staff/sign-in/", DESK)
    address, _ = enrol(client, clock_at)
    client.post("/staff/sign-out/")
    client.post("/staff/sign-in/", DESK)
    clock_at.move(minutes=6)
    answer = client.post("/staff/second-factor/", {"code": app(address, clock_at.now())})
    assert answer["Location"] == "/staff/sign-in/"
    assert not is_in(client)


@pytest.mark.parametrize("step", ["/staff/second-factor/", "/staff/second-factor/new/"])
def test_the_second_step_alone_opens_nothing(cast: Cast, client: Client, step: str) -> None:
    assert client.get(step)["Location"] == "/staff/sign-in/"
    assert client.post(step, {"code": "000000"})["Location"] == "/staff/sign-in/"


def test_the_session_gets_a_new_key_at_each_step(cast: Cast, client: Client, settings: Any) -> None:
    settings.BESUK_SECOND_FACTOR = "required"
    session = client.session
    session["planted"] = True
    session.save()
    keys = [session.session_key]
    client.post("/staff/sign-in/", DESK)
    keys.append(client.session.session_key)
    assert len(set(keys)) == 2


def test_a_changed_password_ends_every_session(cast: Cast, client: Client) -> None:
    client.post("/staff/sign-in/", DESK)
    desk = cast.lapas.staff["desk"]
    desk.set_password("another-long-password")
    desk.save()
    assert not is_in(client)


def test_a_closed_account_ends_every_session(cast: Cast, client: Client) -> None:
    client.post("/staff/sign-in/", DESK)
    type(cast.lapas.staff["desk"]).objects.update(is_active=False)
    assert not is_in(client)


def test_going_out_is_noted_and_leaves_the_visitor_in(cast: Cast, client: Client) -> None:
    client.post("/sign-in/", {"phone": "0812 3456 7802", "pin": PIN})
    client.post("/staff/sign-in/", DESK)
    client.post("/staff/sign-out/")
    assert not is_in(client)
    assert client.get("/inbox/").status_code == 200
    assert notes() == [("staff.signed_in", "password"), ("staff.signed_out", None)]


def pair(client: Client) -> None:
    """Make this browser an office PC and leave."""
    client.post("/staff/sign-in/", DESK)
    client.post("/staff/computer/", {"name": "Loket 1"})
    client.post("/staff/sign-out/")


def test_on_a_paired_pc_officers_switch_by_code_and_pin(cast: Cast, client: Client) -> None:
    pair(client)
    cookie = client.cookies["besuk_office"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert 'data-testid="switch-staff"' in client.get("/staff/sign-in/").content.decode()
    supervisor = cast.lapas.staff["supervisor"]
    assert client.post("/staff/switch/", {"code": supervisor.code, "pin": PIN})["Location"] == "/wall/"
    assert client.session["_auth_user_id"] == str(supervisor.pk)
    assert notes()[-1] == ("staff.signed_in", "pin")


def test_switching_replaces_the_officer_and_the_session_key(cast: Cast, client: Client) -> None:
    pair(client)
    client.post("/staff/switch/", {"code": cast.lapas.staff["desk"].code, "pin": PIN})
    before = client.session.session_key
    client.post("/staff/switch/", {"code": cast.lapas.staff["head"].code, "pin": PIN})
    assert client.session["_auth_user_id"] == str(cast.lapas.staff["head"].pk)
    assert client.session.session_key != before


def test_a_wrong_pin_keeps_everybody_out(cast: Cast, client: Client) -> None:
    pair(client)
    answer = client.post("/staff/switch/", {"code": cast.lapas.staff["desk"].code, "pin": "999999"})
    assert answer.status_code == 403
    assert not is_in(client)


def test_on_another_pc_a_pin_is_worth_nothing(cast: Cast, client: Client) -> None:
    answer = client.post("/staff/switch/", {"code": cast.lapas.staff["desk"].code, "pin": PIN})
    assert answer.status_code == 403
    assert not is_in(client)


def test_an_officer_sets_a_pin(cast: Cast, client: Client) -> None:
    client.post("/staff/sign-in/", DESK)
    for pin, again, status in (("732915", "732916", 400), ("111111", "111111", 400), ("732915", "732915", 302)):
        assert client.post("/staff/pin/", {"pin": pin, "again": again}).status_code == status
    assert notes()[-1] == ("staff.pin_set", None)
