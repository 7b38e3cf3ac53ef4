"""Booking: a slot that is free and allowed, held for ten minutes, then confirmed."""

from datetime import date, datetime, timedelta
from itertools import groupby

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.queries import local_day
from besuk.flow.bookings.actions import confirm, hold, let_go
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import Offer, offers
from besuk.flow.bookings.rules import Person
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs

COMPANIONS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def book(request: Asked, ref: str) -> HttpResponseBase:
    """The slots of the next days for one tie. A POST holds one."""
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
    if not text.isascii() or not text.isdigit():
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
    now = clock.now()
    today = local_day(tie.facility, now)
    last = today + timedelta(days=policy_of(tie.facility_id).book_until_days)
    zone = zone_of(tie.facility)
    numbers = dict(Station.objects.filter(facility=tie.facility).values_list("pk", "number"))
    days = [
        _day(on, list(rows), numbers)
        for on, rows in groupby(
            offers(tie, today, last, now), key=lambda one: one.slot.interval.start.astimezone(zone).date()
        )
    ]
    reasons = refused.reasons if refused else ()
    context = {
        "tie": tie,
        "facility": tie.facility,
        "days": days,
        "any_free": any(day["free"] for day in days),
        "refusals": told(reasons, to_staff=False),
    }
    return render(request, "visitor/book.html", context, status=status_of(reasons) if reasons else 200)


def _day(on: date, rows: list[Offer], numbers: dict[int, int]) -> dict[str, object]:
    """One day: its times, each with the first free station, or the reasons why there is none."""
    times = []
    for start, same in groupby(rows, key=lambda one: one.slot.interval.start):
        choices = list(same)
        free = next((one for one in choices if one.is_free), None)
        shown = free or choices[0]
        times.append(
            {
                "start": start,
                "iso": start.isoformat(),
                "free": free is not None,
                "station": shown.slot.station_id,
                "number": numbers.get(shown.slot.station_id, 0),
                "why": [one.sentence for one in told(shown.refusals, to_staff=False)],
            }
        )
    free_count = sum(bool(one["free"]) for one in times)
    same_why = {tuple(one["why"]) for one in times} if not free_count else set()
    why = list(next(iter(same_why))) if len(same_why) == 1 else []
    return {"on": on, "times": times, "free": free_count, "why": why}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(VISITOR_OWN)
def confirm_visit(request: Asked, ref: str) -> HttpResponseBase:
    """Name the people, accept the rules, confirm; or give the slot back."""
    rows = Visit.objects.select_related("facility", "inmate", "station")
    visit = rows.filter(ref=ref, people__is_host=True, people__visitor_id=request.actor.pk).first()
    if visit is None:
        raise Http404
    if visit.state != "held":
        return redirect("my_visits")
    if request.method == "POST" and "let_go" in request.POST:
        let_go(visit_ref=ref, actor=request.actor, now=clock.now())
        return redirect("my_visits")
    refused: Refused | None = None
    if request.method == "POST":
        try:
            confirm(
                visit_ref=ref,
                people=_people(request),
                rules_accepted="rules" in request.POST,
                key=request.POST.get("key", ""),
                actor=request.actor,
                now=clock.now(),
            )
            return redirect("my_visits")
        except Refused as error:
            refused = error
    reasons = refused.reasons if refused else ()
    context = {
        "visit": visit,
        "facility": visit.facility,
        "companions": range(1, COMPANIONS + 1),
        "minutes": round((visit.ends_at - visit.starts_at).total_seconds() / 60),
        "refusals": told(reasons, to_staff=False),
    }
    return render(request, "visitor/confirm.html", context, status=status_of(reasons) if reasons else 200)


def _people(request: Asked) -> list[Person]:
    found = []
    for number in range(1, COMPANIONS + 1):
        name = " ".join(request.POST.get(f"name_{number}", "").split())[:120]
        is_child = f"child_{number}" in request.POST
        if name or is_child:
            found.append(Person(name, is_child))
    return found
