"""What a visitor sees on their own page, and cancelling."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import conclude
from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.actors import SYSTEM
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.builders import tie as any_tie
from besuk.testing.cast import Cast, new_inmate
from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16


@pytest.fixture
def phone(cast: Cast, client: Client, clock_at: FixedClock) -> Client:
    """Siti's telephone, signed in."""
    session = client.session
    session["visitor"] = cast.siti.pk
    session.save()
    return client


@pytest.fixture
def visit(cast: Cast, now: datetime) -> Visit:
    """Booked for tomorrow, 09.20 WIB."""
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=now + timedelta(days=1))


def home(phone: Client) -> str:
    return phone.get("/my-visits/").content.decode()


def test_it_greets_by_the_time_of_day_and_the_chosen_word(phone: Client, clock_at: FixedClock) -> None:
    assert "Selamat pagi, Ibu Siti Aminah" in home(phone)
    clock_at.move(hours=3)
    assert "Selamat siang, Ibu Siti Aminah" in home(phone)


def test_the_next_visit_says_day_time_zone_and_what_can_be_done(phone: Client, visit: Visit) -> None:
    page = home(phone)
    assert "Jumat, 4 Desember 2026" in page
    assert "09.20 WIB" in page
    assert "Ruang tunggu dibuka pukul 08.50 WIB" in page
    assert "Bisa dibatalkan tanpa mengurangi jatah sampai Jumat, 4 Desember 2026, 05.20 WIB" in page
    assert 'data-testid="check-in"' not in page


def test_half_an_hour_before_the_door_is_open(phone: Client, visit: Visit, clock_at: FixedClock) -> None:
    clock_at.move(hours=23, minutes=30)
    page = home(phone)
    assert 'data-testid="check-in"' in page
    assert "jatah minggu itu tetap terpakai" in page


def test_a_prison_in_another_zone_is_told_in_both(cast: Cast, phone: Client, now: datetime) -> None:
    booked_visit(approved_tie(cast.siti, cast.rutan.convicted), starts_at=now + timedelta(days=1))
    page = home(phone)
    assert "11.20 WIT" in page
    assert "09.20 WIB di tempat Anda" in page


@pytest.mark.parametrize(
    ("state", "words", "control"),
    [
        ("submitted", "Sedang diperiksa", None),
        ("needs_more", "Perlu dilengkapi", "complete"),
        ("refused", "Belum dapat disetujui", None),
        ("approved", "Disetujui", "book"),
        ("suspended", "Ditangguhkan", None),
    ],
)
def test_each_tie_stands_there_in_words_with_what_to_do(
    cast: Cast, phone: Client, state: str, words: str, control: str | None
) -> None:
    tie = any_tie(cast.siti, cast.lapas.convicted, state=state)
    Tie.objects.filter(pk=tie.pk).update(reasons=["clearer_id_photo"] if state == "needs_more" else [])
    page = home(phone)
    assert words in page
    assert f'data-state="{state}"' in page
    found = [name for name in ("book", "complete") if f'data-testid="{name}"' in page]
    assert found == ([control] if control else [])
    assert ("Foto KTP yang lebih jelas" in page) == (state == "needs_more")


def test_a_name_the_visitor_only_guessed_is_never_confirmed(cast: Cast, phone: Client) -> None:
    tie = any_tie(cast.siti, cast.lapas.convicted, state="submitted")
    Tie.objects.filter(pk=tie.pk).update(inmate_named="Suyatmo")
    page = home(phone)
    assert "Suyatmo" in page
    assert "Suyatno" not in page


def test_history_says_what_became_of_it_whose_fault_and_what_it_cost(phone: Client, visit: Visit) -> None:
    conclude(visit=visit, outcome="no_supervisor", actor=SYSTEM, now=visit.ends_at)
    page = home(phone)
    history = page[page.index(f'data-testid="past-{visit.ref}"') :]
    assert "Terganggu karena kami. Yang hilang kami ganti." in history
    assert "Jatah dikembalikan" in history


def test_an_absence_is_told_without_blame(phone: Client, visit: Visit) -> None:
    conclude(visit=visit, outcome="visitor_absent", actor=SYSTEM, now=visit.ends_at)
    page = home(phone)
    assert "Anda belum hadir sampai batas waktu · Dari pihak Anda" in page
    assert "Jatah terpakai" in page


