"""Whatever went wrong, the page says so and leads where this person can go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from django.test import RequestFactory

    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


def language_next(html: str) -> str:
    return html.split('name="next" value="')[1].split('"', maxsplit=1)[0]


@pytest.mark.parametrize("path", ["/sign-out/", "/language/", "/staff/sign-out/", "/office/audit/verify/"])
def test_an_address_for_forms_opened_as_a_page_is_told_in_words(client: Client, path: str) -> None:
    answer = client.get(path)
    html = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Halaman ini tidak dapat dibuka dengan cara itu." in html
    assert language_next(html) == "/"


def test_scripts_read_the_405_as_json(client: Client) -> None:
    answer = client.get("/language/", headers={"Accept": "application/json"})
    assert answer.json()["refusals"][0]["code"] == "HTTP_405"


def test_the_language_of_the_pairing_code_leads_to_the_day(cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
    client = browse_as(cast.lapas.staff["desk"])
    html = client.post(f"/desk/stations/{cast.lapas.stations[0].ref}/pair/").content.decode()
    assert language_next(html) == "/desk/day/"


@pytest.mark.parametrize(
    ("came_from", "again"),
    [
        ("http://testserver/desk/day/?on=2026-12-04", "/desk/day/?on=2026-12-04"),
        ("https://elsewhere.example/desk/day/", "/"),
        ("", "/"),
    ],
)
def test_the_language_of_an_answer_to_a_form_leads_to_the_page_of_the_form(
    rf: RequestFactory, came_from: str, again: str
) -> None:
    from besuk.web.shared.way_back import page_again

    assert page_again(rf.post("/nowhere/", headers={"Referer": came_from})) == again


def test_a_page_keeps_its_own_address(client: Client, cast: Cast) -> None:
    assert language_next(client.get("/sign-in/?next=/my-visits/").content.decode()) == "/sign-in/?next=/my-visits/"


def test_nobody_is_sent_to_an_address_for_forms_after_signing_in(cast: Cast) -> None:
    path = f"/desk/stations/{cast.lapas.stations[0].ref}/pair/"
    assert Client().post(path)["Location"] == "/staff/sign-in/"
    answer = Client().post(path, headers={"Referer": "http://testserver/desk/day/"})
    assert answer["Location"] == "/staff/sign-in/?next=/desk/day/"


class TestHome:
    """Where the button of an error page leads."""

    def test_a_visitor_goes_to_their_visits(self, cast: Cast, browse_as: Browse) -> None:
        assert 'href="/my-visits/" data-testid="home"' in browse_as(cast.siti).get("/none/").content.decode()

    def test_an_officer_goes_to_their_work(self, cast: Cast, clock_at: FixedClock, browse_as: Browse) -> None:
        client = browse_as(cast.lapas.staff["supervisor"])
        assert 'href="/wall/" data-testid="home"' in client.get("/none/").content.decode()

    def test_a_station_goes_to_its_screen(self, cast: Cast, browse_as: Browse) -> None:
        client = browse_as(cast.lapas.station_keys[0])
        assert 'href="/station/" data-testid="home"' in client.get("/none/").content.decode()

    def test_a_refused_officer_reads_a_heading_and_is_not_told_to_reload(
        self, cast: Cast, clock_at: FixedClock, browse_as: Browse
    ) -> None:
        answer = browse_as(cast.lapas.staff["desk"]).get("/wall/")
        html = answer.content.decode()
        assert answer.status_code == 403
        assert html.count("<h1") == 1
        assert 'data-testid="reload"' not in html
        assert 'href="/desk/vetting/" data-testid="home"' in html

    def test_too_large_a_form_leads_back_to_it(self, client: Client) -> None:
        came_from = {"Referer": "http://testserver/register/2/"}
        html = client.post("/register/2/", CONTENT_LENGTH=str(40 * 1024 * 1024), headers=came_from).content.decode()
        assert 'href="/register/2/" data-testid="back-to-form">Kembali ke formulir' in html


def test_a_system_administrator_comes_in_and_finds_their_own_pages(cast: Cast, client: Client) -> None:
    from besuk.testing.cast import PASSWORD

    sent = client.post("/staff/sign-in/", {"username": "administrator", "password": PASSWORD}, follow=True)
    html = sent.content.decode()
    assert (sent.status_code, sent.redirect_chain[-1][0]) == (200, "/staff/inbox/")
    assert "Administrator sistem" in html
    assert 'href="/staff/inbox/"' in html
    given = {"pin": "274951", "again": "274951"}
    assert client.post("/staff/pin/", given)["Location"] == "/staff/inbox/"
