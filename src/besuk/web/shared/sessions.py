"""Opening and closing sessions. A sign-in always gets a new session key, so that a planted one is worth nothing."""

from dataclasses import replace
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.urls import NoReverseMatch, reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from besuk.ground.accounts import capabilities as may
from besuk.ground.accounts.models import Staff, Visitor
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.web.shared.identity import VISITOR_KEY

OFFICE_COOKIE = "besuk_office"
BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING = "staff_waiting"
COMPUTER = "office_computer"
"""Name of the paired PC at which an officer took over."""
WAITING_LASTS_S = 300
STAFF_KEYS = (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, WAITING, "facility", COMPUTER)
HOMES = (
    (may.CONDUCT, "wall"),
    (may.BOARD_VIEW, "office_board"),
    (may.VETTING, "desk_vetting"),
    (may.DAY_VIEW, "desk_day"),
    (may.SUPPORT, "office_support"),
    (may.AUDIT_VIEW, "office_audit"),
)
"""Where an officer's work begins: the first of these they may open."""


def somebody(request: HttpRequest) -> Actor:
    """Whoever asks, before signing in: nobody, but with an address and a request id for the log."""
    address = request.META.get("REMOTE_ADDR") or ""
    return replace(NOBODY, address=address, request_id=getattr(request, "request_id", ""))


def open_staff(request: HttpRequest, staff: Staff) -> None:
    """Sign this member of staff in; another one who was signed in here is out."""
    close_staff(request)
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(staff.pk)
    request.session[BACKEND_SESSION_KEY] = BACKEND
    request.session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    rotate_token(request)


def close_staff(request: HttpRequest) -> None:
    """Sign staff out; a visitor in the same browser stays."""
    for name in STAFF_KEYS:
        request.session.pop(name, None)
    request.session.cycle_key()


def open_visitor(request: HttpRequest, visitor: Visitor) -> None:
    """Sign this visitor in."""
    request.session.cycle_key()
    request.session[VISITOR_KEY] = visitor.pk
    rotate_token(request)


def close_visitor(request: HttpRequest) -> None:
    """Sign the visitor out; staff in the same browser stay."""
    request.session.pop(VISITOR_KEY, None)
    request.session.cycle_key()


def let_wait(request: HttpRequest, staff: Staff, seconds: float) -> None:
    """Remember for five minutes that the password was right; nothing is open yet."""
    request.session.cycle_key()
    until = seconds + WAITING_LASTS_S
    request.session[WAITING] = {"pk": staff.pk, "hash": staff.get_session_auth_hash(), "until": until}


def waiting_staff(request: HttpRequest, seconds: float) -> Staff | None:
    """Whose password was right a moment ago. `seconds` is the wall clock."""
    waiting: dict[str, Any] = request.session.get(WAITING) or {}
    if not waiting or seconds > float(waiting["until"]):
        return None
    staff = Staff.objects.filter(pk=waiting["pk"], is_active=True).first()
    same = staff is not None and constant_time_compare(waiting["hash"], staff.get_session_auth_hash())
    return staff if same else None


def next_of(request: HttpRequest, otherwise: str) -> str:
    """Where to go afterwards: the page that was asked for, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else otherwise


def home_of(actor: Actor) -> str:
    """The page on which this member of staff begins."""
    for capability, name in HOMES:
        if actor.facilities_with(capability):
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
    return reverse("staff_inbox")