def test_without_a_visit_the_page_offers_the_step_that_is_due(cast: Cast, phone: Client) -> None:
    assert 'data-testid="register"' in home(phone)
    waiting = any_tie(cast.siti, cast.lapas.inmates[1], state="submitted")
    page = home(phone)
    assert "Anda dapat memesan begitu petugas menyetujui" in page
    assert 'data-testid="register"' not in page
    approved = approved_tie(cast.siti, cast.lapas.convicted)
    assert f'href="/ties/{approved.ref}/book/"\n             data-testid="book-first"' in home(phone)
    assert waiting.state == "submitted"


def test_an_inmate_has_one_name_on_every_page_of_a_visit(cast: Cast, phone: Client, now: datetime) -> None:
    inmate = cast.lapas.convicted
    type(inmate).objects.filter(pk=inmate.pk).update(call_name="Yatno")
    tie = approved_tie(cast.siti, inmate)
    assert "Nama panggilan: Yatno" in home(phone)
    for address in (f"/ties/{tie.ref}/book/", f"/visits/{booked_visit(tie, starts_at=now).ref}/check-in/"):
        page = phone.get(address).content.decode()
        assert "<strong>Yatno</strong>" in page
        assert inmate.name not in page
    assert "dengan <strong>Yatno</strong>" in home(phone)


def test_news_are_on_the_page(phone: Client, visit: Visit) -> None:
    conclude(visit=visit, outcome="completed", actor=SYSTEM, now=visit.ends_at)
    assert "Hasil kunjungan video" in home(phone)


def test_cancelling_asks_once_and_says_what_it_costs(phone: Client, visit: Visit, clock_at: FixedClock) -> None:
    address = f"/visits/{visit.ref}/cancel/"
    assert 'data-testid="cost-none"' in phone.get(address).content.decode()
    clock_at.move(hours=21)
    assert 'data-testid="cost-unit"' in phone.get(address).content.decode()
    assert phone.post(address, {"key": "c"})["Location"] == "/my-visits/"
    visit.refresh_from_db()
    assert visit.state == "cancelled"
    page = home(phone)
    assert "Kunjungan Jumat, 4 Desember 2026, 09.20 WIB dibatalkan. Jatah minggu itu tetap terpakai." in page
    assert "Anda batalkan" in page
    assert "Jatah terpakai" in page


def test_cancelling_in_time_is_confirmed_with_the_turn_kept(phone: Client, visit: Visit) -> None:
    page = phone.post(f"/visits/{visit.ref}/cancel/", {"key": "c"}, follow=True).content.decode()
    assert "Kunjungan Jumat, 4 Desember 2026, 09.20 WIB dibatalkan. Jatah Anda tidak berkurang." in page


def test_a_missing_photo_is_told_beside_its_field(cast: Cast, phone: Client) -> None:
    tie = any_tie(cast.siti, cast.lapas.convicted, state="needs_more")
    sent = phone.post(f"/ties/{tie.ref}/complete/", {})
    page = sent.content.decode()
    assert sent.status_code == 400
    assert "Foto belum dipilih." in page[page.index('data-testid="photo-refused"') :]
    assert 'data-testid="refusals"' not in page
    assert "novalidate" in page


def test_a_visit_that_is_over_cannot_be_cancelled_any_more(phone: Client, visit: Visit, clock_at: FixedClock) -> None:
    clock_at.move(days=2)
    address = f"/visits/{visit.ref}/cancel/"
    page = phone.get(address).content.decode()
    assert 'data-testid="cannot-cancel"' in page
    assert 'data-testid="cancel-confirm"' not in page
    assert phone.post(address, {"key": "c"}).status_code == 409


def test_the_page_asks_the_database_as_little_for_many_ties_and_visits_as_for_one(
    cast: Cast, phone: Client, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        inmate = new_inmate(cast.lapas.facility, f"Warga {number}")
        one = booked_visit(approved_tie(cast.siti, inmate), starts_at=now + timedelta(days=1, hours=number))
        if number % 2:
            conclude(visit=one, outcome="completed", actor=SYSTEM, now=one.ends_at)
    with django_assert_max_num_queries(MOST_QUERIES):
        home(phone)
