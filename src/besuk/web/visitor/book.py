"""Booking: a slot that is free and allowed, held for ten minutes, then confirmed."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import confirm, hold, let_go
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.rules import Person, is_lapsed
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.refusals import status_of, told
from besuk.ground.notices.templates import when
from besuk.web.shared.access import Asked, needs
from besuk.web.visitor.book_days import days_for


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def book(request: Asked, ref: str) -> HttpResponseBase:
    """The slots of the next days for one tie, a day at a time. A POST holds one."""
    rows = Tie.objects.select_related("facility", "inmate", "visitor")
    tie = rows.filter(ref=ref, visitor_id=request.actor.pk).first()
    if tie is None or tie.inmate is None:
        raise Http404
    if request.method != "POST":
        return _slots(request, tie)
    try:
        visit = hold(
            tie_ref=ref,
            station_id=_number(request.POST.get("station", "")),
            starts_at=_moment(request.POST.get("starts_at", "")),
            key=request.POST.get("key", ""),
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refused:
        return _slots(request, tie, refused)
    return redirect("confirm_visit", ref=visit.ref)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise refuse("SLOT_UNKNOWN")
    return int(text)


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError as error:
        raise refuse("SLOT_UNKNOWN") from error
    if moment is None or moment.tzinfo is None:
        raise refuse("SLOT_UNKNOWN")
    return moment


def _slots(request: Asked, tie: Tie, refused: Refused | None = None) -> HttpResponseBase:
    """The page; after a refusal it shows the day that was wanted, as it stands now."""
    wanted = request.GET.get("day", "") or request.POST.get("day", "")
    try:
        chosen = parse_date(wanted)
    except ValueError:
        chosen = None
    reasons = refused.reasons if refused else ()
    context = {
        "tie": tie,
        "facility": tie.facility,
        "choice": days_for(tie, chosen, clock.now()),
        "refusals": told(reasons, to_staff=False),
    }
    return render(request, "visitor/book.html", context, status=status_of(reasons) if reasons else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def confirm_visit(request: Asked, ref: str) -> HttpResponseBase:
    """Name the people, accept the rules, confirm; or give the slot back."""
    rows = Visit.objects.select_related("facility", "inmate", "station")
    visit = rows.filter(ref=ref, people__is_host=True, people__visitor_id=request.actor.pk).first()
    if visit is None:
        raise Http404
    if request.method == "POST" and "let_go" in request.POST:
        let_go(visit_ref=ref, actor=request.actor, now=clock.now())
        messages.success(request, gettext("Waktu itu sudah dilepas. Jatah Anda tidak berkurang."))
        return redirect("my_visits")
    if request.method != "POST":
        return _confirm_page(request, visit) if visit.state == "held" else redirect("my_visits")
    try:
        confirm(
            visit_ref=ref,
            people=_people(request, policy_of(visit.facility_id).most_people),
            rules_accepted="rules" in request.POST,
            key=request.POST.get("key", ""),
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refused:
        return _confirm_page(request, visit, refused)
    messages.success(
        request,
        gettext("Kunjungan sudah dipesan: {at}, dengan {who}.").format(
            at=when(visit.starts_at, visit.facility.zone), who=visit.inmate.call_name
        ),
    )
    return redirect("my_visits")


def _confirm_page(request: Asked, visit: Visit, refused: Refused | None = None) -> HttpResponseBase:
    """The form, with what was filled in before; or, when the hold is over, the way back to the slots."""
    now, policy = clock.now(), policy_of(visit.facility_id)
    reasons = refused.reasons if refused else ()
    gone = visit.state != "held" or is_lapsed(visit.state, visit.held_until, now)
    if gone and not reasons:
        reasons = refuse("HOLD_EXPIRED").reasons
    tie = Tie.objects.get(visit_people__visit=visit)
    context = {
        "visit": visit,
        "facility": visit.facility,
        "tie": tie,
        "gone": gone,
        "seconds_left": max(0, int((visit.held_until - now).total_seconds())),
        "minutes_left": max(1, round((visit.held_until - now).total_seconds() / 60)),
        "companions": _filled_in(request, policy.most_people),
        "most_people": policy.most_people,
        "most_adults": policy.most_adults,
        "rules_accepted": "rules" in request.POST,
        "minutes": round((visit.ends_at - visit.starts_at).total_seconds() / 60),
        "refusals": told(reasons, to_staff=False),
    }
    return render(request, "visitor/confirm.html", context, status=status_of(reasons) if refused else 200)


def _filled_in(request: Asked, most_people: int) -> list[dict[str, object]]:
    return [
        {"number": n, "name": request.POST.get(f"name_{n}", ""), "is_child": f"child_{n}" in request.POST}
        for n in range(1, most_people)
    ]


def _people(request: Asked, most_people: int) -> list[Person]:
    found = []
    for number in range(1, most_people):
        name = " ".join(request.POST.get(f"name_{number}", "").split())[:120]
        is_child = f"child_{number}" in request.POST
        if name or is_child:
            found.append(Person(name, is_child))
    return found
