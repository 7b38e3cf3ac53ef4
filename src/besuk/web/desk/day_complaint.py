"""An officer writes down what an inmate complains of."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.bookings.models import Visit
from besuk.flow.complaints.actions import complain_for_inmate
from besuk.flow.complaints.words import REASONS
from besuk.ground.accounts.capabilities import COMPLAINT_FILE
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, fetch, needs


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(COMPLAINT_FILE)
def day_complaint(request: Asked, ref: str) -> HttpResponseBase:
    """The form, and a POST that files it. The head of prison answers; the officer tells the inmate."""
    rows = Visit.objects.filter(state__in=["booked", "concluded", "cancelled"]).select_related("facility", "inmate")
    visit = fetch(request.actor, COMPLAINT_FILE, rows, ref=ref)
    refused: Refused | None = None
    given = request.POST
    if request.method == "POST":
        try:
            filed = complain_for_inmate(
                visit_ref=visit.ref, reason=given.get("reason", ""), words=given.get("words", ""),
                key=given.get("key", ""), actor=request.actor, now=clock.now(),
            )  # fmt: skip
            words = gettext("Aduan warga binaan dicatat. Nomornya {number}.").format(number=filed.number)
            messages.success(request, words)
            return redirect("desk_day_visit", ref=visit.ref)
        except Refused as error:
            refused = error
    context = {
        "visit": visit,
        "facility": visit.facility,
        "reasons": [(code, gettext(words)) for code, words in REASONS.items()],
        "chosen": given.get("reason", ""),
        "written": given.get("words", ""),
        "refusals": told(refused.reasons, to_staff=True) if refused else [],
    }
    return render(request, "desk/day_complaint.html", context, status=status_of(refused.reasons) if refused else 200)
