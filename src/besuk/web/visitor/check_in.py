"""Coming to a visit: arrive, accept the rules, wait; leave and come back."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any, cast

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import actions
from besuk.flow.checkin.models import DeviceTest
from besuk.flow.checkin.queries import attendance_of, place_in_line
from besuk.flow.live.queries import call_of
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs
from besuk.web.visitor.own_visit import own_visit

ACTS = ("arrive", "ready", "leave", "decline")


@require_safe
@needs(VISITOR_OWN)
def check_in(request: Asked, ref: str) -> HttpResponseBase:
    """Where this visit stands for the family: too early, arrive, rules, waiting room."""
    visit = own_visit(request.actor, ref)
    elsewhere = _elsewhere(visit, clock.now())
    return redirect(elsewhere) if elsewhere else _page(request, visit)


@require_POST
@needs(VISITOR_OWN)
def check_in_act(request: Asked, ref: str, act: str) -> HttpResponseBase:
    """One step of coming. A refusal is told on the page itself."""
    visit = own_visit(request.actor, ref)
    if act not in ACTS:
        raise refuse("NOT_FOUND")
    try:
        _do(act, visit, request, clock.now())
    except Refused as refused:
        return _page(request, visit, refused)
    return redirect("check_in", ref=visit.ref)


@require_safe
@needs(VISITOR_OWN)
def waiting(request: Asked, ref: str) -> HttpResponseBase:
    """The waiting room's live part: JSON for the script, a fragment for htmx (asked every 5 seconds)."""
    visit = own_visit(request.actor, ref)
    now = clock.now()
    elsewhere = _elsewhere(visit, now)
    if request.headers.get("HX-Request") != "true":
        facts = waiting_facts(visit, now)
        changed = f"{visit.state} {facts['inmate_state']} {facts['place']} {facts['minutes']}"
        return JsonResponse({"call_url": elsewhere, "changed": changed})
    if elsewhere:
        return HttpResponse(status=204, headers={"HX-Redirect": elsewhere})
    if attendance_of(visit)["visitor"].state != "ready":
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "visitor/_waiting.html", {"visit": visit, **waiting_facts(visit, now)})


def waiting_facts(visit: Visit, now: datetime) -> dict[str, Any]:
    """Position, minutes to the start, and who else is there."""
    return {
        "place": place_in_line(visit, now),
        "minutes": max(ceil((visit.starts_at - now) / timedelta(minutes=1)), 0),
        "inmate_state": attendance_of(visit)["inmate"].state,
    }


def _do(act: str, visit: Visit, request: Asked, now: datetime) -> None:
    actor: Actor = request.actor
    if act == "arrive":
        actions.arrive(visit_ref=visit.ref, side="visitor", actor=actor, now=now)
    elif act == "ready":
        accepted = "rules" in request.POST
        actions.get_ready(
            visit_ref=visit.ref,
            side="visitor",
            rules_accepted=accepted,
            will_not_record="will_not_record" in request.POST,
            actor=actor,
            now=now,
        )
    elif act == "leave":
        actions.leave(visit_ref=visit.ref, side="visitor", actor=actor, now=now)
    else:
        actions.decline_rules(visit_ref=visit.ref, actor=actor, now=now)


def _elsewhere(visit: Visit, now: datetime) -> str | None:
    """The page this visit is at when it is not check-in: its call, or its result."""
    if visit.state != "booked":
        return reverse("visit_result", args=[visit.ref])
    call = call_of(visit)
    if call is None:
        return reverse("visit_result", args=[visit.ref]) if now >= visit.ends_at else None
    if call.state == "ended":
        return reverse("visit_result", args=[visit.ref])
    ready = attendance_of(visit)["visitor"].state == "ready"
    return reverse("call", args=[visit.ref]) if ready else None


def _page(request: Asked, visit: Visit, refused: Refused | None = None) -> HttpResponse:
    now = clock.now()
    state = attendance_of(visit)["visitor"].state
    opens_at = visit.starts_at - timedelta(minutes=policy_of(visit.facility_id).check_in_opens_minutes)
    step = {"present": "rules", "ready": "waiting", "refused": "refused"}.get(state, "arrive")
    context: dict[str, Any] = {
        "visit": visit,
        "facility": visit.facility,
        "opens_at": opens_at,
        "step": "early" if step == "arrive" and now < opens_at else step,
        "tested": DeviceTest.objects.filter(visitor_id=request.actor.pk).order_by("-at").first(),
        "people": list(visit.people.order_by("-is_host", "pk")),
        "refusals": told(refused.reasons, to_staff=False) if refused else [],
    }
    if step == "waiting":
        context |= waiting_facts(visit, now)
    status = status_of(refused.reasons) if refused else 200
    return cast(HttpResponse, render(request, "visitor/check_in.html", context, status=status))
