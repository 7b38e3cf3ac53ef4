"""Coming to a visit: accept the rules, wait; leave and come back."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import actions
from besuk.flow.checkin.queries import attendance_of, place_in_line
from besuk.flow.live.queries import call_of
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs
from besuk.web.templatetags.besuk import clock_in, day_in
from besuk.web.visitor.own_visit import own_visit


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def check_in(request: Asked, ref: str) -> HttpResponseBase:
    """Where this visit stands for the family: too early, the rules, or the waiting room.

    A POST accepts the rules and the word not to record, each time anew, and is "I am here and ready".
    The waiting room fetches itself every few seconds; a refusal is told on the page.
    """
    visit = own_visit(request.actor, ref)
    now = clock.now()
    if is_over(visit, now):
        return redirect("visit_result", ref=visit.ref)
    if request.method != "POST":
        return _page(request, visit)
    try:
        actions.get_ready(
            visit_ref=visit.ref,
            side="visitor",
            rules_accepted=request.POST.get("rules") == "yes",
            will_not_record=request.POST.get("no_recording") == "yes",
            actor=request.actor,
            now=now,
        )
    except Refused as refused:
        return _page(request, visit, refused)
    return redirect("check_in", ref=visit.ref)


@require_POST
@needs(VISITOR_OWN)
def leave(request: Asked, ref: str) -> HttpResponseBase:
    """Leave the waiting room; coming back is always possible."""
    visit = own_visit(request.actor, ref)
    actions.leave(visit_ref=visit.ref, side="visitor", actor=request.actor, now=clock.now())
    return redirect("check_in", ref=visit.ref)


@require_POST
@needs(VISITOR_OWN)
def decline(request: Asked, ref: str) -> HttpResponseBase:
    """The rules are not accepted: the visit does not take place."""
    visit = own_visit(request.actor, ref)
    actions.decline_rules(visit_ref=visit.ref, actor=request.actor, now=clock.now())
    return redirect("visit_result", ref=visit.ref)


def is_over(visit: Visit, now: datetime) -> bool:
    """Whether there is nothing to come to any more: concluded, cancelled, the call ended, or time passed."""
    call = call_of(visit)
    if call is not None:
        return visit.state != "booked" or call.state == "ended"
    return visit.state != "booked" or now >= visit.ends_at


def room_of(visit: Visit, now: datetime) -> dict[str, Any]:
    """The waiting room: who else is there, time to the start, position, and the way in once the call is open."""
    inmate = attendance_of(visit)["inmate"].state
    call_url = reverse("call", args=[visit.ref]) if call_of(visit) else None
    starts_in = max(ceil((visit.starts_at - now) / timedelta(minutes=1)), 0)
    place = place_in_line(visit, now)
    return {
        "call_url": call_url,
        "other_name": visit.inmate.call_name,
        "other_state": inmate if inmate in {"present", "ready"} else "absent",
        "starts_in": starts_in,
        "queue": place,
        "changed": f"{call_url} {inmate} {starts_in} {place}",
    }


def _page(request: Asked, visit: Visit, refused: Refused | None = None) -> HttpResponse:
    now = clock.now()
    zone = visit.facility.zone
    checked_in = attendance_of(visit)["visitor"].state == "ready"
    opens_at = visit.starts_at - timedelta(minutes=policy_of(visit.facility_id).check_in_opens_minutes)
    device_check = f"{reverse('device_check')}?visit={visit.ref}"
    context: dict[str, Any] = {
        "visit": {
            "ref": visit.ref,
            "day": day_in(visit.starts_at, zone),
            "time": clock_in(visit.starts_at, zone),
            "who": visit.inmate.call_name,
        },
        "facility": visit.facility,
        "checked_in": checked_in,
        "opens_at": None if checked_in or now >= opens_at else clock_in(opens_at, zone),
        "room": room_of(visit, now) if checked_in else None,
        "device_check_url": device_check,
        "leave_url": reverse("check_in_leave", args=[visit.ref]),
        "decline_url": reverse("check_in_decline", args=[visit.ref]),
        "people": [one.name for one in visit.people.order_by("-is_host", "pk")],
        "refusals": told(refused.reasons, to_staff=False) if refused else [],
    }
    return render(request, "visitor/check_in.html", context, status=status_of(refused.reasons) if refused else 200)
