"""The five pages of registration: kept, corrected, refused beside the field, sent once."""

import io

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from besuk.flow.approvals.models import Document, Tie
from besuk.ground.accounts.models import Visitor
from besuk.testing.cast import PIN, Cast
from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.django_db
NIK = "9971015507850001"
PERSON = {"name": "Sumarni", "honorific": "ibu", "nik": NIK}


def card(size: tuple[int, int] = (800, 500)) -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", size, (20, 90, 60)).save(stream, "JPEG")
    return SimpleUploadedFile("ktp.jpg", stream.getvalue(), "image/jpeg")


def answer(client: Client, cast: Cast, until: int = 4) -> None:
    """Answer the first pages."""
    wish = {"facility": cast.lapas.facility.code, "inmate_named": "Suyatno", "inmate_hint": "bin Karto"}
    answers = ({"phone": "0812 3456 7000"}, PERSON, wish, {"relation": "spouse"})
    for step, said in enumerate(answers[:until], 1):
        assert client.post(f"/register/{step}/", said).status_code == 302


def last(**other: object) -> dict[str, object]:
    return {"pin": "730416", "consent": "on", "key": "k1", "photo": card(), **other}


def test_nobody_jumps_ahead(client: Client, cast: Cast) -> None:
    assert client.get("/register/5/")["Location"] == "/register/1/"
    answer(client, cast, until=2)
    assert client.get("/register/5/")["Location"] == "/register/3/"
    assert client.get("/register/0/")["Location"] == "/register/3/"


def test_answers_are_kept_sealed_and_shown_again(client: Client, cast: Cast) -> None:
    answer(client, cast, until=2)
    assert 'value="Sumarni"' in client.get("/register/2/").content.decode()
    stored = Session.objects.get()
    assert NIK not in str(stored.get_decoded())
    assert NIK not in stored.session_data


def test_the_last_page_shows_everything_and_one_answer_is_corrected_without_the_others(
    client: Client, cast: Cast
) -> None:
    answer(client, cast)
    page = client.get("/register/5/").content.decode()
    for said in ("0812 3456 7000", "Sumarni", NIK, "Suyatno", cast.lapas.facility.name, "Suami/istri"):
        assert said in page
    assert 'data-testid="change-2"' in page
    assert client.post("/register/2/", {**PERSON, "name": "Sumarni Wati"})["Location"] == "/register/5/"
    assert "Sumarni Wati" in client.get("/register/5/").content.decode()


@pytest.mark.parametrize(
    ("other", "field", "words"),
    [
        ({"photo": ""}, "photo-refused", "Foto belum dipilih"),
        ({"photo": SimpleUploadedFile("x.jpg", b"rubbish")}, "photo-refused", "tidak dapat dibuka sebagai foto"),
        ({"photo": card((90, 60))}, "photo-refused", "terlalu kecil untuk dibaca"),
        ({"pin": "123456"}, "field-pin", "tidak mudah ditebak"),
        ({"consent": ""}, "field-consent", "Beri tanda setuju"),
    ],
    ids=["no photo", "no picture", "a tiny photo", "an easy PIN", "no consent"],
)
def test_what_is_wrong_on_the_last_page_is_told_and_nothing_is_kept(
    client: Client, cast: Cast, other: dict[str, object], field: str, words: str
) -> None:
    answer(client, cast)
    before = Visitor.objects.count()
    page = client.post("/register/5/", last(**other))
    assert page.status_code == 400
    _, _, after = page.content.decode().partition(f'data-testid="{field}"')
    assert words in after
    assert (Visitor.objects.count(), Tie.objects.count()) == (before, 0)
    assert client.post("/register/5/", last())["Location"] == "/my-visits/"


def test_an_upload_beyond_the_limit_is_told_in_megabytes(client: Client, cast: Cast) -> None:
    answer(client, cast)
    big = SimpleUploadedFile("ktp.jpg", bytes(16 * 1024 * 1024), "image/jpeg")
    page = client.post("/register/5/", last(photo=big))
    assert page.status_code == 413
    assert "Pilih foto di bawah 15 MB." in page.content.decode()


def test_a_double_click_opens_one_account_though_its_session_is_gone(cast: Cast, clock_at: FixedClock) -> None:
    """The first answer signs in under a new session; the browser, which let go of it, still has the old one."""
    phone = Client()
    answer(phone, cast)
    old = phone.cookies["besuk_session"].value
    draft = phone.get("/register/5/").context["draft"]
    assert phone.post("/register/5/", last(draft=draft))["Location"] == "/my-visits/"
    second = Client()
    second.cookies["besuk_session"] = old
    assert second.post("/register/5/", last(draft=draft))["Location"] == "/my-visits/"
    assert (Visitor.objects.filter(name="Sumarni").count(), Tie.objects.count(), Document.objects.count()) == (1, 1, 1)
    assert second.get("/my-visits/").status_code == 200


