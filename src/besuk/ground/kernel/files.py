"""Encrypted files: one random key each, wrapped by the master key, bytes beside the database."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from besuk.ground.kernel import crypto
from besuk.ground.kernel.models import Facility, SealedFile
from besuk.ground.kernel.refs import new_ref

KEY_PURPOSE = "file-key"


def _path(ref: str) -> Path:
    root: Path = settings.BESUK_FILES_DIR
    return root / ref[:2] / ref


def store(content: bytes, *, facility: Facility, purpose: str, mime: str, now: datetime) -> SealedFile:
    """Encrypt and keep `content` (bytes). The row is saved in the open transaction.

    The bytes are on disk before the row commits; after a rollback an unreadable orphan is left,
    which the sweeper removes.
    """
    ref = new_ref()
    key = AESGCM.generate_key(bit_length=256)
    nonce = os.urandom(crypto.NONCE_BYTES)
    path = _path(ref)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_durably(path, nonce + AESGCM(key).encrypt(nonce, content, ref.encode()))
    return SealedFile.objects.create(
        ref=ref,
        facility=facility,
        purpose=purpose,
        mime=mime,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        wrapped_key=crypto.seal(key, purpose=KEY_PURPOSE, about=ref),
        created_at=now,
    )


def _write_durably(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.rename(path)


def read(file: SealedFile) -> bytes:
    """Decrypt a stored file. Raises SealBroken when changed, FileNotFoundError when purged."""
    key = crypto.unseal(bytes(file.wrapped_key), purpose=KEY_PURPOSE, about=file.ref)
    body = _path(file.ref).read_bytes()
    try:
        content = AESGCM(key).decrypt(body[: crypto.NONCE_BYTES], body[crypto.NONCE_BYTES :], file.ref.encode())
    except (InvalidTag, ValueError) as error:
        raise crypto.SealBroken(f"file {file.ref} was changed") from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise crypto.SealBroken(f"file {file.ref} does not match its record")
    return content
