"""After a visit: rate it in one tap, or complain about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from besuk.flow.bookings.models import Visit
from besuk.flow.complaints.actions import complain, rate
from besuk.flow.complaints.models import Complaint
from besuk.flow.complaints.queries import complaints_of, rating_of
from besuk.flow.complaints.rules import is_over
from besuk.flow.complaints.words import POINTS, REASONS, STATES
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs
from besuk.web.visitor.own_visit import own_visit


@require_POST
@never_cache
@needs(VISITOR_OWN)
def rate_visit(request: Asked, ref: str) -> HttpResponseBase:
    """One tap on one to five. Raises Refused, told as a page."""
    visit = own_visit(request.actor, ref)
    given = request.POST.get("points", "")
    points = int(given) if given.isascii() and given.isdigit() else 0
    words = request.POST.get("words", "")
    rate(visit_ref=visit.ref, points=points, words=words, actor=request.actor, now=clock.now())
    messages.success(request, gettext("Terima kasih atas penilaian Anda."))
    return redirect(reverse("visit_result", args=[visit.ref]) + "#rating")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def complaint(request: Asked, ref: str) -> HttpResponseBase:
    """Complain about a visit of one's own, also about one that never took place; what was answered stands above."""
    visit = own_visit(request.actor, ref)
    if request.method != "POST":
        return _page(request, visit)
    given = request.POST
    try:
        filed = complain(
            visit_ref=visit.ref, reason=given.get("reason", ""), words=given.get("words", ""),
            key=given.get("key", ""), actor=request.actor, now=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, visit, refused)
    words = gettext("Aduan Anda kami terima. Nomornya {number}.").format(number=filed.number)
    messages.success(request, words)
    return redirect("visit_complaint", ref=visit.ref)


def voice_of(visit: Visit) -> dict[str, Any]:
    """What the result page says of rating and complaints."""
    rating, filed = rating_of(visit), told_complaints(visit, Complaint.Side.VISITOR)
    return {
        "may_rate": visit.state == "concluded",
        "rating": rating,
        "points": [(number, gettext(words), rating and rating.points == number) for number, words in POINTS.items()],
        "complaints": filed,
        "waits": any(_waits(one["row"]) for one in filed),
        "complaint_channel": policy_of(visit.facility_id).complaint_channel,
    }


def told_complaints(visit: Visit, side: str) -> list[dict[str, Any]]:
    """The complaints of one side in words."""
    return [
        {"row": row, "reason": gettext(REASONS[row.reason]), "state": gettext(STATES[row.state])}
        for row in complaints_of(visit, side)
    ]


def _page(request: Asked, visit: Visit, refused: Refused | None = None) -> HttpResponseBase:
    filed = told_complaints(visit, Complaint.Side.VISITOR)
    context = {
        "visit": visit,
        "facility": visit.facility,
        "complaints": filed,
        "may_file": is_over(visit.state, visit.starts_at, clock.now()) and not any(_waits(one["row"]) for one in filed),
        "reasons": [(code, gettext(words)) for code, words in REASONS.items()],
        "chosen": request.POST.get("reason", ""),
        "written": request.POST.get("words", ""),
        "complaint_channel": policy_of(visit.facility_id).complaint_channel,
        "refusals": told(refused.reasons, to_staff=False) if refused else [],
    }
    return render(request, "visitor/complaint.html", context, status=status_of(refused.reasons) if refused else 200)


def _waits(row: Complaint) -> bool:
    return row.state == "open"
