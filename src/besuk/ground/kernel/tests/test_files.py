"""Files are encrypted, each with a key of its own."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from besuk.ground.kernel import files
from besuk.ground.kernel.crypto import SealBroken
from besuk.ground.kernel.models import Facility, SealedFile

CARD = b"\xff\xd8 a picture of an identity card " * 40


@pytest.fixture
def stored(db: None, now: datetime) -> SealedFile:
    """One file."""
    facility = Facility.objects.create(code="uji", name="Lapas Uji")
    return files.store(CARD, facility=facility, purpose="id-card", mime="image/jpeg", now=now)


def on_disk(file: SealedFile) -> Path:
    """Where its bytes lie."""
    (path,) = [one for one in Path(settings.BESUK_FILES_DIR).rglob("*") if one.name == file.ref]
    return path


def test_what_is_stored_is_read_again(stored: SealedFile) -> None:
    assert files.read(stored) == CARD
    assert stored.size == len(CARD)


def test_nothing_of_it_is_readable_on_disk(stored: SealedFile) -> None:
    assert CARD[:20] not in on_disk(stored).read_bytes()
    assert not list(on_disk(stored).parent.glob("*.part"))


def test_a_changed_file_does_not_open(stored: SealedFile) -> None:
    body = bytearray(on_disk(stored).read_bytes())
    body[-1] ^= 1
    on_disk(stored).write_bytes(bytes(body))
    with pytest.raises(SealBroken):
        files.read(stored)


def test_two_files_cannot_be_exchanged(stored: SealedFile, now: datetime) -> None:
    other = files.store(b"other", facility=stored.facility, purpose="id-card", mime="image/jpeg", now=now)
    on_disk(stored).write_bytes(on_disk(other).read_bytes())
    with pytest.raises(SealBroken):
        files.read(stored)


def test_a_purged_file_is_gone(stored: SealedFile) -> None:
    on_disk(stored).unlink()
    with pytest.raises(FileNotFoundError):
        files.read(stored)
