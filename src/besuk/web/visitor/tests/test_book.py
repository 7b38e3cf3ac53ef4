"""The booking pages: days, slots, reasons, the hold and its end."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import Visit
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.timetable.models import SessionTemplate
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast
from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25
FRIDAY = datetime.fromisoformat("2026-12-04T01:30:00+00:00")
"""08.30 WIB, the first slot of the day after the cast's."""


@pytest.fixture
def tie(cast: Cast) -> Tie:
    return approved_tie(cast.siti, cast.lapas.convicted)


@pytest.fixture
def phone(cast: Cast, client: Client, clock_at: FixedClock) -> Client:
    """Siti's telephone, signed in."""
    session = client.session
    session["visitor"] = cast.siti.pk
    session.save()
    return client


def page_of(phone: Client, tie: Tie, query: str = "") -> str:
    return phone.get(f"/ties/{tie.ref}/book/{query}").content.decode()


def held(phone: Client, tie: Tie) -> Visit:
    station = tie.facility.stations.order_by("number")[0]
    sent = phone.post(
        f"/ties/{tie.ref}/book/", {"station": str(station.pk), "starts_at": FRIDAY.isoformat(), "key": "h"}
    )
    assert sent.status_code == 302
    return Visit.objects.get(state="held")


def test_the_first_free_day_is_open_and_others_are_a_tap_away(phone: Client, tie: Tie) -> None:
    page = page_of(phone, tie)
    assert '<h2 id="times">Jumat, 4 Desember 2026</h2>' in page
    assert page.count('data-testid="hold"') == 25
    assert "Sisa jatah minggu itu: <strong>1 kali</strong>" in page
    monday = page_of(phone, tie, "?day=2026-12-07")
    assert '<h2 id="times">Senin, 7 Desember 2026</h2>' in monday
    for nonsense in ("?day=2030-01-01", "?day=2026-13-45", "?day=x"):
        assert '<h2 id="times">Jumat, 4 Desember 2026</h2>' in page_of(phone, tie, nonsense)


def test_a_taken_slot_says_full_and_where_the_nearest_free_one_is(phone: Client, tie: Tie, cast: Cast) -> None:
    booked_visit(approved_tie(cast.budi, cast.lapas.inmates[1]), starts_at=FRIDAY)
    page = page_of(phone, tie)
    row = page[page.index('data-testid="slot-taken"') :][:600]
    assert "08.30 WIB" in row
    assert "Penuh" in row
    assert "ada di 08.35 WIB" in row


def test_a_reason_for_the_whole_day_is_told_once(phone: Client, tie: Tie) -> None:
    booked_visit(tie, starts_at=FRIDAY)
    page = page_of(phone, tie, "?day=2026-12-05")
    assert page.count("Jatah kunjungan warga binaan ini untuk minggu itu sudah terpakai.") == 1
    assert 'data-testid="hold"' not in page
    assert "<strong>0 kali</strong>" in page


def test_the_day_is_told_by_its_parts_and_the_first_with_a_free_start_is_open(phone: Client, tie: Tie) -> None:
    parts = phone.get(f"/ties/{tie.ref}/book/").context["choice"].parts
    assert [(part.name, part.is_open) for part in parts] == [("Pagi", True), ("Siang", False)]
    assert sum(part.free for part in parts) == sum(len(part.times) for part in parts) == 25
    often = {"visits_per_inmate_a_week": 5, "visits_per_tie_a_week": 5}
    FacilityPolicy.objects.create(facility=tie.facility, values=often)
    booked_visit(tie, starts_at=FRIDAY, minutes=120)
    page = phone.get(f"/ties/{tie.ref}/book/")
    assert [(part.free > 0, part.is_open) for part in page.context["choice"].parts] == [(False, False), (True, True)]
    assert page.content.decode().count("<details") == 2
    assert len(re.findall(r"<details[^>]*\sopen>", page.content.decode())) == 1


def test_a_part_with_very_many_starts_is_told_by_the_hour(phone: Client, tie: Tie) -> None:
    SessionTemplate.objects.filter(facility=tie.facility).update(starts=time(6), ends=time(10), stagger_minutes=5)
    parts = phone.get(f"/ties/{tie.ref}/book/").context["choice"].parts
    assert [part.name for part in parts] == [f"Pagi {hour:02}.00" for hour in range(6, 10)]
    assert [part.is_open for part in parts] == [True, False, False, False]
    assert max(len(part.times) for part in parts) <= 12


def test_a_day_of_the_strip_is_named_by_what_is_seen_first(phone: Client, tie: Tie) -> None:
    page = page_of(phone, tie)
    day = page[page.index('data-testid="day-2026-12-04"') :][:400]
    assert "aria-label" not in day
    assert re.search(r'>Jum <b>4</b><span class="visually-hidden"> Desember, \d+ waktu bebas</span></a>', day)


def test_a_private_reason_is_not_told(phone: Client, tie: Tie, cast: Cast) -> None:
    type(cast.lapas.convicted).objects.filter(pk=cast.lapas.convicted.pk).update(place="away")
    page = page_of(phone, tie)
    assert "Tidak tersedia." in page
    assert "tidak berada di sini" not in page


