"""Coming to a visit: arrive, accept the rules, wait; leave and come back."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import actions
from besuk.flow.checkin.models import DeviceTest
from besuk.flow.checkin.queries import attendance_of, place_in_line
from besuk.flow.live.models import Call
from besuk.flow.live.queries import call_of
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.facilities.queries import is_stopped, policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs
from besuk.web.visitor.own_visit import own_visit

STEPS = {"present": "rules", "ready": "waiting", "refused": "refused"}
"""State of attendance -> step of the page; before that: early or arrive."""
TICKS = (
    ("rules", "accept-rules", _("Saya mengerti tata tertib ini dan akan menaatinya.")),
    ("will_not_record", "no-recording", _("Saya tidak akan merekam kunjungan ini.")),
)
"""What is accepted each time anew: name in the form, test id, words."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def check_in(request: Asked, ref: str) -> HttpResponseBase:
    """Where this visit stands for the family: too early, arrive, rules, waiting room. A POST is one step.

    The waiting room fetches itself every few seconds; a refusal is told on the page.
    """
    visit = own_visit(request.actor, ref)
    now = clock.now()
    if is_over(visit, call_of(visit), now):
        return redirect("visit_result", ref=visit.ref)
    if request.method != "POST":
        return _page(request, visit)
    try:
        _do(request, visit, now)
    except Refused as refused:
        return _page(request, visit, refused)
    return redirect("check_in", ref=visit.ref)


def is_over(visit: Visit, call: Call | None, now: datetime) -> bool:
    """Whether there is nothing to come to any more: concluded, cancelled, the call ended, or time passed."""
    if call is not None:
        return visit.state != "booked" or call.state == "ended"
    return visit.state != "booked" or now >= visit.ends_at


def waiting_facts(visit: Visit, now: datetime) -> dict[str, Any]:
    """The waiting room: position, minutes to the start, who else is there, whether the call is open."""
    place = place_in_line(visit, now)
    minutes = max(ceil((visit.starts_at - now) / timedelta(minutes=1)), 0)
    inmate = attendance_of(visit)["inmate"].state
    is_open, paused = call_of(visit) is not None, is_stopped(visit.facility_id)
    facts = {"place": place, "minutes": minutes, "inmate_state": inmate, "is_open": is_open}
    return {**facts, "changed": f"{place} {minutes} {inmate} {is_open} {paused}"}


def _do(request: Asked, visit: Visit, now: datetime) -> None:
    act, actor = request.POST.get("act", ""), request.actor
    if act == "arrive":
        actions.arrive(visit_ref=visit.ref, side="visitor", actor=actor, now=now)
    elif act == "ready":
        actions.get_ready(
            visit_ref=visit.ref,
            side="visitor",
            rules_accepted=request.POST.get("rules") == "yes",
            will_not_record=request.POST.get("will_not_record") == "yes",
            actor=actor,
            now=now,
        )
    elif act == "leave":
        actions.leave(visit_ref=visit.ref, side="visitor", actor=actor, now=now)
    elif act == "decline":
        actions.decline_rules(visit_ref=visit.ref, actor=actor, now=now)
    else:
        raise refuse("FORM_INCOMPLETE")


def _ticks(request: Asked) -> list[dict[str, Any]]:
    """The two boxes as they were left; after a try to go on, which of them is missing."""
    tried = request.POST.get("act") == "ready"
    rows = [(name, testid, words, request.POST.get(name) == "yes") for name, testid, words in TICKS]
    return [
        {"name": name, "testid": testid, "words": gettext(words), "given": given, "missing": tried and not given}
        for name, testid, words, given in rows
    ]


def _page(request: Asked, visit: Visit, refused: Refused | None = None) -> HttpResponse:
    now = clock.now()
    opens_at = visit.starts_at - timedelta(minutes=policy_of(visit.facility_id).check_in_opens_minutes)
    step = STEPS.get(attendance_of(visit)["visitor"].state, "arrive")
    context: dict[str, Any] = {
        "visit": visit,
        "facility": visit.facility,
        "opens_at": opens_at,
        "has_begun": visit.starts_at <= now,
        "paused": is_stopped(visit.facility_id),
        "step": "early" if step == "arrive" and now < opens_at else step,
        "tested": DeviceTest.objects.filter(visitor_id=request.actor.pk).order_by("-at").first(),
        "people": list(visit.people.order_by("-is_host", "pk")),
        "refusals": told(refused.reasons, to_staff=False) if refused else [],
    }
    if step == "waiting":
        context |= waiting_facts(visit, now)
    if step == "rules":
        context["ticks"] = _ticks(request)
    return render(request, "visitor/check_in.html", context, status=status_of(refused.reasons) if refused else 200)
