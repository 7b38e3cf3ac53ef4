"""Deny by default: every view names a capability, and fetching an object checks it.

One browser may be a visitor, an officer and a station at once (the demo does that); which of them acts
depends on the capability the page asks for.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import quote

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from besuk.ground.accounts.capabilities import ANYONE, STATION_OWN, VISITOR_OWN
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.models import Facility
from besuk.web.shared.identity import staff_as, station_as, visitor_as
from besuk.web.shared.refusals import refusal_page
from besuk.web.shared.way_back import page_again

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
View = Callable[Concatenate["Asked", P], HttpResponseBase]


class Asked(HttpRequest):
    """A request after `needs`: it knows who acts."""

    actor: Actor
    request_id: str


def needs(capability: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Open the view only to actors with `capability` (at any facility; objects are checked by `fetch`).

    Nobody signed in: to the sign-in page of that audience. Signed in without it: 403 in words.
    A `Refused` raised inside becomes the refusal page.
    """

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            asked: Any = request
            asked.actor = _acting(request, capability)
            try:
                if capability != ANYONE:
                    if asked.actor is NOBODY:
                        return redirect(_door_of(capability) + _afterwards(request))
                    if not any(capability in names for names in asked.actor.may.values()):
                        raise refuse("NOT_ALLOWED")
                return view(asked, *args, **kwargs)
            except Refused as refused:
                return refusal_page(request, refused, to_staff=asked.actor.kind == "staff")

        guarded.capability = capability  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], guarded)

    return decorate


def _acting(request: HttpRequest, capability: str) -> Actor:
    story = {"request_id": getattr(request, "request_id", ""), "address": request.META.get("REMOTE_ADDR", "")}
    if capability == STATION_OWN:
        return station_as(request.COOKIES, **story)
    if capability == VISITOR_OWN:
        return visitor_as(request.session, **story)
    if capability == ANYONE:
        return NOBODY
    return staff_as(request.session, **story)


def _door_of(capability: str) -> str:
    return {STATION_OWN: "/station/pair/", VISITOR_OWN: "/sign-in/"}.get(capability, "/staff/sign-in/")


def _afterwards(request: HttpRequest) -> str:
    """Where to go once signed in; never an address that only takes forms."""
    wanted = page_again(request)
    return "" if wanted == "/" else f"?next={quote(wanted)}"


def fetch(actor: Actor, capability: str, rows: QuerySet[M], *, facility: str = "facility_id", **key: object) -> M:
    """The one row of `rows` with `key`, if `actor` holds `capability` at its facility. Else Http404.

    A foreign facility's object does not exist, for whoever may not see it.
    """
    allowed = actor.facilities_with(capability)
    found = rows.filter(**{f"{facility}__in": allowed}, **key).first()
    if found is None:
        raise Http404
    return found


def facility_of(request: "Asked", capability: str) -> Facility:
    """The facility an officer works at now: the one chosen in the session, or their first.

    Raises Http404 when they hold `capability` nowhere.
    """
    allowed = Facility.objects.filter(pk__in=request.actor.facilities_with(capability)).order_by("pk")
    chosen = allowed.filter(code=request.session.get("facility", "")).first() or allowed.first()
    if chosen is None:
        raise Http404
    return chosen


def asked_facility(request: "Asked", capability: str) -> tuple[Facility, list[Facility]]:
    """The facility of `?facility=`, else the one they work at; and all where they hold `capability`, by name.

    Raises Http404 as `facility_of` does.
    """
    mine = list(Facility.objects.filter(pk__in=request.actor.facilities_with(capability)).order_by("name"))
    asked = next((one for one in mine if one.code == request.GET.get("facility", "")), None)
    return asked or facility_of(request, capability), mine
