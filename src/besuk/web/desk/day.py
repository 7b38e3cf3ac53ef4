"""The desk's day: all stations and times, whom to fetch, who has come."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from besuk.flow.bookings.actions import cancel_by_facility, mark_sensitive
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import called_off, owed_at
from besuk.flow.checkin import actions
from besuk.flow.checkin.queries import DayRow, day_rows
from besuk.flow.complaints.queries import complaints_of
from besuk.flow.live.queries import call_of
from besuk.flow.oversight.actions import ask_support
from besuk.flow.oversight.queries import on_duty
from besuk.ground.accounts.capabilities import (
    COMPLAINT_FILE,
    DAY_MARK,
    DAY_VIEW,
    DESK_BOOK,
    OUTCOME_SETTLE,
    STATION_PAIR,
    VISIT_VIEW,
)
from besuk.ground.facilities.actions import offer_pairing
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.desk.day_outcome import unconfirmed_at
from besuk.web.desk.day_plan import STATES, day_plan, state_of, words_of
from besuk.web.desk.day_ring import reach
from besuk.web.shared.access import Asked, facility_of, fetch, needs

AWAY_REASONS: dict[str, str] = {
    "court": _("Sidang"),
    "hospital": _("Berobat"),
    "moved": _("Dipindahkan"),
    "released": _("Sudah bebas"),
    "discipline": _("Tindakan disiplin"),
    "other": _("Lainnya"),
}
"""Why an inmate cannot come: internal; the family reads that the inmate is prevented and keeps its turn."""


@require_safe
@never_cache
@needs(DAY_VIEW)
def day(request: Asked) -> HttpResponseBase:
    """All stations and times of one day (today unless `on` says another)."""
    facility = facility_of(request, DAY_VIEW)
    now = clock.now()
    on = chosen_day(request, facility, now)
    plan = day_plan(facility, on, now)
    context = {
        "facility": facility,
        "on": on,
        "now": now,
        "today": now.astimezone(zone_of(facility)).date(),
        "plan": plan,
        "to_reach": [row for row in plan.rows if row.is_to_be_reached],
        "called_off": called_off(facility, on).count(),
        "owed": owed_at(facility),
        "duties": on_duty(facility),
        "unconfirmed": unconfirmed_at(facility) if request.actor.can(OUTCOME_SETTLE, facility.pk) else None,
        "may_cancel": request.actor.can(DESK_BOOK, facility.pk),
        "may_pair": request.actor.can(STATION_PAIR, facility.pk),
    }
    return render(request, "desk/day.html", context)


@require_safe
@needs(DAY_VIEW)
def day_list(request: Asked) -> HttpResponseBase:
    """The same day on paper: the list by block, a slip for each inmate, and word of what was cancelled."""
    facility = facility_of(request, DAY_VIEW)
    now = clock.now()
    on = chosen_day(request, facility, now)
    rows = [row for row in day_rows(facility, on, now) if row.visit.state == "booked"]
    rows.sort(key=lambda row: (row.visit.inmate.block.name, row.visit.starts_at))
    context = {"facility": facility, "on": on, "now": now, "rows": rows, "called_off": called_off(facility, on)}
    return render(request, "desk/day_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(DAY_VIEW)
def day_visit(request: Asked, ref: str) -> HttpResponseBase:
    """One visit of the day: who has come, and what the desk can do. A POST marks, rings or calls absent."""
    rows = Visit.objects.filter(state__in=["booked", "concluded", "cancelled"]).select_related("facility")
    visit = fetch(request.actor, DAY_VIEW, rows, ref=ref)
    if request.method != "POST":
        return _visit_page(request, visit)
    request.actor.must(DAY_MARK, visit.facility_id)
    try:
        if request.POST.get("act") == "show_phone":
            phone = actions.show_phone(visit_ref=visit.ref, actor=request.actor, now=clock.now())
            return _visit_page(request, visit, phone=phone)
        done = _mark(request, visit, clock.now())
    except Refused as refused:
        return _visit_page(request, visit, refused)
    messages.success(request, done)
    return redirect("desk_day_visit", ref=visit.ref)


@require_POST
@never_cache
@needs(STATION_PAIR)
def pair_code(request: Asked, ref: str) -> HttpResponseBase:
    """A fresh code with which a computer becomes this station. It is shown this once."""
    station = fetch(request.actor, STATION_PAIR, Station.objects.select_related("facility"), ref=ref)
    code = offer_pairing(station=station, actor=request.actor, now=clock.now())
    context = {
        "station": station,
        "facility": station.facility,
        "code": f"{code[:4]} {code[4:]}",
        "language_next": reverse("desk_day"),
    }
    return render(request, "desk/pair_code.html", context)


def chosen_day(request: Asked, facility: Facility, now: datetime) -> date:
    """The day of `?on=2026-12-03`; today at the facility when there is none or it is no date."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return now.astimezone(zone_of(facility)).date()


