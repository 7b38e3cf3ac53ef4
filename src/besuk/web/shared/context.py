"""What every template knows: who is here, and where they can go."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.ground.accounts import capabilities as may
from besuk.ground.accounts.models import Staff
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.web.shared.way_back import page_again

PARTS = (
    ("wall", _("Pengawasan"), may.CONDUCT),
    ("office_board", _("Papan"), may.BOARD_VIEW),
    ("desk_vetting", _("Pemeriksaan"), may.VETTING),
    ("desk_day", _("Hari ini"), may.DAY_VIEW),
    ("office_support", _("Pendampingan"), may.SUPPORT),
    ("office_complaints", _("Aduan"), may.COMPLAINT_ANSWER),
    ("office_audit", _("Catatan sistem"), may.AUDIT_VIEW),
    ("staff_inbox", _("Kabar"), may.STAFF_ANY),
)
"""The parts of the house an officer may open, in the order of the menu."""


def who_is_here(request: HttpRequest) -> dict[str, Any]:
    """`actor` (its kind says which header to show), `staff`, `nav`, the ways out and back, whether this is the demo."""
    actor: Actor = getattr(request, "actor", NOBODY)
    return {
        "actor": actor,
        "is_demo": settings.BESUK_MODE == "demo",
        "staff": _staff_of(actor),
        "staff_role": ", ".join(gettext(may.ROLE_WORDS.get(role, role)) for role in actor.role.split("+"))
        if actor.kind == "staff"
        else "",
        "nav": nav_of(actor, request.path),
        "sign_out_url": _way_out(actor),
        "language_next": page_again(request),
    }


def _staff_of(actor: Actor) -> Callable[[], Staff | None]:
    """Asked for only where a page shows it, and then once."""

    @cache
    def staff() -> Staff | None:
        return Staff.objects.filter(pk=actor.pk).first() if actor.kind == "staff" else None

    return staff


def nav_of(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The menu of a member of staff: the parts they may open somewhere. Visitors and stations need none."""
    if actor.kind != "staff":
        return []
    found = []
    for name, words, capability in PARTS:
        if not any(capability in names for names in actor.may.values()):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"url": url, "label": gettext(words), "current": path.startswith(url)})
    return found


def _way_out(actor: Actor) -> str:
    return {"staff": "/staff/sign-out/", "visitor": "/sign-out/"}.get(actor.kind, "")
