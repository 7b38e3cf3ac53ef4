"""Ways back: the home of whoever asks, and the page that is shown again when the language was changed."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.web.shared.identity import staff_as, station_as, visitor_as
from besuk.web.shared.sessions import home_of

READING = {"GET", "HEAD"}


@dataclass(frozen=True)
class Home:
    """Where a person begins, and what the link there says."""

    url: str
    words: str


def home_for(request: HttpRequest) -> Home:
    """The home of whoever acts; where no page asked yet, of whoever is signed in here."""
    actor: Actor = getattr(request, "actor", NOBODY)
    if actor is NOBODY:
        actor = _signed_in(request)
    if actor.kind == "staff":
        return Home(home_of(actor), gettext("Ke halaman kerja"))
    if actor.kind == "visitor":
        return Home(reverse("my_visits"), gettext("Ke Kunjungan saya"))
    if actor.kind == "station":
        return Home(reverse("station_idle"), gettext("Ke layar bilik"))
    return Home("/", gettext("Ke halaman awal"))


def _signed_in(request: HttpRequest) -> Actor:
    session = getattr(request, "session", {})
    try:
        known = (staff_as(session), visitor_as(session), station_as(request.COOKIES))
    except DatabaseError:
        return NOBODY  # the page that says what is wrong must not be what fails
    return next((one for one in known if one is not NOBODY), NOBODY)


def page_again(request: HttpRequest) -> str:
    """An address that can be opened and shows about what is shown now.

    An answer to a form may stand at an address that only takes forms: then it is the page the form was on.
    """
    if request.method in READING:
        return str(getattr(request, "page_again", "")) or request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
