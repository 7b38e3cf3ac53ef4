"""A visitor's own page: what comes next, the ties, and what has been."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from besuk.flow.approvals.actions import add_document
from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import talk_refusals, ties_of
from besuk.flow.approvals.words import MISSING, REASONS, STATES
from besuk.flow.bookings.actions import cancel
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.bookings.queries import held_by, history, owed_ties, returned_units, upcoming
from besuk.flow.bookings.rules import cancels_free
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.accounts.models import Visitor
from besuk.ground.facilities.policy import Policy
from besuk.ground.facilities.queries import policies_of, policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.ground.notices.queries import inbox, unread
from besuk.ground.notices.templates import when
from besuk.web.shared.access import Asked, needs
from besuk.web.visitor.came_back import NOTHING, CameBack, came_back
from besuk.web.visitor.own_visit import own_visit
from besuk.web.visitor.photo import photo_refusals

TONES = {"approved": "g", "submitted": "b", "needs_more": "a", "refused": "r", "suspended": "r", "revoked": "r"}
NEWS = 3
GREETINGS = ((11, _("Selamat pagi")), (15, _("Selamat siang")), (18, _("Selamat sore")), (24, _("Selamat malam")))
FAULTS = {
    "facility": _("Karena kami"),
    "visitor": _("Dari pihak Anda"),
    "inmate": _("Dari pihak warga binaan"),
    "nobody": "",
}
"""Whose fault it was, in words that do not blame."""


@require_safe
@never_cache
@needs(VISITOR_OWN)
def my_visits(request: Asked) -> HttpResponseBase:
    """Next visit, big; news; ties in words; history with outcome and whose fault."""
    now = clock.now()
    visitor = Visitor.objects.get(pk=request.actor.pk)
    coming, past = upcoming(visitor, now), history(visitor)
    policies = policies_of(visit.facility_id for visit in coming)
    back = came_back(past)
    mine = list(ties_of(visitor))
    first = owed_ties(mine)
    ties = [{**_tie(tie, now), "goes_first": tie.pk in first} for tie in mine]
    context = {
        "visitor": visitor,
        "greeting": _greeting(visitor.zone, now),
        "held": held_by(visitor, now),
        "coming": [_coming(visit, policies[visit.facility_id], now) for visit in coming],
        "past": [_past(visit, back.get(visit.pk, NOTHING)) for visit in past],
        "ties": ties,
        "first_to_book": next((one["tie"] for one in ties if one["may_book"]), None),
        "unread": unread(visitor.subject),
        "news": inbox(visitor.subject, limit=NEWS),
    }
    return render(request, "visitor/my_visits.html", context)


def _greeting(zone: str, now: datetime) -> str:
    hour = now.astimezone(ZoneInfo(zone)).hour
    return gettext(next(words for until, words in GREETINGS if hour < until))


def _coming(visit: Visit, policy: Policy, now: datetime) -> dict[str, object]:
    opens = visit.starts_at - timedelta(minutes=policy.check_in_opens_minutes)
    return {
        "visit": visit,
        "minutes": round((visit.ends_at - visit.starts_at).total_seconds() / 60),
        "opens": opens,
        "is_open": opens <= now,
        "free_until": visit.starts_at - timedelta(hours=policy.cancel_until_hours),
        "cancels_free": cancels_free(visit.starts_at, now, policy),
        "may_cancel": now < visit.starts_at,
    }


def _past(visit: Visit, back: CameBack) -> dict[str, object]:
    outcome = OUTCOMES.get(visit.outcome)
    tone = "g" if visit.outcome.startswith("completed") else ("b" if back.anything else "a")
    fault = FAULTS[outcome.fault] if outcome else ""
    return {
        "visit": visit,
        "outcome": gettext(outcome.outward) if outcome else "",
        "fault": gettext(fault) if fault else "",
        "tone": tone,
        "back": back,
    }


def _tie(tie: Tie, now: datetime) -> dict[str, object]:
    approved = tie.state == "approved"
    reasons = talk_refusals(tie, now) if approved else []
    words = {**REASONS, **MISSING}
    known = tie.inmate if tie.state in {"approved", "suspended"} else None
    return {
        "tie": tie,
        "name": known.name if known else tie.inmate_named,
        "called": known.call_name if known and known.call_name not in known.name.split() else "",
        "relation": tie.get_relation_display(),
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
    visit, now = own_visit(request.actor, ref), clock.now()
    refused: Refused | None = None
    if request.method == "POST":
        try:
            cancel(visit_ref=ref, key=request.POST.get("key", ""), actor=request.actor, now=now)
            messages.success(request, _cancelled(visit))
            return redirect("my_visits")
        except Refused as error:
            refused = error
    reasons = refused.reasons if refused else ()
    context = {
        "visit": visit,
        "free": cancels_free(visit.starts_at, now, policy_of(visit.facility_id)),
        "possible": visit.state == "booked" and now < visit.starts_at,
        "refusals": told(reasons, to_staff=False),
    }
    return render(request, "visitor/cancel.html", context, status=status_of(reasons) if reasons else 200)


def _cancelled(visit: Visit) -> str:
    """What was cancelled, and whether the turn came back."""
    returned = visit.pk in returned_units([visit])
    at = when(visit.starts_at, visit.facility.zone)
    if returned:
        return gettext("Kunjungan {at} dibatalkan. Jatah Anda tidak berkurang.").format(at=at)
    return gettext("Kunjungan {at} dibatalkan. Jatah minggu itu tetap terpakai.").format(at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def complete_tie(request: Asked, ref: str) -> HttpResponseBase:
    """Send another picture for an application that needs more."""
    tie = Tie.objects.filter(ref=ref, visitor_id=request.actor.pk).first()
    if tie is None:
        raise Http404
    refused: Refused | None = None
    if request.method == "POST":
        upload = request.FILES.get("photo")
        try:
            image = upload.read() if upload is not None else b""
            add_document(tie_ref=ref, image=image, actor=request.actor, now=clock.now())
            messages.success(
                request, gettext("Foto sudah terkirim. Petugas memeriksanya, dan hasilnya muncul di sini.")
            )
            return redirect("my_visits")
        except Refused as error:
            refused = error
    reasons = refused.reasons if refused else ()
    missing = [gettext(MISSING[code]) for code in tie.reasons if code in MISSING]
    context = {**photo_refusals(reasons), "missing": missing}
    return render(request, "visitor/complete_tie.html", context, status=status_of(reasons) if reasons else 200)
