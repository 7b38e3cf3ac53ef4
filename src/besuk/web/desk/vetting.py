"""Vetting: the queue by age, the papers beside the form, the decision with reasons."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from besuk.flow.approvals import actions
from besuk.flow.approvals.lifecycle import TIE
from besuk.flow.approvals.models import Document, Tie
from besuk.flow.approvals.queries import documents_of, find_inmates, find_ties, queue, ties_of
from besuk.flow.approvals.words import MISSING, REASONS, STATES
from besuk.ground.accounts.capabilities import DOCUMENT_VIEW, VETTING
from besuk.ground.accounts.queries import nik_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, facility_of, fetch, needs

OLD = timedelta(days=1)
TONES = {"approved": "g", "needs_more": "a", "refused": "r", "suspended": "r", "revoked": "r"}
STANDING: dict[str, tuple[Callable[..., Tie], str]] = {
    "suspend": (actions.suspend, _("Hubungan ditangguhkan.")),
    "restore": (actions.restore, _("Hubungan berlaku kembali.")),
    "revoke": (actions.revoke, _("Persetujuan dicabut.")),
}
"""What can be done with a tie that was approved once; each needs a reason in words."""


@require_safe
@never_cache
@needs(VETTING)
def vetting(request: Asked) -> HttpResponseBase:
    """The queue, the oldest application first; and a search among all ties of the prison."""
    facility = facility_of(request, VETTING)
    words = request.GET.get("find", "")
    found = [(tie, gettext(STATES[tie.state]), TONES.get(tie.state, "b")) for tie in find_ties(facility, words)]
    context = {"facility": facility, "queue": _queue(facility), "find": words, "found": found}
    return render(request, "desk/vetting.html", context)


def _queue(facility: Facility) -> list[dict[str, object]]:
    """Who waits, and for how long: from a day on that is marked."""
    now = clock.now()
    rows = []
    for tie in queue(facility):
        waited = now - tie.submitted_at
        rows.append({"tie": tie, "days": waited.days, "hours": waited.seconds // 3600, "is_old": waited >= OLD})
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VETTING)
def vetting_tie(request: Asked, ref: str) -> HttpResponseBase:
    """One application: look, match the inmate, decide."""
    rows = Tie.objects.select_related("facility", "visitor__duplicate_of", "inmate__block")
    tie = fetch(request.actor, VETTING, rows, ref=ref)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, tie))
            return redirect(_next_page(tie))
        except Refused as error:
            refused = error
    return _page(request, tie, refused)


def _next_page(tie: Tie) -> str:
    """After the queue's work back to the queue, else to the same person. `tie` is as it was before."""
    return reverse("desk_vetting") if tie.state == "submitted" else reverse("desk_vetting_tie", args=[tie.ref])


def _decide(request: Asked, tie: Tie) -> str:
    post, now = request.POST, clock.now()
    act, key = post.get("act", ""), post.get("key", "")
    if act == "approve":
        actions.approve(
            tie_ref=tie.ref,
            inmate_ref=post.get("inmate", ""),
            permit_issuer=post.get("permit_issuer", ""),
            permit_expires_on=_date(post.get("permit_expires_on", "")),
            key=key,
            actor=request.actor,
            now=now,
        )
        return gettext("Hubungan disetujui.")
    if act == "refuse":
        reasons = post.getlist("reason")
        actions.refuse(tie_ref=tie.ref, reasons=reasons, key=key, actor=request.actor, now=now)
        return gettext("Permohonan ditolak dengan alasan.")
    if act == "ask_for_more":
        missing = post.getlist("missing")
        actions.ask_for_more(tie_ref=tie.ref, reasons=missing, key=key, actor=request.actor, now=now)
        return gettext("Pemohon diminta melengkapi.")
    if act in STANDING:
        change, told_so = STANDING[act]
        change(tie_ref=tie.ref, reason=post.get("words", ""), key=key, actor=request.actor, now=now)
        return gettext(told_so)
    raise refuse("FORM_INCOMPLETE")


def _date(text: str) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        raise refuse("FORM_INCOMPLETE") from error


def _page(request: Asked, tie: Tie, refused: Refused | None) -> HttpResponseBase:
    words = request.GET.get("find", tie.inmate_named)
    reasons = refused.reasons if refused else ()
    context: dict[str, Any] = {
        "facility": tie.facility,
        "tie": tie,
        "queue": _queue(tie.facility),
        "nik": nik_of(tie.visitor),
        "first_with_nik": tie.visitor.duplicate_of,
        "posted_act": request.POST.get("act", ""),
        "words": request.POST.get("words", ""),
        "chosen_inmate": request.POST.get("inmate", ""),
        "chosen_codes": [*request.POST.getlist("reason"), *request.POST.getlist("missing")],
        "permit_issuer": request.POST.get("permit_issuer", tie.permit_issuer),
        "permit_expires_on": request.POST.get("permit_expires_on", ""),
        "standing": [act for act in STANDING if TIE.allows(act, tie.state)],
        "relation": tie.get_relation_display(),
        "state": gettext(STATES[tie.state]),
        "documents": documents_of(tie.visitor),
        "others": [(one, gettext(STATES[one.state])) for one in ties_of(tie.visitor, near=tie) if one.pk != tie.pk],
        "find": words,
        "inmates": find_inmates(tie.facility, words),
        "reasons": [(code, gettext(text)) for code, text in REASONS.items()],
        "missing": [(code, gettext(text)) for code, text in MISSING.items()],
        "refusals": told(reasons, to_staff=True),
    }
    return render(request, "desk/vetting_tie.html", context, status=status_of(reasons) if reasons else 200)


@require_safe
@never_cache
@needs(DOCUMENT_VIEW)
def document(request: Asked, ref: str) -> HttpResponseBase:
    """A paper's picture; each look is an entry in the record."""
    known = Document.objects.filter(visitor__ties__facility_id__in=request.actor.facilities_with(DOCUMENT_VIEW))
    if not known.filter(ref=ref).exists():
        raise refuse("NOT_FOUND")
    content = actions.view_document(document_ref=ref, actor=request.actor, now=clock.now())
    response = HttpResponse(content, content_type="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    return response
