"""A socket speaks the language of the page it belongs to."""

import pytest
from django.conf import settings

from besuk.web.door.who import language_of

COOKIE = settings.LANGUAGE_COOKIE_NAME


@pytest.mark.parametrize(
    ("cookie", "wished", "spoken"),
    [
        ("en", "id", "en"),
        ("id", "en-GB,en;q=0.9", "id"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr,en;q=0.5,id;q=0.4", "en"),
        ("", "fr", "id"),
        ("", "", "id"),
        ("xx", "en", "en"),
    ],
)
def test_it_is_chosen_as_django_chooses_for_the_page(cookie: str, wished: str, spoken: str) -> None:
    scope = {"cookies": {COOKIE: cookie}, "headers": [(b"accept-language", wished.encode())]}
    assert language_of(scope) == spoken


def test_a_browser_that_says_nothing_hears_indonesian() -> None:
    assert language_of({"headers": []}) == "id"
