"""What `besuk serve` reads of its surroundings: no site with media runs without a guard that can guard."""

from pathlib import Path

import pytest

from besuk.run.guard import TwirpRooms
from besuk.run.plan import SitePlan
from besuk.run.serve import guard_of
from besuk.run.speak import Stop
from besuk.run.variables import variable


@pytest.fixture
def plan(tmp_path: Path) -> SitePlan:
    """A site whose media server is elsewhere."""
    return SitePlan(tmp_path, "127.0.0.1", 8000, "http://127.0.0.1:8000")


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BESUK_MEDIA", "BESUK_MEDIA_URL", "BESUK_MEDIA_API_KEY", "BESUK_MEDIA_API_SECRET"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def nobody() -> None:
    """There is nothing to kill."""


def test_a_key_in_a_file_guards_as_one_in_the_environment(
    plan: SitePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("y" * 40 + "\n")
    monkeypatch.setenv("BESUK_MEDIA_API_SECRET_FILE", str(tmp_path / "secret"))
    assert variable("BESUK_MEDIA_API_SECRET") == "y" * 40
    assert isinstance(guard_of(plan, nobody).rooms, TwirpRooms)


def test_media_without_a_key_does_not_start(plan: SitePlan) -> None:
    with pytest.raises(Stop, match="key of the media server"):
        guard_of(plan, nobody)


def test_without_media_there_is_nothing_to_guard(plan: SitePlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BESUK_MEDIA", "stub")
    assert not isinstance(guard_of(plan, nobody).rooms, TwirpRooms)


def test_a_file_that_is_not_there_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BESUK_MEDIA_API_SECRET_FILE", "/nowhere/secret")
    with pytest.raises(Stop, match="BESUK_MEDIA_API_SECRET_FILE"):
        variable("BESUK_MEDIA_API_SECRET")


def test_a_childs_variable_is_not_overruled_by_a_file(plan: SitePlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BESUK_SITE_URL_FILE", "/somewhere/else")
    assert "BESUK_SITE_URL_FILE" not in plan.environment()
    assert plan.environment()["BESUK_SITE_URL"] == "http://127.0.0.1:8000"
