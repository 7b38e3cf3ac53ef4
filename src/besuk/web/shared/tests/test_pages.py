"""What every page carries: headers, languages, health."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from besuk.testing.cast import Cast
from besuk.testing.clock import FixedClock
from besuk.web.shared.middleware import RequestStory

PAGES = ["/", "/f/lapas/", "/sign-in/", "/staff/sign-in/"]


@pytest.mark.parametrize("page", PAGES)
def test_headers_keep_other_sites_out(cast: Cast, clock_at: FixedClock, client: Client, page: str) -> None:
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_inline_script_or_style(cast: Cast, clock_at: FixedClock, client: Client, page: str) -> None:
    body = client.get(page).content.decode()
    assert "<style" not in body
    assert " style=" not in body
    assert "<script>" not in body
    assert " onclick" not in body


@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_indonesian_unless_asked(cast: Cast, clock_at: FixedClock, client: Client, page: str) -> None:
    assert '<html lang="id">' in client.get(page).content.decode()
    client.post("/language/", {"language": "en", "next": page})
    assert '<html lang="en">' in client.get(page).content.decode()


def test_an_unknown_language_changes_nothing(cast: Cast, client: Client) -> None:
    client.post("/language/", {"language": "xx", "next": "/"})
    assert '<html lang="id">' in client.get("/").content.decode()


def test_the_language_switch_leads_to_no_other_site(cast: Cast, client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in answer["Location"]


def test_health_is_told_to_machines_and_says_nothing_about_people(cast: Cast, client: Client) -> None:
    answer = client.get("/health/")
    assert answer.json() == {"ok": True, "version": "0.1.0", "database": "there", "undeliverable": 0}
    assert "no-store" in answer["Cache-Control"]


def test_pages_behind_a_sign_in_are_not_kept_by_the_browser(cast: Cast, client: Client) -> None:
    assert "no-store" in client.get("/sign-in/")["Cache-Control"]
    assert "no-store" in client.get("/staff/sign-in/")["Cache-Control"]


@pytest.mark.parametrize(
    ("behind", "told", "meant"),
    [
        (False, "203.0.113.9", "192.0.2.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (True, "", "192.0.2.1"),
        (True, "rubbish", "192.0.2.1"),
    ],
)
def test_only_our_own_proxys_word_about_an_address_counts(
    rf: RequestFactory, settings: Any, behind: bool, told: str, meant: str
) -> None:
    settings.BESUK_BEHIND_PROXY = behind
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=told)
    RequestStory(lambda _: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == meant


def test_a_page_with_odd_signs_is_found_again_after_the_sign_in(cast: Cast, client: Client) -> None:
    assert client.get("/visits/a&b/call/")["Location"] == "/sign-in/?next=/visits/a%26b/call/"


def test_each_answer_has_a_number_of_its_own(cast: Cast, client: Client) -> None:
    assert len({client.get("/health/")["X-Request-Id"] for _ in range(3)}) == 3
