"""One visit from beginning to end, as the record has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from besuk.flow.bookings.models import Visit, VisitPerson
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.bookings.queries import returns_of
from besuk.flow.live.jobs import LINES_KEPT
from besuk.flow.live.models import Call
from besuk.flow.live.queries import line_stories, timeline
from besuk.flow.oversight.models import Incident, Listening, Note
from besuk.flow.oversight.warnings import INCIDENTS
from besuk.ground.accounts.capabilities import AUDIT_VIEW, VISIT_VIEW
from besuk.ground.audit.codes import sentence_of
from besuk.ground.audit.models import Entry
from besuk.web.office.audit import audit_state
from besuk.web.office.lines import drawn
from besuk.web.shared.access import Asked, fetch, needs

TONES = {
    "admitted": "g", "lifted_supervisor": "g", "lifted_no_supervisor": "g", "lifted_technical": "g",
    "held_supervisor": "a", "held_no_supervisor": "a", "held_technical": "a", "held_recorder": "a", "warned": "a",
    "reminded_by_officer": "a", "help_wanted": "a", "door_rule_broken": "r", "put_out": "r", "ejected": "r",
    "identity_refused": "r", "incident": "r", "muted": "a", "floor_mended": "r",
}  # fmt: skip
OWN_ROWS = frozenset({"noted", "incident"})
"""Told from their own rows, with what was written."""
FAULTS = {
    "nobody": _("tidak ada"),
    "visitor": _("pengunjung"),
    "inmate": _("warga binaan"),
    "facility": _("lapas"),
}


@dataclass(frozen=True)
class Told:
    """One line of the page."""

    at: datetime
    code: str
    sentence: str
    who: str = ""
    words: str = ""
    """What somebody wrote, where they did."""

    @property
    def tone(self) -> str:
        return TONES.get(self.code, "")


@require_safe
@needs(VISIT_VIEW)
def visit(request: Asked, ref: str) -> HttpResponseBase:
    """Everything on record about a visit, oldest first, with the log's entry numbers."""
    rows = Visit.objects.select_related("facility", "inmate__block", "station", "confirmed_by")
    people = VisitPerson.objects.select_related("tie").order_by("-is_host", "pk")
    one = fetch(request.actor, VISIT_VIEW, rows.prefetch_related(Prefetch("people", people)), ref=ref)
    call = Call.objects.select_related("admitted_by").filter(visit=one).first()
    host = one.host
    outcome = OUTCOMES.get(one.outcome)
    context: dict[str, Any] = {
        "facility": one.facility,
        "visit": one,
        "call": call,
        "accepted": list(one.attendance.filter(rules_accepted_at__isnull=False).order_by("-side")),
        "people": list(one.people.all()),
        "relation": host.tie.get_relation_display() if host and host.tie else "",
        "lines": story_of(one, call),
        "entries": entries_of(one, call),
        "charts": drawn(line_stories(call)),
        "lines_kept": LINES_KEPT.days,
        "listenings": list(Listening.objects.filter(call=call).select_related("by").order_by("since")),
        "outcome": gettext(outcome.inward) if outcome else "",
        "outward": gettext(outcome.outward) if outcome else "",
        "fault": gettext(FAULTS[outcome.fault]) if outcome else "",
        "back": returns_of([one]).get(one.pk),
        "audit": audit_state(one.facility) if request.actor.can(AUDIT_VIEW, one.facility_id) else None,
    }
    return render(request, "office/visit.html", context)


def story_of(one: Visit, call: Call | None) -> list[Told]:
    """The timeline of `live` with what the other steps know: booking, device tests, notes, the conclusion."""
    lines = [Told(one.created_at, "held", gettext("Jadwal ditahan untuk dipesan."))]
    lines += [Told(line.at, line.code, line.sentence, line.who) for line in timeline(one) if line.code not in OWN_ROWS]
    for test in one.device_tests.all():
        sentence = gettext("Uji perangkat: semua berfungsi.") if test.passed else gettext("Uji perangkat: ada kendala.")
        lines.append(Told(test.at, "device_test", sentence, gettext("Pengunjung")))
    for note in Note.objects.filter(call=call).select_related("by"):
        sentence = gettext("Petugas {officer} menulis catatan.").format(officer=note.by.code)
        lines.append(Told(note.at, "noted", sentence, note.by.code, note.text))
    for seen in Incident.objects.filter(call=call).select_related("by"):
        kind = gettext(INCIDENTS.get(seen.kind, seen.kind))
        sentence = gettext("Petugas {officer} mencatat kejadian: {text}").format(officer=seen.by.code, text=kind)
        lines.append(Told(seen.at, "incident", sentence, seen.by.code, seen.text))
    if one.ended_at is not None:
        lines.append(Told(one.ended_at, one.state, _end_of(one)))
    return sorted(lines, key=lambda line: line.at)


def entries_of(one: Visit, call: Call | None) -> list[tuple[Entry, str]]:
    """The log's entries about this visit, its call and both sides' attendance, in their order, with a sentence."""
    mine = Entry.objects.filter(facility_id=one.facility_id)
    about = mine.filter(object_kind="bookings.visit", object_ref=one.ref) | mine.filter(data__visit=one.ref)
    if call is not None:
        about |= mine.filter(object_kind="live.call", object_ref=call.ref)
    return [(entry, sentence_of(entry.code)) for entry in about.order_by("number")]


def _end_of(one: Visit) -> str:
    outcome = OUTCOMES.get(one.outcome)
    words = gettext(outcome.inward) if outcome else one.outcome
    if one.state == "cancelled":
        return gettext("Kunjungan dibatalkan: {outcome}").format(outcome=words)
    return gettext("Kunjungan dicatat selesai: {outcome}").format(outcome=words)
