"""What every test may ask for by name (pytest fixtures). Models are imported late: Django is set up first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock


@pytest.fixture(autouse=True)
def own_files(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> None:
    """Every test writes its files to a place of its own (made only when a test writes)."""
    settings: Any = request.getfixturevalue("settings")
    root: Path = tmp_path_factory.getbasetemp() / "data" / f"{abs(hash(request.node.nodeid)):x}"
    settings.BESUK_DATA_DIR = root
    settings.BESUK_FILES_DIR = root / "files"
    settings.BESUK_CHECKPOINTS_DIR = root / "checkpoints"
    settings.BESUK_LEASES_DIR = root / "leases"


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest) -> None:
    """Passwords and PINs cost a test nothing; `besuk.config.settings` says what they cost in production."""
    settings: Any = request.getfixturevalue("settings")
    settings.PASSWORD_HASHERS = ["besuk.testing.quick.QuickArgon2"]


@pytest.fixture(autouse=True)
def connections_outlive_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tidying up old connections leaves alone the one whose transaction is the test itself.

    Django's own test client does the same for requests; worker, keeper and sockets tidy outside requests.
    SQLite in memory ignores such a close, PostgreSQL does not.
    """
    from django.db.backends.base.base import BaseDatabaseWrapper

    tidy = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def spare(connection: BaseDatabaseWrapper) -> None:
        if not connection.in_atomic_block:
            tidy(connection)

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", spare)


@pytest.fixture
def now() -> datetime:
    """Kamis, 3 Desember 2026, 09.20 WIB (11.20 WIT): the moment at which tests play."""
    from besuk.testing.clock import THURSDAY

    return THURSDAY


@pytest.fixture
def clock_at() -> Iterator[FixedClock]:
    """A clock that stands at `now` for pages too, and moves when the test says so."""
    from besuk.ground.kernel import clock
    from besuk.testing.clock import FixedClock

    fixed = FixedClock()
    with clock.installed(fixed):
        yield fixed


@pytest.fixture
def cast(db: None) -> Cast:
    """Two prisons in two zones, everybody of product.md, one outsider."""
    from besuk.testing.cast import build_cast

    return build_cast()


@pytest.fixture(autouse=True)
def log_may_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test with real transactions is cleaned up by emptying every table, which the log's triggers refuse.

    They are taken away just before that, and put back for the next test that touches the database.
    """
    marker = request.node.get_closest_marker("django_db")
    if marker is None and "db" not in request.fixturenames and "transactional_db" not in request.fixturenames:
        yield
        return
    from django.db import connection

    from besuk.ground.audit import seal

    request.getfixturevalue("_django_db_helper")
    if not seal.is_sealed(connection):
        seal.seal(connection)
    yield
    if connection.in_atomic_block:
        return
    seal.unseal(connection)
