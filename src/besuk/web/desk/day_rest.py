"""Cancel the rest of a session: who is touched is shown first, and exactly they are cancelled."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.bookings.actions import cancel_rest
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import rests_on
from besuk.ground.accounts.capabilities import DESK_BOOK
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.desk.day import chosen_day
from besuk.web.shared.access import Asked, facility_of, needs


@dataclass(frozen=True)
class Rest:
    """What is still to come of one session."""

    starts_at: datetime
    ends_at: datetime
    visits: list[Visit]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(DESK_BOOK)
def day_rest(request: Asked) -> HttpResponseBase:
    """The sessions of a day with what is left of each. A POST cancels the visits that were shown."""
    facility = facility_of(request, DESK_BOOK)
    now = clock.now()
    on = chosen_day(request, facility, now)
    if request.method != "POST":
        return _page(request, facility, on, now)
    given = request.POST
    try:
        count = cancel_rest(
            facility_id=facility.pk,
            visit_refs=given.getlist("visit"),
            reason=given.get("reason", ""),
            key=given.get("key", ""),
            actor=request.actor,
            now=now,
        )
    except Refused as refused:
        return _page(request, facility, on, now, refused)
    done = ngettext("{n} kunjungan dibatalkan.", "{n} kunjungan dibatalkan.", count)
    messages.success(request, done.format(n=count))
    return redirect(f"/desk/day/?on={on.isoformat()}")


def rests(facility: Facility, on: date, now: datetime) -> list[Rest]:
    """The sessions of a local day that still have visits to come, in order."""
    found = []
    for rest in rests_on(facility, on):
        coming = [visit for visit in rest.visits if visit.starts_at > now]
        if coming:
            found.append(Rest(rest.session.start, rest.session.end, coming))
    return found


def _page(
    request: Asked, facility: Facility, on: date, now: datetime, refused: Refused | None = None
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "facility": facility,
        "on": on,
        "rests": rests(facility, on, now),
        "refusals": told(refused.reasons, to_staff=True) if refused else [],
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "desk/day_rest.html", context, status=status_of(refused.reasons) if refused else 200)
