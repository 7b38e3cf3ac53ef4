"""A stranger registers, is vetted, books, and cancels: every page on the way, through HTTP."""

import io
import re

import pytest
from django.test import Client
from PIL import Image

from besuk.flow.approvals.models import Document, Tie
from besuk.flow.bookings.models import Visit
from besuk.testing.cast import Cast
from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.django_db
ANSWERS = (
    {"phone": "0812 3456 7000"},
    {"name": "Wahyuni", "honorific": "ibu", "nik": "9971014501900001"},
    {"inmate_hint": ""},
    {"relation": "spouse"},
)


def photo() -> io.BytesIO:
    """Something a camera could have made."""
    stream = io.BytesIO()
    Image.effect_noise((800, 500), 60).convert("RGB").save(stream, "JPEG")
    stream.seek(0)
    stream.name = "ktp.jpg"
    return stream


def register(client: Client, cast: Cast) -> None:
    for step, answer in enumerate(ANSWERS, start=1):
        given = dict(answer)
        if step == 3:
            given |= {"facility": cast.lapas.facility.code, "inmate_named": cast.lapas.convicted.name}
        assert client.post(f"/register/{step}/", given).status_code == 302
    last = {"pin": "481526", "consent": "on", "key": "abc"}
    without = client.post("/register/5/", last)
    assert without.status_code == 400
    assert "Foto belum dipilih" in without.content.decode()
    assert client.post("/register/5/", {**last, "photo": photo()}).status_code == 302


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.lapas.staff["desk"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_stranger_gets_as_far_as_a_booked_visit_and_cancels_it(
    cast: Cast, client: Client, desk: Client, clock_at: FixedClock
) -> None:
    register(client, cast)
    assert "Sedang diperiksa" in client.get("/my-visits/").content.decode()
    tie = Tie.objects.get(visitor__name="Wahyuni")
    approve(desk, tie, cast)
    page = client.get(f"/ties/{tie.ref}/book/").content.decode()
    slot = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[0] for name in ("station", "starts_at")}
    held = client.post(f"/ties/{tie.ref}/book/", {**slot, "key": "h"})
    assert client.get(held["location"]).status_code == 200
    assert client.post(held["location"], {"key": "z"}).status_code == 400
    people = {"key": "z", "rules": "on", "name_1": "Adi", "child_1": "on"}
    assert client.post(held["location"], people).status_code == 302
    visit = Visit.objects.get()
    assert visit.state == "booked"
    assert "Terjadwal" in client.get("/my-visits/").content.decode()
    assert client.get(f"/visits/{visit.ref}/cancel/").status_code == 200
    assert client.post(f"/visits/{visit.ref}/cancel/", {"key": "q"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == ("cancelled", "cancelled_by_visitor")


def approve(desk: Client, tie: Tie, cast: Cast) -> None:
    """The officer looks at the queue, the form and the paper, forgets a reason, and approves."""
    assert "Wahyuni" in desk.get("/desk/vetting/").content.decode()
    assert desk.get(f"/desk/vetting/{tie.ref}/").status_code == 200
    paper = desk.get(f"/desk/documents/{Document.objects.get().ref}/")
    assert (paper.status_code, paper["content-type"]) == (200, "image/jpeg")
    assert "no-store" in paper["cache-control"]
    assert desk.post(f"/desk/vetting/{tie.ref}/", {"act": "refuse", "key": "x"}).status_code == 400
    yes = {"act": "approve", "inmate": cast.lapas.convicted.ref, "key": "y"}
    assert desk.post(f"/desk/vetting/{tie.ref}/", yes).status_code == 302


def test_a_lawyer_is_told_plainly_that_it_cannot_be_done_yet(cast: Cast, client: Client, clock_at: FixedClock) -> None:
    for step, answer in enumerate(ANSWERS[:2], start=1):
        client.post(f"/register/{step}/", answer)
    client.post("/register/3/", {"facility": cast.lapas.facility.code, "inmate_named": "Siapa Saja"})
    page = client.post("/register/4/", {"relation": "lawyer"})
    assert page.status_code == 400
    assert "Pembicaraan rahasia belum dapat dijamin" in page.content.decode()


def test_a_wrong_nik_and_a_wrong_phone_are_told_beside_the_field(cast: Cast, client: Client) -> None:
    assert "Nomor telepon ini tidak benar" in client.post("/register/1/", {"phone": "12"}).content.decode()
    client.post("/register/1/", {"phone": "0812 3456 7000"})
    page = client.post("/register/2/", {"name": "Wahyuni", "honorific": "ibu", "nik": "123"})
    assert "NIK harus 16 angka" in page.content.decode()
    page = client.post("/register/2/", {"name": "Wahyuni", "honorific": "ibu", "nik": "9971013207850001"})
    assert "Bandingkan lagi setiap angkanya dengan KTP Anda." in page.content.decode()


def test_somebody_elses_tie_visit_and_paper_do_not_exist(cast: Cast, client: Client, clock_at: FixedClock) -> None:
    register(client, cast)
    tie = Tie.objects.get(visitor__name="Wahyuni")
    rutan = Client()
    rutan.force_login(cast.rutan.staff["desk"], backend="django.contrib.auth.backends.ModelBackend")
    assert rutan.get(f"/desk/vetting/{tie.ref}/").status_code == 404
    assert rutan.get(f"/desk/documents/{Document.objects.get().ref}/").status_code == 404
