"""The inmate's side of the call."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from besuk.flow.checkin.queries import attendance_of
from besuk.flow.live.queries import participation_of, running_at
from besuk.ground.accounts.capabilities import STATION_OWN
from besuk.ground.kernel.crypto import supervision_public_key
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.call_page import call_page
from besuk.web.station.own_station import own_station


@require_safe
@never_cache
@needs(STATION_OWN)
def call(request: Asked) -> HttpResponseBase:
    """The running call of this station, once its inmate is ready; otherwise back to the idle page."""
    station = own_station(request.actor)
    running = running_at(station.pk)
    if running is None or attendance_of(running.visit)["inmate"].state != "ready":
        return redirect("station_idle")
    seat = participation_of(running, request.actor)
    if seat is None:
        raise Http404
    data = call_page(
        request,
        seat,
        next_url=reverse("station_idle"),
        sign_key=supervision_public_key(),
        support_url=reverse("station_support"),
    )
    slot = running.visit.ends_at - running.visit.starts_at
    context = {
        "station": station,
        "facility": station.facility,
        "slot_seconds": int(slot.total_seconds()),
        "page_data": data,
    }
    return render(request, "station/call.html", context)
