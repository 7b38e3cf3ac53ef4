"""Making a computer a station: the officer's code becomes a device key in a cookie."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from besuk.ground.accounts.capabilities import ANYONE
from besuk.ground.facilities.actions import pair_station
from besuk.ground.facilities.models import Station
from besuk.ground.kernel import clock
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.identity import STATION_COOKIE, station_as

KEY_LASTS_S = 400 * 24 * 3600
"""The longest that browsers keep a cookie; the idle page renews it."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ANYONE)
def pair(request: Asked) -> HttpResponseBase:
    """Ask for the code; with the right one this computer is the station from now on."""
    if request.method == "POST":
        return _pair(request)
    known = station_as(request.COOKIES)
    paired = gettext("Bilik {number}").format(number=Station.objects.get(pk=known.pk).number) if known.pk else ""
    return render(request, "station/pair.html", {"refusals": [], "paired": paired})


def keep_key(response: HttpResponse, key: str) -> HttpResponse:
    """Put the device key where scripts and other sites cannot reach it."""
    response.set_cookie(
        STATION_COOKIE,
        key,
        max_age=KEY_LASTS_S,
        httponly=True,
        samesite="Strict",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
    return response


def _pair(request: Asked) -> HttpResponseBase:
    who = replace(NOBODY, address=request.META.get("REMOTE_ADDR", ""), request_id=request.request_id)
    try:
        if not request.POST.get("code", "").strip():
            raise refuse("PAIRING_CODE_MISSING")
        _, key = pair_station(code=request.POST.get("code", ""), actor=who, now=clock.now())
    except Refused as refused:
        context = {"refusals": told(refused.reasons, to_staff=True), "code": request.POST.get("code", "")[:16]}
        return render(request, "station/pair.html", context, status=status_of(refused.reasons))
    return keep_key(redirect("station_idle"), key)
