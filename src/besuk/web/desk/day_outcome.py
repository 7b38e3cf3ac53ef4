"""What became of the visits that are over: an officer confirms in one click, or corrects with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.bookings.queries import returns_of, unconfirmed
from besuk.flow.complaints.undisputed import confirm_undisputed, disputed_among
from besuk.flow.live.actions import confirm_outcome, correct_outcome
from besuk.flow.live.evidence import Proof, proofs_of
from besuk.flow.live.rules import OFFICERS_MAY_CORRECT_TO
from besuk.ground.accounts.capabilities import OUTCOME_SETTLE
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, facility_of, fetch, needs

MOST_SHOWN = 30
FAULTS = {"facility": _("sebab: lapas"), "visitor": _("sebab: pengunjung"), "inmate": _("sebab: warga binaan")}
ENDED_BY = {
    "clock": _("selesai menurut waktu"),
    "visitor": _("diakhiri pengunjung"),
    "inmate": _("diakhiri warga binaan"),
    "officer": _("diakhiri petugas"),
    "stop": _("semua panggilan dihentikan"),
    "stopped": _("semua panggilan dihentikan"),
}


@dataclass(frozen=True)
class Ended:
    """A visit that is over, with what the record says of it."""

    visit: Visit
    proof: Proof
    back: LedgerEntry | None
    is_disputed: bool
    """A complaint about it waits for its answer."""

    @property
    def shown(self) -> str:
        """What a form says of it: which visit, and with what outcome it was seen."""
        return f"{self.visit.ref}:{self.visit.outcome}"

    @property
    def outcome(self) -> str:
        """The outcome in the staff's words."""
        return gettext(OUTCOMES[self.visit.outcome].inward)

    @property
    def tone(self) -> str:
        """Of the tag."""
        return "g" if self.visit.outcome.startswith("completed") else "a"

    @property
    def fault(self) -> str:
        """Whose fault, in words; empty when nobody's."""
        return gettext(FAULTS[fault]) if (fault := OUTCOMES[self.visit.outcome].fault) in FAULTS else ""

    @property
    def ended_by(self) -> str:
        """Who ended it, in words."""
        return gettext(ENDED_BY[self.proof.ended_by]) if self.proof.ended_by in ENDED_BY else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What it could be corrected to."""
        codes = (code for code in OFFICERS_MAY_CORRECT_TO if code != self.visit.outcome)
        return [(code, gettext(OUTCOMES[code].inward)) for code in codes]


@dataclass(frozen=True)
class Unconfirmed:
    """The oldest visits that nobody has stood by, and how many there are."""

    shown: list[Ended]
    total: int

    @property
    def undisputed(self) -> list[Ended]:
        """Those of them that can be confirmed all at once."""
        return [one for one in self.shown if not one.is_disputed]


def ended_of(visits: Sequence[Visit]) -> list[Ended]:
    """These visits with their evidence and with what came back, in a handful of queries."""
    proofs, back, disputed = proofs_of(visits), returns_of(visits), disputed_among(visits)
    return [Ended(one, proofs[one.pk], back.get(one.pk), one.pk in disputed) for one in visits]


def unconfirmed_at(facility: Facility) -> Unconfirmed:
    """What the day page lists."""
    rows = unconfirmed(facility)
    return Unconfirmed(ended_of(list(rows[:MOST_SHOWN])), rows.count())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(OUTCOME_SETTLE)
def day_outcome(request: Asked, ref: str) -> HttpResponseBase:
    """The outcome of one visit and its evidence. A POST confirms or corrects it."""
    rows = Visit.objects.filter(state__in=["booked", "concluded"]).select_related(
        "facility", "inmate", "station", "confirmed_by"
    )
    visit = fetch(request.actor, OUTCOME_SETTLE, rows, ref=ref)
    if visit.state != "concluded":
        raise refuse("STATE_CHANGED")
    if request.method != "POST":
        return _page(request, visit)
    try:
        messages.success(request, _settle(request, visit))
    except Refused as refused:
        return _page(request, rows.get(pk=visit.pk), refused)
    return redirect(f"/desk/day/?on={_day_shown(request, visit.starts_at, visit.facility).isoformat()}#unconfirmed")


@require_POST
@never_cache
@needs(OUTCOME_SETTLE)
def day_outcomes(request: Asked) -> HttpResponseBase:
    """Confirm all outcomes that were shown and are not disputed; what changed since is left, and said."""
    facility, now = facility_of(request, OUTCOME_SETTLE), clock.now()
    shown = dict(one.split(":", 1) for one in request.POST.getlist("shown") if ":" in one)
    key = request.POST.get("key", "")
    done = confirm_undisputed(facility_id=facility.pk, shown=shown, key=key, actor=request.actor, now=now)
    messages.success(request, ngettext("{n} hasil dipastikan.", "{n} hasil dipastikan.", done).format(n=done))
    if left := len(shown) - done:
        words = ngettext(
            "{n} berubah sejak ditampilkan dan dibiarkan: lihat lagi.",
            "{n} berubah sejak ditampilkan dan dibiarkan: lihat lagi.",
            left,
        )
        messages.warning(request, words.format(n=left))
    return redirect(f"/desk/day/?on={_day_shown(request, now, facility).isoformat()}#unconfirmed")


def _day_shown(request: Asked, otherwise: datetime, facility: Facility) -> date:
    """The day whose page the officer came from, or the one of that moment at the facility."""
    try:
        return date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        return otherwise.astimezone(zone_of(facility)).date()


def _settle(request: Asked, visit: Visit) -> str:
    """Do what the form says; returns what was done, in words. Raises Refused."""
    given, actor, now = request.POST, request.actor, clock.now()
    act, seen = given.get("act", ""), given.get("seen", "")
    if act == "confirm":
        confirm_outcome(visit_ref=visit.ref, seen=seen, actor=actor, now=now)
        return gettext("Hasil kunjungan dipastikan.")
    if act == "correct":
        correct_outcome(
            visit_ref=visit.ref, seen=seen, outcome=given.get("outcome", ""), reason=given.get("reason", ""),
            key=given.get("key", ""), actor=actor, now=now,
        )  # fmt: skip
        return gettext("Hasil kunjungan dikoreksi. Keluarga diberi tahu.")
    raise refuse("FORM_INCOMPLETE")


def _page(request: Asked, visit: Visit, refused: Refused | None = None) -> HttpResponseBase:
    context: dict[str, Any] = {
        "facility": visit.facility,
        "visit": visit,
        "one": ended_of([visit])[0],
        "refusals": told(refused.reasons, to_staff=True) if refused else [],
        "posted": request.POST,
    }
    return render(request, "desk/day_outcome.html", context, status=status_of(refused.reasons) if refused else 200)
