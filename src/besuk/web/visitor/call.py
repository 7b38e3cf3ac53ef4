"""The call itself, and what became of it."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.checkin.queries import attendance_of
from besuk.flow.live.models import Call
from besuk.flow.live.queries import call_of, participation_of
from besuk.flow.oversight.queries import support_state
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.kernel import clock
from besuk.ground.kernel.actor import Actor
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.call_page import call_page
from besuk.web.visitor.came_back import NOTHING, came_back
from besuk.web.visitor.check_in import is_over
from besuk.web.visitor.family_story import family_story
from besuk.web.visitor.own_visit import own_visit
from besuk.web.visitor.voice import voice_of
from besuk.web.visitor.what_next import NEXT, NOT_YET


@require_safe
@never_cache
@needs(VISITOR_OWN)
def call(request: Asked, ref: str) -> HttpResponseBase:
    """The visitor's side of the call. Before it is prepared, or without check-in: check-in. After it: the result."""
    visit = own_visit(request.actor, ref)
    running = call_of(visit)
    if visit.state != "booked" or (running and running.state == "ended"):
        return redirect("visit_result", ref=visit.ref)
    if running is None or attendance_of(visit)["visitor"].state != "ready":
        return redirect("check_in", ref=visit.ref)
    seat = participation_of(running, request.actor)
    if seat is None:
        raise Http404
    data = call_page(
        request,
        seat,
        next_url=reverse("visit_result", args=[visit.ref]),
        sign_key=None,
        support_url=reverse("visit_support", args=[visit.ref]),
    )
    return render(request, "visitor/call.html", {"visit": visit, "page_data": data})


@require_safe
@needs(VISITOR_OWN)
def visit_result(request: Asked, ref: str) -> HttpResponseBase:
    """How a visit ended, what comes back, and what happened, as the family may know it."""
    visit = own_visit(request.actor, ref)
    ended = call_of(visit)
    if not is_over(visit, ended, clock.now()):
        return redirect("check_in", ref=visit.ref)
    return render(
        request,
        "visitor/result.html",
        {"visit": visit, "lines": family_story(visit), **voice_of(visit), **_told(visit, ended, request.actor)},
    )


def _told(visit: Visit, ended: Call | None, visitor: Actor) -> dict[str, Any]:
    outcome = OUTCOMES.get(visit.outcome)
    return {
        "facility": visit.facility,
        "call": ended,
        "outcome": gettext(outcome.outward) if outcome else gettext("Kunjungan ini belum selesai dicatat."),
        "back": came_back([visit]).get(visit.pk, NOTHING),
        "tone": "g" if visit.outcome.startswith("completed") else "a",
        "next_step": gettext(NEXT.get(visit.outcome, NOT_YET)),
        "support_state": support_state(ended, visitor),
    }
