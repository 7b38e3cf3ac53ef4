"""Staff come in: password, then the second factor; on a paired office PC by officer code and PIN."""

import segno
from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from besuk.ground.accounts import actions
from besuk.ground.accounts.actors import staff_actor
from besuk.ground.accounts.capabilities import ANYONE
from besuk.ground.accounts.models import Staff
from besuk.ground.accounts.queries import computer_with, factor_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.public.forms import SecondFactor, StaffSignIn, Switch
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.identity import staff_in
from besuk.web.shared.sessions import (
    COMPUTER,
    OFFICE_COOKIE,
    close_staff,
    home_of,
    let_wait,
    next_of,
    open_staff,
    somebody,
    waiting_staff,
)


def _refused(request: Asked, page: str, refused: Refused, **context: object) -> HttpResponseBase:
    told_now = told(refused.reasons, to_staff=True)
    return render(request, page, {"refusals": told_now, **context}, status=status_of(refused.reasons))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(ANYONE)
def staff_sign_in(request: Asked) -> HttpResponseBase:
    """User name and password; on a paired PC the quick way stands above it."""
    form = StaffSignIn(request.POST if request.method == "POST" else None)
    paired = computer_with(request.COOKIES.get(OFFICE_COOKIE, ""))
    extra = {"form": form, "next": next_of(request, ""), "computer": paired, "switch": Switch() if paired else None}
    if request.method != "POST":
        return render(request, "public/staff_sign_in.html", extra)
    if not form.is_valid():
        return render(request, "public/staff_sign_in.html", extra, status=400)
    try:
        staff = actions.prove_password(**form.cleaned_data, actor=somebody(request), now=clock.now())
    except Refused as refused:
        return _refused(request, "public/staff_sign_in.html", refused, **extra)
    return _after_password(request, staff)


def _after_password(request: Asked, staff: Staff) -> HttpResponseBase:
    """In, or on to the second factor, or first to make one."""
    onward = next_of(request, "")
    has_one = factor_of(staff) is not None
    if not has_one and settings.BESUK_SECOND_FACTOR != "required":
        return _in(request, staff, "password")
    let_wait(request, staff, clock.now().timestamp())
    request.session["staff_next"] = onward
    return redirect("second_factor" if has_one else "enrol_factor")


def _in(request: Asked, staff: Staff, how: str, onward: str = "") -> HttpResponseBase:
    now = clock.now()
    open_staff(request, staff)
    who = somebody(request)
    actor = staff_actor(staff, now, request_id=who.request_id, address=who.address)
    actions.note_sign_in(staff=staff, how=how, actor=actor, now=now)
    return redirect(onward or next_of(request, home_of(actor)))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(ANYONE)
def second_factor(request: Asked) -> HttpResponseBase:
    """The code of the app, or one from paper."""
    now = clock.now()
    staff = waiting_staff(request, now.timestamp())
    if staff is None:
        return redirect("staff_sign_in")
    form = SecondFactor(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "public/second_factor.html", {"form": form})
    try:
        how = actions.prove_second_factor(staff=staff, code=form.cleaned_data["code"], actor=somebody(request), now=now)
    except Refused as refused:
        return _refused(request, "public/second_factor.html", refused, form=form)
    return _in(request, staff, how, request.session.pop("staff_next", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(ANYONE)
def enrol_factor(request: Asked) -> HttpResponseBase:
    """Make the authenticator: scan, type the first code, keep the recovery codes.

    For whoever just gave a right password, and for signed-in staff who want one.
    """
    now = clock.now()
    staff = waiting_staff(request, now.timestamp()) or staff_in(request.session)
    if staff is None or factor_of(staff) is not None:
        return redirect("staff_sign_in")
    form = SecondFactor(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "public/enrol_factor.html", _qr(staff) | {"form": form})
    who = staff_actor(staff, now, address=somebody(request).address)
    try:
        codes = actions.confirm_authenticator(staff=staff, code=form.cleaned_data["code"], actor=who, now=now)
    except Refused as refused:
        return _refused(request, "public/enrol_factor.html", refused, form=form, **_qr(staff))
    onward = request.session.pop("staff_next", "") or home_of(who)
    if staff_in(request.session) is None:
        _in(request, staff, "totp", onward)
    return render(request, "public/recovery_codes.html", {"codes": codes, "onward": onward})


def _qr(staff: Staff) -> dict[str, object]:
    address = actions.offered_address(staff) or actions.offer_authenticator(staff=staff, now=clock.now())
    secret = address.split("secret=")[1].split("&")[0]
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    return {"qr": picture, "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}


@sensitive_post_parameters("pin")
@require_POST
@never_cache
@needs(ANYONE)
def switch_staff(request: Asked) -> HttpResponseBase:
    """Another officer takes over this PC."""
    form = Switch(request.POST)
    form.is_valid()
    try:
        staff = actions.switch_staff_by_pin(
            computer_key=request.COOKIES.get(OFFICE_COOKIE, ""),
            staff_code=form.cleaned_data.get("code", ""),
            pin=form.cleaned_data.get("pin", ""),
            actor=somebody(request),
            now=clock.now(),
        )
    except Refused as refused:
        paired = computer_with(request.COOKIES.get(OFFICE_COOKIE, ""))
        extra = {"form": StaffSignIn(), "computer": paired, "switch": form if paired else None}
        return _refused(request, "public/staff_sign_in.html", refused, **extra)
    open_staff(request, staff)
    paired = computer_with(request.COOKIES.get(OFFICE_COOKIE, ""))
    request.session[COMPUTER] = paired.name if paired else ""
    return redirect(next_of(request, home_of(staff_actor(staff, clock.now()))))


@require_POST
@needs(ANYONE)
def staff_sign_out(request: Asked) -> HttpResponseBase:
    """Out, and noted."""
    staff = staff_in(request.session)
    if staff is not None:
        now = clock.now()
        who = staff_actor(staff, now, address=somebody(request).address)
        actions.note_sign_out(staff=staff, actor=who, now=now)
    close_staff(request)
    return redirect("staff_sign_in")
