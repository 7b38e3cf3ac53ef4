"""A visitor's own page: what comes next, the ties, and what has been."""

from datetime import timedelta

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from besuk.flow.approvals.actions import add_document
from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import talk_refusals, ties_of
from besuk.flow.approvals.words import MISSING, REASONS, RELATIONS, STATES
from besuk.flow.bookings.actions import cancel
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.bookings.queries import history, returned_units, upcoming
from besuk.flow.bookings.rules import cancels_free
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.accounts.models import Visitor
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.ground.notices.queries import unread
from besuk.web.shared.access import Asked, needs
from besuk.web.visitor.own_visit import own_visit

TONES = {"approved": "g", "submitted": "b", "needs_more": "a", "refused": "r", "suspended": "r", "revoked": "r"}


@require_safe
@never_cache
@needs(VISITOR_OWN)
def my_visits(request: Asked) -> HttpResponseBase:
    """Next visit, big; ties in words; history with outcome."""
    now = clock.now()
    visitor = Visitor.objects.get(pk=request.actor.pk)
    coming = upcoming(visitor, now)
    past = history(visitor)
    returned = returned_units(past)
    context = {
        "visitor": visitor,
        "coming": [_coming(visit, request) for visit in coming],
        "past": [_past(visit, returned) for visit in past],
        "ties": [_tie(tie, request) for tie in ties_of(visitor)],
        "unread": unread(visitor.subject),
    }
    return render(request, "visitor/my_visits.html", context)


def _coming(visit: Visit, request: Asked) -> dict[str, object]:
    now, policy = clock.now(), policy_of(visit.facility_id)
    opens = visit.starts_at - timedelta(minutes=policy.check_in_opens_minutes)
    return {
        "visit": visit,
        "minutes": round((visit.ends_at - visit.starts_at).total_seconds() / 60),
        "is_open": opens <= now,
        "free_until": visit.starts_at - timedelta(hours=policy.cancel_until_hours),
        "cancels_free": cancels_free(visit.starts_at, now, policy),
        "may_cancel": now < visit.starts_at,
    }


def _past(visit: Visit, returned: set[int]) -> dict[str, object]:
    outcome = OUTCOMES.get(visit.outcome)
    tone = "g" if visit.outcome == "completed" else ("b" if visit.pk in returned else "a")
    said = gettext(outcome.outward) if outcome else ""
    return {"visit": visit, "outcome": said, "tone": tone, "returned": visit.pk in returned}


def _tie(tie: Tie, request: Asked) -> dict[str, object]:
    approved = tie.state == "approved"
    reasons = talk_refusals(tie, clock.now()) if approved else []
    words = {**REASONS, **MISSING}
    return {
        "tie": tie,
        "relation": gettext(RELATIONS[tie.relation]),
        "state": gettext(STATES[tie.state]),
        "tone": TONES.get(tie.state, "b"),
        "reasons": [gettext(words[code]) for code in tie.reasons if code in words],
        "refusals": told(reasons, to_staff=False),
        "may_book": approved and not reasons,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def cancel_visit(request: Asked, ref: str) -> HttpResponseBase:
    """Asks once, says what it costs, cancels."""
    visit = own_visit(request.actor, ref)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            cancel(visit_ref=ref, key=request.POST.get("key", ""), actor=request.actor, now=clock.now())
            return redirect("my_visits")
        except Refused as error:
            refused = error
    free = cancels_free(visit.starts_at, clock.now(), policy_of(visit.facility_id))
    reasons = refused.reasons if refused else ()
    context = {"visit": visit, "free": free, "refusals": told(reasons, to_staff=False)}
    return render(request, "visitor/cancel.html", context, status=status_of(reasons) if reasons else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def complete_tie(request: Asked, ref: str) -> HttpResponseBase:
    """Send another picture for an application that needs more."""
    if not Tie.objects.filter(ref=ref, visitor_id=request.actor.pk).exists():
        raise Http404
    refused: Refused | None = None
    if request.method == "POST":
        upload = request.FILES.get("photo")
        try:
            image = upload.read() if upload is not None else b""
            add_document(tie_ref=ref, image=image, actor=request.actor, now=clock.now())
            return redirect("my_visits")
        except Refused as error:
            refused = error
    reasons = refused.reasons if refused else ()
    context = {"refusals": told(reasons, to_staff=False)}
    return render(request, "visitor/complete_tie.html", context, status=status_of(reasons) if reasons else 200)
