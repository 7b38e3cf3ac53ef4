"""A wrong configuration is told with an id that stays and what to do."""

from pathlib import Path
from typing import Any

import pytest
from django.core import checks as django_checks

from besuk.config import checks

SAFE = {
    "BESUK_MODE": "production",
    "SECRET_KEY": "x" * 40,
    "BESUK_MASTER_KEYS": {"a": b"k" * 32},
    "BESUK_SITE_URL": "https://besuk.example",
    "BESUK_MEDIA": "livekit",
    "BESUK_MEDIA_API_SECRET": "y" * 40,
    "BESUK_SECOND_FACTOR": "required",
    "BESUK_NOTICE_CHANNELS": ["file"],
    "BESUK_PROCESSES": 1,
    "BESUK_REDIS_URL": "",
}


def found(settings: Any, **wrong: object) -> list[str]:
    """Ids of what is told about a safe production with these settings changed."""
    for name, value in {**SAFE, **wrong}.items():
        setattr(settings, name, value)
    every = (
        checks.modes, checks.secrets, checks.processes, checks.addresses, checks.data_folder, checks.media,
        checks.sign_in, checks.notices,
    )  # fmt: skip
    return sorted(str(one.id) for check in every for one in check(None))


def test_a_safe_configuration_is_silent(settings: Any) -> None:
    assert found(settings) == []


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"SECRET_KEY": "test-only-not-secret"}, ["besuk.E001"]),
        ({"SECRET_KEY": "short"}, ["besuk.E001"]),
        ({"BESUK_MASTER_KEYS": {"test": b"k" * 32}}, ["besuk.E002"]),
        ({"BESUK_PROCESSES": 2}, ["besuk.E003", "besuk.E004"]),
        ({"BESUK_PROCESSES": 2, "BESUK_REDIS_URL": "redis://x"}, ["besuk.E003"]),
        ({"BESUK_SITE_URL": "http://besuk.example"}, ["besuk.E005"]),
        ({"BESUK_SITE_URL": "http://127.0.0.1:8000"}, ["besuk.E005"]),
        ({"BESUK_MODE": "prod"}, ["besuk.E007"]),
        ({"BESUK_MEDIA_API_SECRET": "short"}, ["besuk.E008"]),
        ({"BESUK_MEDIA_API_SECRET": "test-only-not-secret-test-only-not-secret"}, ["besuk.E008"]),
        ({"BESUK_MEDIA": "stub"}, ["besuk.E009"]),
        ({"BESUK_MEDIA": "zoom"}, ["besuk.E007", "besuk.E009"]),
        ({"BESUK_SECOND_FACTOR": "optional"}, ["besuk.E010"]),
        ({"BESUK_SECOND_FACTOR": "off"}, ["besuk.E007", "besuk.E010"]),
        ({"BESUK_NOTICE_CHANNELS": ["file", "pigeon"]}, ["besuk.W001"]),
    ],
)
def test_a_mistake_is_told(
    settings: Any, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object], expected: list[str]
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert found(settings, **wrong) == expected


def test_demo_and_test_may_have_the_secrets_of_the_source(settings: Any) -> None:
    for mode in ("demo", "test"):
        easy = {"SECRET_KEY": "test-only-not-secret", "BESUK_SITE_URL": "http://127.0.0.1:8000", "BESUK_MEDIA": "stub",
                "BESUK_SECOND_FACTOR": "optional", "BESUK_MASTER_KEYS": {"test": b"k" * 32}}  # fmt: skip
        assert found(settings, BESUK_MODE=mode, **easy) == []


def test_postgresql_bears_several_processes_with_redis(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert found(settings, BESUK_PROCESSES=4, BESUK_REDIS_URL="redis://x") == []


def test_a_folder_that_can_be_made_is_fine_and_a_file_in_its_place_is_not(settings: Any, tmp_path: Path) -> None:
    assert found(settings, BESUK_DATA_DIR=tmp_path / "a" / "b", BESUK_FILES_DIR=tmp_path / "c") == []
    (tmp_path / "a").write_text("")
    assert found(settings, BESUK_DATA_DIR=tmp_path / "a" / "b", BESUK_FILES_DIR=tmp_path / "c") == ["besuk.E006"]


def test_the_checks_run_at_start_up(settings: Any) -> None:
    settings.BESUK_MODE = "prod"
    assert "besuk.E007" in {one.id for one in django_checks.run_checks()}


def test_every_mistake_has_a_hint(settings: Any) -> None:
    worst = {"SECRET_KEY": "x", "BESUK_MASTER_KEYS": {"test": b""}, "BESUK_PROCESSES": 2, "BESUK_SITE_URL": "http://x",
             "BESUK_MEDIA_API_SECRET": "", "BESUK_SECOND_FACTOR": "off", "BESUK_NOTICE_CHANNELS": ["x"]}  # fmt: skip
    found(settings, **worst)
    told = django_checks.run_checks()
    assert len([one for one in told if str(one.id).startswith("besuk.")]) >= 7
    assert all(one.hint for one in told if str(one.id).startswith("besuk."))
