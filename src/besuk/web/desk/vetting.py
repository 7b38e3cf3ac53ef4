"""Vetting: the queue by age, the papers beside the form, the decision with reasons."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from besuk.flow.approvals import actions
from besuk.flow.approvals.models import Document, Tie
from besuk.flow.approvals.queries import documents_of, find_inmates, queue, ties_of
from besuk.flow.approvals.words import MISSING, REASONS, RELATIONS, STATES
from besuk.ground.accounts.capabilities import DOCUMENT_VIEW, VETTING
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, facility_of, fetch, needs


@require_safe
@never_cache
@needs(VETTING)
def vetting(request: Asked) -> HttpResponseBase:
    """The queue; the oldest application first."""
    facility = facility_of(request, VETTING)
    context = {"facility": facility, "queue": queue(facility), "now": clock.now()}
    return render(request, "desk/vetting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VETTING)
def vetting_tie(request: Asked, ref: str) -> HttpResponseBase:
    """One application: look, match the inmate, decide."""
    rows = Tie.objects.select_related("facility", "visitor", "inmate")
    tie = fetch(request.actor, VETTING, rows, ref=ref)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, tie))
            return redirect("desk_vetting")
        except Refused as error:
            refused = error
    return _page(request, tie, refused)


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
        "queue": queue(tie.facility),
        "relation": gettext(RELATIONS[tie.relation]),
        "state": gettext(STATES[tie.state]),
        "documents": documents_of(tie.visitor),
        "others": [(other, gettext(STATES[other.state])) for other in ties_of(tie.visitor) if other.pk != tie.pk],
        "find": words,
        "inmates": find_inmates(tie.facility, words),
        "reasons": [(code, gettext(text)) for code, text in REASONS.items()],
        "missing": [(code, gettext(text)) for code, text in MISSING.items()],
        "refusals": told(reasons, to_staff=True),
        "now": clock.now(),
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