def test_a_slot_lost_to_somebody_else_leaves_one_on_the_same_day(phone: Client, tie: Tie, cast: Cast) -> None:
    booked_visit(approved_tie(cast.budi, cast.lapas.inmates[1]), starts_at=FRIDAY)
    station = cast.lapas.stations[0]
    sent = phone.post(
        f"/ties/{tie.ref}/book/",
        {"station": str(station.pk), "starts_at": FRIDAY.isoformat(), "key": "h", "day": "2026-12-04"},
    )
    assert sent.status_code == 409
    page = sent.content.decode()
    assert 'data-code="SLOT_TAKEN"' in page
    assert '<h2 id="times">Jumat, 4 Desember 2026</h2>' in page


@pytest.mark.parametrize(
    "nonsense",
    [
        {"station": "x", "starts_at": FRIDAY.isoformat()},
        {"station": "²", "starts_at": FRIDAY.isoformat()},
        {"station": "9" * 40, "starts_at": FRIDAY.isoformat()},
        {"station": "1", "starts_at": "tomorrow"},
        {"station": "1", "starts_at": "2026-12-04T08:30"},
        {"station": "1", "starts_at": "2026-13-44T08:30Z"},
        {},
    ],
)
def test_a_slot_of_ones_own_making_does_not_exist(phone: Client, tie: Tie, nonsense: dict[str, str]) -> None:
    sent = phone.post(f"/ties/{tie.ref}/book/", {**nonsense, "key": "h"})
    assert sent.status_code == 404
    assert 'data-code="SLOT_UNKNOWN"' in sent.content.decode()


def test_a_hold_counts_down_in_words_and_can_be_finished_later(phone: Client, tie: Tie, clock_at: FixedClock) -> None:
    visit = held(phone, tie)
    clock_at.move(minutes=7)
    page = phone.get(f"/visits/{visit.ref}/confirm/").content.decode()
    assert "Sisa 3 menit" in page
    assert 'data-seconds="180"' in page
    home = phone.get("/my-visits/").content.decode()
    assert 'data-testid="finish-booking"' in home


def test_after_ten_minutes_the_way_back_to_the_slots_is_shown(phone: Client, tie: Tie, clock_at: FixedClock) -> None:
    visit = held(phone, tie)
    clock_at.move(minutes=10)
    for answer in (
        phone.get(f"/visits/{visit.ref}/confirm/"),
        phone.post(f"/visits/{visit.ref}/confirm/", {"key": "c", "rules": "on"}),
    ):
        page = answer.content.decode()
        assert 'data-code="HOLD_EXPIRED"' in page
        assert 'data-testid="book-again"' in page
        assert 'data-testid="confirm"' not in page
    assert 'data-testid="finish-booking"' not in phone.get("/my-visits/").content.decode()


def test_what_was_filled_in_survives_a_refusal(phone: Client, tie: Tie) -> None:
    visit = held(phone, tie)
    filled = {"key": "c", "name_1": "Adi", "child_1": "on", "name_2": "Rini"}
    sent = phone.post(f"/visits/{visit.ref}/confirm/", filled)
    assert sent.status_code == 400
    page = sent.content.decode()
    assert 'data-code="RULES_NOT_ACCEPTED"' in page
    assert re.search(r'value="Adi"', page)
    assert re.search(r'name="child_1"\s+checked', page)
    assert not re.search(r'name="child_2"\s+checked', page)


def test_there_is_room_for_as_many_as_policy_allows(phone: Client, tie: Tie) -> None:
    FacilityPolicy.objects.create(facility=tie.facility, values={"most_people": 2, "most_adults": 2})
    visit = held(phone, tie)
    page = phone.get(f"/visits/{visit.ref}/confirm/").content.decode()
    assert page.count('data-testid="companion-') == 1
    phone.post(f"/visits/{visit.ref}/confirm/", {"key": "c", "rules": "on", "name_1": "Adi", "name_2": "Rini"})
    assert sorted(visit.people.values_list("name", flat=True)) == ["Adi", "Siti Aminah"]


def test_a_booking_is_confirmed_with_day_time_and_name(phone: Client, tie: Tie) -> None:
    visit = held(phone, tie)
    page = phone.post(f"/visits/{visit.ref}/confirm/", {"key": "c", "rules": "on"}, follow=True).content.decode()
    told = page[page.index('data-testid="messages"') :][:300]
    assert f"Kunjungan sudah dipesan: Jumat, 4 Desember 2026, 08.30 WIB, dengan {visit.inmate.call_name}." in told


def test_a_held_slot_is_given_back(phone: Client, tie: Tie) -> None:
    visit = held(phone, tie)
    assert phone.post(f"/visits/{visit.ref}/confirm/", {"let_go": "1"})["Location"] == "/my-visits/"
    assert "Waktu itu sudah dilepas." in phone.get("/my-visits/").content.decode()
    visit.refresh_from_db()
    assert visit.state == "cancelled"


def test_somebody_elses_tie_and_hold_do_not_exist(phone: Client, tie: Tie, cast: Cast) -> None:
    visit = held(phone, tie)
    session = phone.session
    session["visitor"] = cast.outsider.pk
    session.save()
    assert phone.get(f"/ties/{tie.ref}/book/").status_code == 404
    assert phone.get(f"/visits/{visit.ref}/confirm/").status_code == 404
    assert phone.post(f"/visits/{visit.ref}/confirm/", {"let_go": "1"}).status_code == 404


def test_the_page_asks_the_database_a_few_things_however_full_it_is(
    phone: Client, tie: Tie, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    other = approved_tie(cast.budi, cast.lapas.inmates[1])
    for n in range(5):
        booked_visit(other, starts_at=FRIDAY + timedelta(minutes=20 * n))
    with django_assert_max_num_queries(MOST_QUERIES):
        phone.get(f"/ties/{tie.ref}/book/")
