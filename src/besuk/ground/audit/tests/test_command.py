"""`besuk audit` gives a verdict and an exit code."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from besuk.ground.audit import seal
from besuk.ground.audit.actions import checkpoint
from besuk.ground.audit.command import main
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.models import Facility

Said = pytest.CaptureFixture[str]


def test_an_unbroken_log_ends_with_0(log: Facility, capsys: Said) -> None:
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == "uji: 6 entries, unbroken to its head.\n"


def test_a_break_ends_with_1_and_is_named(log: Facility, capsys: Said) -> None:
    seal.unseal(connection)
    QuerySet(Entry).filter(number=4).update(code="call.warn")
    seal.seal(connection)
    assert main(["verify", "--facility", "uji"]) == 1
    out = capsys.readouterr().out
    assert "uji: BROKEN" in out
    assert "entry 4: its content was changed" in out


def test_a_missing_seal_ends_with_1(log: Facility, capsys: Said) -> None:
    seal.unseal(connection)
    assert main([]) == 1
    assert "triggers are missing" in capsys.readouterr().out


def test_an_unknown_facility_ends_with_1(log: Facility, capsys: Said) -> None:
    assert main(["verify", "--facility", "nowhere"]) == 1
    assert "no facility" in capsys.readouterr().out


def test_an_export_is_verified_without_the_database(log: Facility, tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "uji.jsonl"
    assert main(["export", "uji", str(file)]) == 0
    assert main(["verify", str(file)]) == 0
    assert "6 entries, unbroken" in capsys.readouterr().out


def test_a_changed_export_is_found(log: Facility, tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "uji.jsonl"
    main(["export", "uji", str(file)])
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:2], lines[2].replace("call.note", "call.warn"), *lines[3:]]))
    assert main(["verify", str(file)]) == 1
    assert "entry 3: its content was changed" in capsys.readouterr().out


def test_a_checkpoint_file_is_verified(log: Facility, now: datetime, capsys: Said) -> None:
    checkpoint(now)
    (file,) = settings.BESUK_CHECKPOINTS_DIR.iterdir()
    assert main(["verify", str(file)]) == 0
    statement = json.loads(file.read_text())
    file.write_text(json.dumps({**statement, "root": "0" * 64}, indent=1))
    assert main(["verify", str(file)]) == 1


def test_a_file_that_is_neither_ends_with_1_and_a_sentence(log: Facility, tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "x"
    file.write_text("nothing")
    assert main(["verify", str(file)]) == 1
    assert "cannot be read" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "absent")]) == 1
