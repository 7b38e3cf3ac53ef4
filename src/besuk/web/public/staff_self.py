"""What a member of staff does for themselves: inbox, PIN, making this PC an office PC."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from besuk.ground.accounts import actions
from besuk.ground.accounts.capabilities import COMPUTER_PAIR, STAFF_ANY
from besuk.ground.accounts.models import Staff
from besuk.ground.accounts.queries import computer_with, factor_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.ground.notices.actions import mark_read
from besuk.ground.notices.queries import inbox
from besuk.web.public.forms import NewComputer, NewPin
from besuk.web.shared.access import Asked, facility_of, needs
from besuk.web.shared.sessions import OFFICE_COOKIE

KEY_LASTS_S = 400 * 24 * 3600


@require_safe
@needs(STAFF_ANY)
def staff_inbox(request: Asked) -> HttpResponseBase:
    """News for this member of staff, and what they can set for themselves."""
    lines = inbox(request.actor.subject)
    mark_read(recipient_subject=request.actor.subject, now=clock.now())
    staff = Staff.objects.get(pk=request.actor.pk)
    context = {
        "lines": lines,
        "has_pin": bool(staff.pin_hash),
        "has_factor": factor_of(staff) is not None,
        "may_pair": bool(request.actor.facilities_with(COMPUTER_PAIR)),
        "computer": computer_with(request.COOKIES.get(OFFICE_COOKIE, "")),
    }
    return render(request, "public/staff_inbox.html", context)


@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(STAFF_ANY)
def staff_pin(request: Asked) -> HttpResponseBase:
    """The own PIN for switching on an office PC."""
    form = NewPin(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "public/staff_pin.html", {"form": form})
    if form.is_valid() and form.cleaned_data["pin"] != form.cleaned_data["again"]:
        form.add_error("again", gettext("Kedua PIN tidak sama."))
    if not form.is_valid():
        return render(request, "public/staff_pin.html", {"form": form}, status=400)
    staff = Staff.objects.get(pk=request.actor.pk)
    try:
        actions.set_staff_pin(staff=staff, pin=form.cleaned_data["pin"], actor=request.actor, now=clock.now())
    except Refused as refused:
        context = {"form": form, "refusals": told(refused.reasons, to_staff=True)}
        return render(request, "public/staff_pin.html", context, status=status_of(refused.reasons))
    messages.success(request, gettext("PIN baru sudah berlaku."))
    return redirect("staff_inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(COMPUTER_PAIR)
def pair_computer(request: Asked) -> HttpResponseBase:
    """Make this PC one on which officers switch by code and PIN."""
    facility = facility_of(request, COMPUTER_PAIR)
    form = NewComputer(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "facility": facility}
        return render(request, "public/pair_computer.html", context, status=400 if request.method == "POST" else 200)
    name = form.cleaned_data["name"]
    _, key = actions.pair_office_computer(facility_id=facility.pk, name=name, actor=request.actor, now=clock.now())
    messages.success(request, gettext("Komputer ini sekarang dapat dipakai bergantian dengan PIN."))
    return _with_key(redirect("staff_inbox"), key)


def _with_key(response: HttpResponse, key: str) -> HttpResponse:
    """Put the PC's key where scripts and other sites cannot reach it."""
    secure = bool(settings.SESSION_COOKIE_SECURE)
    response.set_cookie(
        OFFICE_COOKIE, key, max_age=KEY_LASTS_S, path="/staff/", httponly=True, samesite="Strict", secure=secure
    )
    return response
