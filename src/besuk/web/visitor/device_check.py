"""Trying camera, microphone, speaker and line, any time and for one visit."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import actions
from besuk.flow.checkin.models import DeviceTest
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.accounts.models import Visitor
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import refuse
from besuk.web.shared.access import Asked, needs
from besuk.web.visitor.own_visit import own_visit

PARTS = ("camera", "microphone", "speaker", "connection")
MOST_DETAILS = 40

WORKS: dict[str, str] = {
    "camera": _("Kamera berfungsi."),
    "microphone": _("Mikrofon berfungsi."),
    "speaker": _("Suara terdengar."),
    "connection": _("Sambungan cukup."),
}
FAILS: dict[str, tuple[str, str]] = {
    "camera": (
        _("Kamera belum berfungsi."),
        _("Izinkan kamera di peramban dan tutup aplikasi lain yang memakainya, misalnya WhatsApp."),
    ),
    "microphone": (_("Mikrofon belum berfungsi."), _("Izinkan mikrofon di peramban, lalu bicara dekat ponsel.")),
    "speaker": (_("Suara belum terdengar."), _("Besarkan suara ponsel, atau pakai penyuara telinga.")),
    "connection": (_("Sambungan masih lemah."), _("Pindah ke tempat dengan sinyal lebih kuat, atau pakai Wi-Fi.")),
}


@dataclass(frozen=True)
class Finding:
    """One part of a test in words. `advice` is empty when it works."""

    part: str
    works: bool
    sentence: str
    advice: str


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VISITOR_OWN)
def device_check(request: Asked) -> HttpResponseBase:
    """The test page; a POST keeps a result, as JSON from the script or as a form without it."""
    ref = str(request.GET.get("visit", "") or request.POST.get("visit", ""))
    if request.method == "POST":
        return _save(request, ref)
    visit = own_visit(request.actor, ref) if ref else None
    return render(request, "visitor/device_check.html", _page(request, visit))


def findings_of(test: DeviceTest) -> list[Finding]:
    """What a test found, in words, with what to try."""
    return [_finding(part, bool(getattr(test, part))) for part in PARTS]


def _finding(part: str, works: bool) -> Finding:
    if works:
        return Finding(part, True, gettext(WORKS[part]), "")
    sentence, advice = FAILS[part]
    return Finding(part, False, gettext(sentence), gettext(advice))


def _page(request: Asked, visit: Visit | None) -> dict[str, Any]:
    tests = DeviceTest.objects.filter(visitor_id=request.actor.pk)
    last = (tests.filter(visit=visit) if visit else tests).order_by("-at").first()
    return {
        "visit": visit,
        "last": last,
        "findings": findings_of(last) if last else [],
        "parts": PARTS,
        "page_data": {"echo": None, "csrf": get_token(request), "save_url": request.get_full_path()},
    }


def _save(request: Asked, ref: str) -> HttpResponse:
    as_json = request.content_type == "application/json"
    found = _from_json(request) if as_json else {part: part in request.POST for part in PARTS}
    visitor = Visitor.objects.get(pk=request.actor.pk)
    given = found.get("details")
    details = {str(k)[:40]: v for k, v in list(given.items())[:MOST_DETAILS] if _is_plain(v)} if isinstance(given, dict) else {}
    test = actions.save_device_test(
        visitor=visitor,
        visit_ref=str(found.get("visit") or ref) or None,
        camera=found.get("camera") is True,
        microphone=found.get("microphone") is True,
        speaker=found.get("speaker") is True,
        connection=found.get("connection") is True,
        details=details,
        actor=request.actor,
        now=clock.now(),
    )
    if not as_json:
        return redirect(request.get_full_path())
    told = [{"part": one.part, "works": one.works, "sentence": one.sentence, "advice": one.advice} for one in findings_of(test)]
    return JsonResponse({"ok": True, "passed": test.passed, "findings": told})


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (bool, int, float)) or (isinstance(value, str) and len(value) <= 200)


def _from_json(request: HttpRequest) -> dict[str, Any]:
    """The body as an object. Raises Refused(FORM_INCOMPLETE)."""
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise refuse("FORM_INCOMPLETE") from None
    if not isinstance(body, dict):
        raise refuse("FORM_INCOMPLETE")
    return body
