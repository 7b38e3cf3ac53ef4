"""Mistakes of the configuration, each with an id that stays and a hint. Start-up refuses an unsafe mix.

besuk.E001 default secret key          besuk.E006 data folder not writable
besuk.E002 default master key          besuk.E007 unknown value
besuk.E003 SQLite, several processes   besuk.E008 media secret
besuk.E004 several processes, no Redis besuk.E009 pictures without a media server
besuk.E005 site address                besuk.E010 second factor off
besuk.W001 notices go nowhere
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags
from django.core.checks import Warning as Caution
from django.core.checks import register as register_check

from besuk.ground.notices import channels

MODES = ("production", "demo", "test")
SHORTEST_SECRET = 32
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def register() -> None:
    """Called once at start-up."""
    for check in (modes, secrets, processes, addresses, data_folder, media, sign_in, notices):
        register_check(check, Tags.security)


Apps = Sequence[AppConfig] | None


def _in_production() -> bool:
    return str(settings.BESUK_MODE) == "production"


def modes(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Values that must be one of a few words."""
    allowed = {
        "BESUK_MODE": MODES,
        "BESUK_MEDIA": ("livekit", "stub"),
        "BESUK_SECOND_FACTOR": ("required", "optional"),
    }
    wrong = [(name, words) for name, words in allowed.items() if getattr(settings, name) not in words]
    return [
        Error(f"{name} is {getattr(settings, name)!r}.", hint=f"Use one of: {', '.join(words)}.", id="besuk.E007")
        for name, words in wrong
    ]


def secrets(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Secrets that everybody can read in our source are no secrets."""
    if not _in_production():
        return []
    found: list[CheckMessage] = []
    key = str(settings.SECRET_KEY)
    if key.startswith("test-only") or len(key) < SHORTEST_SECRET:
        hint = "Put at least 32 random characters into a file and name it in BESUK_SECRET_KEY_FILE."
        found.append(Error("The secret key is the one from the source, or short.", hint=hint, id="besuk.E001"))
    if "test" in settings.BESUK_MASTER_KEYS:
        hint = "Set BESUK_MASTER_KEYS_FILE to a file with `a:` and 32 random bytes in base64. Keep a copy elsewhere."
        found.append(Error("Identity numbers would be sealed with a key from the source.", hint=hint, id="besuk.E002"))
    return found


def processes(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """What does not bear several processes."""
    if int(settings.BESUK_PROCESSES) <= 1:
        return []
    found: list[CheckMessage] = []
    if "sqlite" in str(settings.DATABASES["default"]["ENGINE"]):
        hint = "Set BESUK_DATABASE_URL to a PostgreSQL database, or BESUK_PROCESSES to 1."
        found.append(Error("Several web processes share one SQLite file.", hint=hint, id="besuk.E003"))
    if not settings.BESUK_REDIS_URL:
        hint = "Set BESUK_REDIS_URL, or BESUK_PROCESSES to 1."
        found.append(Error("Several web processes cannot see each other's calls.", hint=hint, id="besuk.E004"))
    return found


def addresses(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Browsers give camera and microphone to https only, and cookies must not travel in clear."""
    parts = urlsplit(str(settings.BESUK_SITE_URL))
    local = parts.hostname in LOOPBACK
    if parts.scheme == "https" or (parts.scheme == "http" and local and not _in_production()):
        return []
    hint = "Set BESUK_SITE_URL to the https address people type; without it no browser opens camera or microphone."
    return [Error(f"The site's address is {settings.BESUK_SITE_URL!r}, not https.", hint=hint, id="besuk.E005")]


def data_folder(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The folders can be made and written; what does not exist yet is judged by the folder above it."""
    folders = {"BESUK_DATA_DIR": settings.BESUK_DATA_DIR, "BESUK_FILES_DIR": settings.BESUK_FILES_DIR}
    return [
        Error(f"{folder} cannot be written.", hint=f"Give the service that folder, or set {name}.", id="besuk.E006")
        for name, folder in folders.items()
        if not _writable(folder)
    ]


def _writable(folder: Path) -> bool:
    there = next((one for one in (folder, *folder.parents) if one.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def media(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Whoever knows the media secret can enter any call."""
    found: list[CheckMessage] = []
    secret = str(settings.BESUK_MEDIA_API_SECRET)
    known = _in_production() and secret.startswith("test-only")
    if settings.BESUK_MEDIA == "livekit" and (known or len(secret) < SHORTEST_SECRET):
        hint = "Set BESUK_MEDIA_API_SECRET_FILE to a file with at least 32 random characters."
        found.append(Error("The media server's secret is short, or from the source.", hint=hint, id="besuk.E008"))
    if _in_production() and settings.BESUK_MEDIA != "livekit":
        hint = "Set BESUK_MEDIA=livekit."
        found.append(Error("No media server: calls would have no picture and no sound.", hint=hint, id="besuk.E009"))
    return found


def sign_in(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A password alone does not open the wall of a prison."""
    if not _in_production() or settings.BESUK_SECOND_FACTOR == "required":
        return []
    hint = "Remove BESUK_SECOND_FACTOR, or set it to required."
    return [Error("Staff could sign in with a password alone.", hint=hint, id="besuk.E010")]


def notices(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Channels that do not exist carry nothing."""
    unknown = set(_names()) - set(channels.known())
    if not unknown:
        return []
    hint = f"Known: {', '.join(sorted(channels.known()))}. The inbox always works and is not listed."
    return [Caution(f"Unknown notice channels: {', '.join(sorted(unknown))}.", hint=hint, id="besuk.W001")]


def _names() -> Iterable[str]:
    names: list[str] = settings.BESUK_NOTICE_CHANNELS
    return names