def test_a_draft_of_ones_own_making_is_no_draft(client: Client, cast: Cast) -> None:
    for made_up in ("00", "zz", "7b7d", "a" * 400):
        assert client.post("/register/5/", last(draft=made_up))["Location"] == "/register/1/"


def test_somebody_with_an_account_asks_for_another_in_three_steps(
    client: Client, cast: Cast, clock_at: FixedClock
) -> None:
    client.post("/sign-in/", {"phone": cast.yosina.phone, "pin": PIN})
    wish = {"facility": cast.lapas.facility.code, "inmate_named": "Togar", "inmate_hint": ""}
    assert "Langkah 1 dari 3" in client.get("/register/").content.decode()
    client.post("/register/1/", wish)
    client.post("/register/2/", {"relation": "sibling"})
    sent = client.post("/register/3/", {"consent": "on", "key": "k", "photo": card()})
    assert sent["Location"] == "/my-visits/"
    assert Tie.objects.get().visitor == cast.yosina


def test_the_prison_whose_page_one_came_from_is_chosen_when_its_question_comes(client: Client, cast: Cast) -> None:
    code = cast.rutan.facility.code
    assert client.get(f"/register/?facility={code}").status_code == 200
    answer(client, cast, until=2)
    assert f'<option value="{code}" selected>' in client.get("/register/3/").content.decode()
    assert f'<option value="{code}" selected>' in client.get("/register/3/?facility=nowhere").content.decode()
    wish = {"facility": cast.lapas.facility.code, "inmate_named": "Suyatno", "inmate_hint": ""}
    assert client.post("/register/3/", wish)["Location"] == "/register/4/"
    kept = client.get("/register/3/").content.decode()
    assert f'<option value="{cast.lapas.facility.code}" selected>' in kept


def test_somebody_with_an_account_comes_with_a_prison_chosen_too(
    client: Client, cast: Cast, clock_at: FixedClock
) -> None:
    client.post("/sign-in/", {"phone": cast.yosina.phone, "pin": PIN})
    code = cast.rutan.facility.code
    page = client.get(f"/register/?facility={code}").content.decode()
    assert f'<option value="{code}" selected>' in page
    assert 'href="/my-visits/" data-testid="back"' in page


def test_no_prison_is_chosen_for_one_who_came_from_none(client: Client, cast: Cast) -> None:
    answer(client, cast, until=2)
    page = client.get("/register/3/").content.decode()
    assert '<option value="" selected>Pilih…</option>' in page
    sent = client.post("/register/3/", {"facility": "", "inmate_named": "Suyatno"})
    assert sent.status_code == 400
    assert "Lapas atau rutan belum dipilih." in sent.content.decode()


def test_after_a_refused_photo_only_the_photo_is_chosen_again(client: Client, cast: Cast) -> None:
    answer(client, cast)
    refused = client.post("/register/5/", last(photo=SimpleUploadedFile("x.jpg", b"rubbish")))
    page = refused.content.decode()
    assert "730416" not in page
    assert "PIN yang tadi Anda ketik masih dipakai." in page
    assert "Pilih fotonya sekali lagi" not in page
    sent = client.post("/register/5/", last(pin="", kept=refused.context["kept"]))
    assert sent["Location"] == "/my-visits/"
    client.cookies.clear()
    assert client.post("/sign-in/", {"phone": "0812 3456 7000", "pin": "730416"})["Location"] == "/my-visits/"


def test_photo_and_pin_are_told_at_once(client: Client, cast: Cast) -> None:
    answer(client, cast)
    page = client.post("/register/5/", last(pin="123456", photo="")).content.decode()
    assert "Foto belum dipilih." in page
    assert "tidak mudah ditebak" in page
    assert "Pilih fotonya sekali lagi" not in page
    assert 'name="kept"' not in page


def test_a_good_photo_beside_a_bad_pin_is_asked_for_again(client: Client, cast: Cast) -> None:
    answer(client, cast)
    assert "Pilih fotonya sekali lagi" in client.post("/register/5/", last(pin="123456")).content.decode()


def test_a_kept_pin_of_ones_own_making_is_no_pin(client: Client, cast: Cast) -> None:
    answer(client, cast)
    assert "PIN belum diisi." in client.post("/register/5/", last(pin="", kept="730416")).content.decode()


def test_what_was_sent_is_confirmed(client: Client, cast: Cast, clock_at: FixedClock) -> None:
    answer(client, cast)
    assert "Permohonan Anda sudah terkirim." in client.post("/register/5/", last(), follow=True).content.decode()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (1, "Nomor telepon belum diisi."),
        (2, "NIK belum diisi."),
        (3, "Nama warga binaan belum diisi."),
        (4, "Hubungan belum dipilih."),
    ],
)
def test_an_empty_field_says_what_to_do(client: Client, cast: Cast, step: int, words: str) -> None:
    answer(client, cast, until=step - 1)
    page = client.post(f"/register/{step}/", {}).content.decode()
    assert words in page
    assert "tidak boleh kosong" not in page
