"""Quick hashing: what argon2 costs is measured elsewhere; one test checks that it is what is used."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any, request: pytest.FixtureRequest) -> None:
    if "slow_hashes" not in request.fixturenames:
        settings.PASSWORD_HASHERS = [
            "django.contrib.auth.hashers.MD5PasswordHasher",
            *settings.PASSWORD_HASHERS,
        ]


@pytest.fixture
def slow_hashes() -> None:
    """Ask for this to hash as in production."""
