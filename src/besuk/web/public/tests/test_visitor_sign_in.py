"""A visitor comes in with number and PIN, chooses only after a right PIN, and goes out."""

import re

import pytest
from django.test import Client

from besuk.ground.notices.actions import notify
from besuk.testing.cast import PIN, Cast
from besuk.testing.clock import THURSDAY, FixedClock

YOSINA, FAMILY = "0812 3456 7802", "0812 3456 7801"
pytestmark = pytest.mark.usefixtures("clock_at")


def sign_in(client: Client, phone: str = YOSINA, pin: str = PIN, **more: str) -> object:
    """Send the form."""
    return client.post("/sign-in/", {"phone": phone, "pin": pin, **more})


def test_the_right_pin_opens_my_visits(cast: Cast, client: Client) -> None:
    answer = client.post("/sign-in/", {"phone": YOSINA, "pin": PIN})
    assert answer["Location"] == "/my-visits/"
    assert client.get("/inbox/").status_code == 200


def test_one_comes_back_to_the_page_one_wanted(cast: Cast, client: Client) -> None:
    assert client.get("/inbox/")["Location"] == "/sign-in/?next=/inbox/"
    assert 'value="/inbox/"' in client.get("/sign-in/?next=/inbox/").content.decode()
    answer = client.post("/sign-in/", {"phone": YOSINA, "pin": PIN, "next": "/inbox/"})
    assert answer["Location"] == "/inbox/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(cast: Cast, client: Client, elsewhere: str) -> None:
    page = client.get("/sign-in/", {"next": elsewhere}).content.decode()
    assert f'name="next" value="{elsewhere}"' not in page
    answer = client.post("/sign-in/", {"phone": YOSINA, "pin": PIN, "next": elsewhere})
    assert answer["Location"] == "/my-visits/"


def test_the_session_gets_a_new_key(cast: Cast, client: Client) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_wrong_pin_and_unknown_number_get_the_same_page(cast: Cast, client: Client) -> None:
    pages = []
    for phone in (YOSINA, "0812 9999 9999"):
        answer = client.post("/sign-in/", {"phone": phone, "pin": "999999"})
        assert answer.status_code == 403
        assert "visitor" not in client.session
        changing = r'name="csrfmiddlewaretoken" value="\w+"'
        pages.append(re.sub(changing, "", answer.content.decode()).replace(phone, "NUMBER"))
    assert pages[0] == pages[1]
    assert "Nomor atau PIN tidak cocok." in pages[0]
    assert "loket pendaftaran" in pages[0]


def test_the_pin_is_never_sent_back(cast: Cast, client: Client) -> None:
    page = client.post("/sign-in/", {"phone": "0812 9999 9999", "pin": "739164"}).content.decode()
    assert "739164" not in page


def test_an_empty_form_is_told_beside_its_fields(cast: Cast, client: Client) -> None:
    answer = client.post("/sign-in/", {})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert page.count('class="error"') == 2
    assert "Nomor telepon belum diisi. Tulis seperti 0812 3456 7890." in page
    assert "PIN belum diisi. Ketik 6 angka." in page


def test_those_who_share_number_and_pin_choose_after_it(cast: Cast, client: Client) -> None:
    page = client.post("/sign-in/", {"phone": FAMILY, "pin": PIN}).content.decode()
    assert "Siti Aminah" in page
    assert "Budi" in page
    assert "visitor" not in client.session
    client.post("/sign-in/person/", {"person": cast.budi.ref})
    assert client.session["visitor"] == cast.budi.pk


def test_one_cannot_choose_somebody_whose_pin_was_not_given(cast: Cast, client: Client) -> None:
    assert client.post("/sign-in/person/", {"person": cast.siti.ref})["Location"] == "/sign-in/"
    client.post("/sign-in/", {"phone": FAMILY, "pin": PIN})
    client.post("/sign-in/person/", {"person": cast.yosina.ref})
    assert "visitor" not in client.session


def test_the_choice_must_be_made_soon(cast: Cast, client: Client, clock_at: FixedClock) -> None:
    client.post("/sign-in/", {"phone": FAMILY, "pin": PIN})
    clock_at.move(minutes=3)
    client.post("/sign-in/person/", {"person": cast.budi.ref})
    assert "visitor" not in client.session


def test_signing_out_ends_it(cast: Cast, client: Client) -> None:
    sign_in(client)
    client.post("/sign-out/")
    assert client.get("/inbox/").status_code == 302


def test_the_persons_language_comes_along_and_is_kept(cast: Cast, client: Client) -> None:
    sign_in(client)
    client.post("/language/", {"language": "en", "next": "/inbox/"})
    cast.yosina.refresh_from_db()
    assert cast.yosina.language == "en"
    other = Client()
    answer = other.post("/sign-in/", {"phone": YOSINA, "pin": PIN})
    assert answer.cookies["besuk_language"].value == "en"


def test_the_inbox_tells_and_then_it_is_read(cast: Cast, client: Client) -> None:
    notify(
        facility_id=cast.rutan.facility.pk,
        recipient_subject=cast.yosina.subject,
        template="tie_approved",
        values={"inmate": "Yosep"},
        now=THURSDAY,
    )
    sign_in(client)
    first, second = (client.get("/inbox/").content.decode() for _ in range(2))
    assert "Hubungan Anda disetujui" in first
    assert ">baru<" in first
    assert ">baru<" not in second