def _mark(request: Asked, visit: Visit, now: datetime) -> str:
    """Do what the form says; returns what was done, in words. Raises Refused."""
    given, actor = request.POST, request.actor
    act, key = given.get("act", ""), given.get("key", "")
    if act == "arrived":
        actions.arrive(visit_ref=visit.ref, side="inmate", actor=actor, now=now)
        return gettext("Warga binaan dicatat hadir.")
    if act == "left":
        actions.leave(visit_ref=visit.ref, side="inmate", actor=actor, now=now)
        return gettext("Warga binaan dicatat belum hadir.")
    if act in {"reached", "not_reached", "messaged"}:
        how = "message" if act == "messaged" else "phone"
        actions.ring(visit_ref=visit.ref, reached=act == "reached", how=how, actor=actor, now=now)
        return gettext("Panggilan kepada keluarga dicatat.")
    if act == "visitor_absent":
        actions.mark_absent(visit_ref=visit.ref, side="visitor", key=key, actor=actor, now=now)
        return gettext("Keluarga dinyatakan tidak hadir.")
    if act in {"sensitive", "not_sensitive"}:
        words = given.get("words", "")
        mark_sensitive(visit_ref=visit.ref, sensitive=act == "sensitive", reason=words, actor=actor, now=now)
        return gettext("Jumlah pengawas untuk kunjungan ini dicatat.")
    if act == "support":
        call = call_of(visit)
        if call is None:
            raise refuse("CALL_NOT_OPEN")
        ask_support(call_ref=call.ref, words=given.get("words", ""), actor=actor, now=now)
        return gettext("Permintaan diteruskan kepada pendamping.")
    if act == "inmate_absent":
        return _inmate_absent(request, visit, key, now)
    raise refuse("FORM_INCOMPLETE")


def _inmate_absent(request: Asked, visit: Visit, key: str, now: datetime) -> str:
    reason = request.POST.get("reason", "")
    if reason == "not_brought":
        actions.mark_absent(visit_ref=visit.ref, side="inmate", key=key, actor=request.actor, now=now)
    elif reason in AWAY_REASONS:
        cancel_by_facility(
            visit_ref=visit.ref, outcome="inmate_unavailable", reason=reason, key=key, actor=request.actor, now=now
        )
    else:
        raise refuse("REASON_MISSING")
    return gettext("Warga binaan dinyatakan tidak hadir. Jatah keluarga tidak berkurang.")


def _visit_page(request: Asked, visit: Visit, refused: Refused | None = None, phone: str = "") -> HttpResponseBase:
    now = clock.now()
    row = _row_of(visit, now)
    call = call_of(visit)
    state = state_of(row, call.state if call else None, now) if row else "concluded"
    facility_id = visit.facility_id
    absent_from = visit.starts_at + timedelta(minutes=policy_of(facility_id).late_minutes)
    is_late_enough, may_cancel = now >= absent_from, request.actor.can(DESK_BOOK, facility_id)
    context: dict[str, Any] = {
        "facility": visit.facility,
        "visit": row.visit if row else visit,
        "row": row,
        "state": state,
        "relation": row.host.tie.get_relation_display() if row and row.host and row.host.tie else "",
        "tone": STATES[state][0],
        "words": words_of(row, state) if row else gettext("Dibatalkan"),
        "reach": reach(visit, row.host.visitor, phone, now) if row and row.host and row.host.visitor else None,
        "rings": list(visit.ring_attempts.select_related("by").order_by("at")),
        "away_reasons": _away_reasons(may_cancel=may_cancel, is_late_enough=is_late_enough),
        "absent_from": absent_from,
        "is_late_enough": is_late_enough,
        "posted_act": request.POST.get("act", ""),
        "may_mark": request.actor.can(DAY_MARK, facility_id) and row is not None and visit.state == "booked",
        "may_settle": visit.state == "concluded" and request.actor.can(OUTCOME_SETTLE, facility_id),
        "may_complain": row is not None and request.actor.can(COMPLAINT_FILE, facility_id),
        "inmate_complaints": complaints_of(visit, "inmate"),
        "may_read": request.actor.can(VISIT_VIEW, facility_id),
        "call_state": call.state if call else "",
        "may_ask_support": bool(call) and request.actor.can(DAY_MARK, facility_id),
        "refusals": told(refused.reasons, to_staff=True) if refused else [],
    }
    return render(request, "desk/day_visit.html", context, status=status_of(refused.reasons) if refused else 200)


def _away_reasons(*, may_cancel: bool, is_late_enough: bool) -> list[tuple[str, str]]:
    """Why an inmate does not come, as this officer may say it now: the booth's own fault only when it is late."""
    ours = [("not_brought", gettext("Tidak dibawa ke bilik"))] if is_late_enough else []
    return ours + ([(code, gettext(text)) for code, text in AWAY_REASONS.items()] if may_cancel else [])


def _row_of(visit: Visit, now: datetime) -> DayRow | None:
    """The visit as its day shows it; None for a cancelled one."""
    local = visit.starts_at.astimezone(zone_of(visit.facility)).date()
    return next((row for row in day_rows(visit.facility, local, now) if row.visit.pk == visit.pk), None)
