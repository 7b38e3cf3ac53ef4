"""A database of its own for each crowd: a file, or a database on the server this run uses."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Arena:
    """Where a crowd plays."""

    url: str
    data: Path

    def command(self, play: str, mode: str = "as_it_is", *, again: bool = False) -> subprocess.Popen[str]:
        """Start the crowd's process."""
        env = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "besuk.config.settings",
            "BESUK_DATABASE_URL": self.url,
            "BESUK_DATA_DIR": str(self.data),
            "CROWD_MODE": mode,
            "CROWD_AGAIN": "1" if again else "",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.crowd", play],
            env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def play(self, play: str, mode: str = "as_it_is", *, again: bool = False) -> dict[str, Any]:
        """Let the crowd play to the end; returns what it told."""
        out, errors = self.command(play, mode, again=again).communicate(timeout=120)
        assert out.strip(), errors[-2000:]
        told: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return told


def on_postgres() -> bool:
    """Whether this run uses PostgreSQL."""
    return "postgresql" in str(settings.DATABASES["default"]["ENGINE"])


# the controls take a lock away and want to see the race it decides. SQLite locks the whole file for each writer, so
# nothing races there that a lock of ours could decide; on PostgreSQL, which every run of CI uses as well, they run
needs_postgres = pytest.mark.skipif(
    not on_postgres(), reason="SQLite locks the whole database: there is no lock to leave out"
)


@pytest.fixture
def arena(tmp_path: Path) -> Iterator[Arena]:
    """An empty database that outlives the process which uses it, and goes with the test."""
    if not on_postgres():
        yield Arena(f"sqlite:///{tmp_path / 'crowd.sqlite3'}", tmp_path)
        return
    import psycopg

    where = settings.DATABASES["default"]
    base = f"postgresql://{where['USER']}:{where['PASSWORD']}@{where['HOST']}:{where['PORT']}"
    name = f"crowd_{token_hex(4)}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield Arena(f"{base}/{name}", tmp_path)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
