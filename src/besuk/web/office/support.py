"""The pendamping's page: who needs support, who has taken it on, what was done. Nobody else's page shows it."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from besuk.flow.oversight import actions
from besuk.flow.oversight.models import Support
from besuk.flow.oversight.rules import may_read_support
from besuk.ground.accounts.capabilities import SUPPORT
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, asked_facility, fetch, needs

MOST_DONE = 30
TONES = {"asked": "a", "received": "b", "followed": "g"}


@require_safe
@never_cache
@needs(SUPPORT)
def support(request: Asked) -> HttpResponseBase:
    """Open requests, the oldest first, then the newest that are done. No words here: reading them is on record."""
    facility, mine = asked_facility(request, SUPPORT)
    rows = Support.objects.filter(call__facility=facility).select_related(
        "call__visit__inmate__block", "named", "received_by"
    )
    context = {
        "facility": facility,
        "facilities": mine,
        "waiting": [(one, TONES[one.state]) for one in rows.exclude(state="followed").order_by("at")],
        "done": [(one, TONES[one.state]) for one in rows.filter(state="followed").order_by("-followed_at")[:MOST_DONE]],
    }
    return render(request, "office/support.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(SUPPORT)
def support_one(request: Asked, ref: str) -> HttpResponseBase:
    """One request with its words. A POST takes it on, or says what was done."""
    row = fetch(request.actor, SUPPORT, Support.objects.all(), facility="call__facility_id", ref=ref)
    if request.method != "POST":
        return _page(request, row.ref)
    try:
        messages.success(request, _do(request, row.ref))
    except Refused as refused:
        return _page(request, row.ref, refused)
    return redirect("office_support_one", ref=row.ref)


def _do(request: Asked, ref: str) -> str:
    act, now = request.POST.get("act", ""), clock.now()
    if act == "receive":
        actions.receive_support(support_ref=ref, actor=request.actor, now=now)
        return gettext("Permintaan ini Anda terima.")
    if act == "follow_up":
        report = request.POST.get("report", "")
        actions.follow_up_support(support_ref=ref, report=report, actor=request.actor, now=now)
        return gettext("Tindak lanjut dicatat.")
    raise refuse("FORM_INCOMPLETE")


def _page(request: Asked, ref: str, refused: Refused | None = None) -> HttpResponseBase:
    row, words, report = actions.view_support(support_ref=ref, actor=request.actor, now=clock.now())
    visit = row.call.visit
    context = {
        "support": row,
        "visit": visit,
        "facility": visit.facility,
        "tone": TONES[row.state],
        "words": words,
        "report": report,
        "may_read": may_read_support(request.actor.pk, named=row.named_id, received_by=row.received_by_id),
        "is_mine": row.received_by_id == request.actor.pk,
        "written": request.POST.get("report", ""),
        "refusals": told(refused.reasons, to_staff=True) if refused else [],
    }
    return render(request, "office/support_one.html", context, status=status_of(refused.reasons) if refused else 200)
