"""The start page of the demo: who can be opened as a window, and which visit is due. Nowhere else does it exist."""

import json
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.queries import attendance_of
from besuk.flow.live.queries import call_of
from besuk.ground.accounts.actions import note_sign_in
from besuk.ground.accounts.actors import staff_actor
from besuk.ground.accounts.capabilities import ANYONE, ROLE_WORDS, STATION_PAIR
from besuk.ground.accounts.models import Membership, Staff
from besuk.ground.facilities.actions import offer_pairing, pair_station
from besuk.ground.kernel import clock
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.ground.kernel.models import Facility
from besuk.web.public.demo_visits import due_visits, make_due
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.sessions import home_of, open_staff, open_visitor, somebody
from besuk.web.station.pair import keep_key

FIRST_ROLE = "supervisor"
MOST_DUE = 4


@dataclass(frozen=True)
class Due:
    """One visit that can be opened now, and how far its people have come."""

    visit: Visit
    family: str
    attendance: dict[str, str]
    call_state: str


@dataclass(frozen=True)
class Place:
    """One prison on the page."""

    facility: Facility
    due: list[Due]
    officers: list[Membership]
    """The supervisor who watches first comes first."""


@require_safe
@never_cache
@needs(ANYONE)
def start(request: Asked) -> HttpResponseBase:
    """All windows of the demo."""
    must_be_demo()
    return render(request, "public/demo.html", {"places": _places(), "credentials": _credentials()})


@require_safe
@never_cache
@needs(ANYONE)
def visits(request: Asked) -> HttpResponseBase:
    """The due visits alone, for the page to refresh itself."""
    must_be_demo()
    return render(request, "public/_demo_places.html", {"places": _places()})


@require_POST
@needs(ANYONE)
def enter(request: Asked, window: str) -> HttpResponseBase:
    """Sign this window in as one person: `family` and `station` by visit, staff by user name."""
    must_be_demo()
    if window == "family":
        return _as_family(request, _visit(request))
    if window == "station":
        return _as_station(request, _visit(request))
    return _as_officer(request)


@require_POST
@needs(ANYONE)
def another(request: Asked) -> HttpResponseBase:
    """Book one more visit as soon as there is room."""
    must_be_demo()
    facility = Facility.objects.filter(code=request.POST.get("facility", "")).first()
    if facility is None:
        raise Http404
    make_due(facility, clock.now())
    messages.success(request, _("Satu kunjungan lagi sudah dipesan."))
    return redirect("demo")


def must_be_demo() -> None:
    """Raises Http404 anywhere but in the demo."""
    if settings.BESUK_MODE != "demo":
        raise Http404


def _places() -> list[Place]:
    now = clock.now()
    found = []
    for facility in Facility.objects.order_by("pk"):
        due = [_due(visit) for visit in due_visits(facility, now)[:MOST_DUE]]
        found.append(Place(facility, due, _officers(facility)))
    return found


def _due(visit: Visit) -> Due:
    host = visit.host
    states = {side: row.state for side, row in attendance_of(visit).items()}
    call = call_of(visit)
    return Due(visit, host.name if host else "", states, call.state if call else "")


def _officers(facility: Facility) -> list[Membership]:
    rows = list(Membership.objects.filter(facility=facility).select_related("staff").order_by("pk"))
    for row in rows:
        row.words = ROLE_WORDS.get(row.role, row.role)  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: row.role != FIRST_ROLE)


def _credentials() -> list[dict[str, Any]]:
    """The sign-ins that the demo has written down for us."""
    written: Path = settings.BESUK_DATA_DIR / "prepared.json"
    try:
        found: list[dict[str, Any]] = json.loads(written.read_text(encoding="utf-8"))["credentials"]
    except (OSError, ValueError, KeyError):
        return []
    return found


def _visit(request: Asked) -> Visit:
    rows = Visit.objects.select_related("station__facility", "facility")
    visit = rows.filter(ref=request.POST.get("visit", ""), state="booked").first()
    if visit is None:
        raise Http404
    return visit


def _as_family(request: Asked, visit: Visit) -> HttpResponseBase:
    host = visit.host
    if host is None or host.visitor is None:
        raise Http404
    open_visitor(request, host.visitor)
    return redirect("/my-visits/")


def _as_station(request: Asked, visit: Visit) -> HttpResponseBase:
    """Pair this browser as an officer and a computer in the prison would; the address is nobody's, so no limit hits."""
    now = clock.now()
    code = offer_pairing(station=visit.station, actor=_pairing_officer(visit.facility), now=now)
    computer = replace(NOBODY, address=f"demo-{secrets.token_hex(4)}")
    _station, key = pair_station(code=code, actor=computer, now=now)
    return keep_key(redirect("station_idle"), key)


def _pairing_officer(facility: Facility) -> Actor:
    now = clock.now()
    for row in _officers(facility):
        actor = staff_actor(row.staff, now)
        if actor.can(STATION_PAIR, facility.pk):
            return actor
    raise Http404


def _as_officer(request: Asked) -> HttpResponseBase:
    staff = Staff.objects.filter(username=request.POST.get("username", ""), is_active=True).first()
    if staff is None:
        raise Http404
    now = clock.now()
    open_staff(request, staff)
    request.session["facility"] = request.POST.get("facility", "")
    note_sign_in(staff=staff, how="demo", actor=somebody(request), now=now)
    return redirect(home_of(staff_actor(staff, now)))
