"""Who is at the other end of a socket, and in which language to speak."""

import hashlib
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.web.shared.identity import STATION_COOKIE, staff_as, station_as, visitor_as


def acting(scope: Mapping[str, Any], participation_ref: str) -> Actor:
    """The actor that may own this place: its first letter says of which kind. Reads the database."""
    story = {"address": (scope.get("client") or ("",))[0]}
    if participation_ref.startswith("v-"):
        return visitor_as(scope["session"], **story)
    if participation_ref.startswith("i-"):
        return station_as(scope["cookies"], **story)
    if participation_ref.startswith(("s-", "o-")):
        return staff_as(scope["session"], **story)
    return NOBODY


def again(scope: Mapping[str, Any]) -> dict[str, Any]:
    """The same socket's scope with its session as it is now: signing out elsewhere shows. Reads the database."""
    return {**scope, "session": import_module(settings.SESSION_ENGINE).SessionStore(scope["session"].session_key)}


def browser_of(scope: Mapping[str, Any], participation_ref: str) -> str:
    """A name for the browser at the other end: the session's, or the station's key. It reveals neither."""
    secret = scope["cookies"].get(STATION_COOKIE, "") if participation_ref.startswith("i-") else ""
    secret = secret or scope["session"].session_key or ""
    return hashlib.sha256(secret.encode()).hexdigest()[:16] if secret else ""


def officer(scope: Mapping[str, Any]) -> Actor:
    """The signed-in member of staff, or NOBODY. Reads the database."""
    return staff_as(scope["session"], address=(scope.get("client") or ("",))[0])


def language_of(scope: Mapping[str, Any]) -> str:
    """The language of this browser's pages, by the same rule: what was chosen, else what the browser asks for."""
    offered = dict(settings.LANGUAGES)
    chosen = str(scope.get("cookies", {}).get(settings.LANGUAGE_COOKIE_NAME, ""))
    if chosen in offered:
        return chosen
    wished = dict(scope.get("headers", ())).get(b"accept-language", b"").decode("latin-1")
    bases = (code.partition("-")[0] for code, _weight in parse_accept_lang_header(wished))
    return next((code for code in bases if code in offered), settings.LANGUAGE_CODE)
