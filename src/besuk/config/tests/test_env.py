"""Settings are typed; a mistake names the variable."""

import base64
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from besuk.config import env

NAME = "BESUK_X"


def test_a_value_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("BESUK_X_FILE", str(tmp_path / "secret"))
    assert env.text(NAME) == "hush"


def test_a_missing_file_names_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BESUK_X_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match="BESUK_X_FILE cannot be read"):
        env.text(NAME)


@pytest.mark.parametrize(
    ("value", "meant"), [("yes", True), ("1", True), ("TRUE", True), ("no", False), ("0", False), ("", False)]
)
def test_yes_and_no(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.flag(NAME) is meant


@pytest.mark.parametrize("value", ["maybe", "2"])
def test_neither_yes_nor_no_is_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match="BESUK_X must be yes or no"):
        env.flag(NAME)


def test_numbers_and_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "15")
    assert env.number(NAME, 1) == 15
    monkeypatch.setenv(NAME, "a, b,,c ")
    assert env.words(NAME) == ["a", "b", "c"]
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.number(NAME, 1)


def test_keys_are_32_bytes_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (base64.b64encode(letter * 32).decode() for letter in (b"1", b"2"))
    monkeypatch.setenv(NAME, f"b:{two},a:{one}")
    assert list(env.keys(NAME).items()) == [("b", b"2" * 32), ("a", b"1" * 32)]


@pytest.mark.parametrize("value", ["a:eA==", "a:***", "a", f":{base64.b64encode(b'1' * 32).decode()}"])
def test_a_bad_key_is_told_and_not_shown(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured) as told:
        env.keys(NAME)
    assert "BESUK_X" in str(told.value)
    assert "eA==" not in str(told.value)


def test_databases(tmp_path: Path) -> None:
    assert env.database("", tmp_path)["NAME"] == str(tmp_path / "besuk.sqlite3")
    sqlite = env.database("sqlite:////data/x.sqlite3", tmp_path)
    assert sqlite["NAME"] == "/data/x.sqlite3"
    assert sqlite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"  # type: ignore[index]
    postgres = env.database("postgresql://be:p%40ss@db:5433/besuk", tmp_path)
    assert (postgres["USER"], postgres["PASSWORD"], postgres["HOST"], postgres["PORT"], postgres["NAME"]) == (
        "be", "p@ss", "db", "5433", "besuk",
    )  # fmt: skip
    with pytest.raises(ImproperlyConfigured):
        env.database("mysql://x", tmp_path)
