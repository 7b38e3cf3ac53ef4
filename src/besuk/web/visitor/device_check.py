"""Trying camera, microphone, speaker and line, any time and for one visit."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
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
ECHO = "/echo"
"""The socket that sends back what it gets, for the line test."""

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
        "back_url": reverse("check_in", args=[visit.ref]) if visit else reverse("my_visits"),
        "zone": visit.facility.zone if visit else "Asia/Jakarta",
        "last": last,
        "findings": findings_of(last) if last else [],
        "page_data": {"echo": ECHO},
    }


def _save(request: Asked, ref: str) -> HttpResponse:
    as_json = request.content_type == "application/json"
    found = _object(request.body) if as_json else _from_form(request)
    test = actions.save_device_test(
        visitor=Visitor.objects.get(pk=request.actor.pk),
        visit_ref=str(found.get("visit") or ref) or None,
        camera=found.get("camera") is True,
        microphone=found.get("microphone") is True,
        speaker=found.get("speaker") is True,
        connection=found.get("connection") is True,
        details=_plain(found.get("details")),
        actor=request.actor,
        now=clock.now(),
    )
    if not as_json:
        return redirect(f"{request.path}?visit={test.visit.ref}" if test.visit else request.path)
    return JsonResponse({"ok": True, "passed": test.passed, "findings": [asdict(one) for one in findings_of(test)]})


def _from_form(request: HttpRequest) -> dict[str, Any]:
    """The hidden fields that the script fills: yes or no for each part, the figures as JSON."""
    given = {part: request.POST.get(part) == "yes" for part in PARTS}
    return {**given, "details": _object(request.POST.get("details") or "{}")}


def _plain(details: object) -> dict[str, str | int | float | bool | None]:
    """Figures worth keeping: flat, short, few. Anything else is left out."""
    rows = details if isinstance(details, dict) else {}
    flat: dict[str, Any] = {}
    for name, value in rows.items():
        flat |= {f"{name}.{key}": one for key, one in value.items()} if isinstance(value, dict) else {name: value}
    kept = {str(key)[:40]: value for key, value in flat.items() if _is_short(value)}
    return dict(list(kept.items())[:MOST_DETAILS])


def _is_short(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 200)


def _object(body: str | bytes) -> dict[str, Any]:
    """JSON as an object. Raises Refused(FORM_INCOMPLETE)."""
    try:
        found = json.loads(body or "{}")
    except (ValueError, RecursionError):
        raise refuse("FORM_INCOMPLETE") from None
    if not isinstance(found, dict):
        raise refuse("FORM_INCOMPLETE")
    return found
