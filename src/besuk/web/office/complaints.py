"""Complaints of families and inmates: what waits, what was answered, and the answer itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.complaints.actions import answer
from besuk.flow.complaints.models import Complaint
from besuk.flow.complaints.queries import answered_at, open_at, rating_of
from besuk.flow.complaints.words import POINTS, REASONS
from besuk.ground.accounts.capabilities import COMPLAINT_ANSWER
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, asked_facility, fetch, needs


@require_safe
@never_cache
@needs(COMPLAINT_ANSWER)
def complaints(request: Asked) -> HttpResponseBase:
    """Open complaints, the oldest first, then the newest answered ones."""
    facility, mine = asked_facility(request, COMPLAINT_ANSWER)
    context = {
        "facility": facility,
        "facilities": mine,
        "waiting": [_line(row) for row in open_at(facility)],
        "answered": [_line(row) for row in answered_at(facility)],
    }
    return render(request, "office/complaints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(COMPLAINT_ANSWER)
def complaint(request: Asked, ref: str) -> HttpResponseBase:
    """One complaint, with what is on record of the visit. A POST answers it."""
    rows = Complaint.objects.select_related("facility", "visit__inmate__block", "answered_by")
    row = fetch(request.actor, COMPLAINT_ANSWER, rows, ref=ref)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            answer(complaint_ref=row.ref, words=request.POST.get("words", ""), actor=request.actor, now=clock.now())
            messages.success(request, gettext("Jawaban tersimpan."))
            return redirect("office_complaints")
        except Refused as error:
            refused, row = error, rows.get(pk=row.pk)
    outcome = OUTCOMES.get(row.visit.outcome)
    rating = rating_of(row.visit)
    context: dict[str, Any] = {
        "facility": row.facility,
        "one": _line(row),
        "visit": row.visit,
        "outcome": gettext(outcome.inward) if outcome else gettext("belum dicatat"),
        "rating": gettext(POINTS[rating.points]) if rating else "",
        "written": request.POST.get("words", ""),
        "refusals": told(refused.reasons, to_staff=True) if refused else [],
    }
    return render(request, "office/complaint.html", context, status=status_of(refused.reasons) if refused else 200)


def _line(row: Complaint) -> dict[str, Any]:
    return {"row": row, "reason": gettext(REASONS[row.reason]), "side": row.get_side_display()}
