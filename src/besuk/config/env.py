"""Typed settings from the environment. Each `NAME` may also come as `NAME_FILE`, a path to its value."""

import base64
import binascii
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The value of `name`, or of the file that `name_FILE` points at, without the last newline."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\n")
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A yes or no. Raises ImproperlyConfigured for anything else."""
    value = text(name, "yes" if default else "no").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}")


def number(name: str, default: int) -> int:
    """A whole number. Raises ImproperlyConfigured otherwise."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def path(name: str, default: Path) -> Path:
    """A path, made absolute."""
    return Path(text(name, str(default))).expanduser().absolute()


def keys(name: str) -> dict[str, bytes]:
    """Keys as `id:base64,id:base64`, newest first; each 32 bytes. Raises ImproperlyConfigured."""
    found: dict[str, bytes] = {}
    for part in words(name):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise ImproperlyConfigured(f"{name}: key {key_id!r} is not base64") from error
        if len(key) != 32 or not key_id.isalnum():
            raise ImproperlyConfigured(f"{name}: each key is `id:` and 32 bytes in base64")
        found[key_id] = key
    return found


def database(url: str, data_dir: Path) -> dict[str, object]:
    """Django's database settings from a URL: empty or `sqlite:///path`, or `postgresql://...`."""
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        name = "/" + parts.path.lstrip("/") if parts.scheme else str(data_dir / "besuk.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("BESUK_DATABASE_URL must begin with sqlite:/// or postgresql://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
