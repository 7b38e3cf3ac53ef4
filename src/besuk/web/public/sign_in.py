"""A visitor comes in and goes out."""

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from besuk.ground.accounts.actions import who_knows
from besuk.ground.accounts.capabilities import ANYONE
from besuk.ground.accounts.models import Visitor
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.public.forms import VisitorSignIn
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.sessions import close_visitor, next_of, open_visitor, somebody

HOME = "/my-visits/"
LASTS_S = 120
"""So long the names of those who share a number and a PIN may stand on the page."""
CHOOSING = "choosing"


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(ANYONE)
def sign_in(request: Asked) -> HttpResponseBase:
    """Number and PIN. Nothing is shown about a number before its PIN was right."""
    form = VisitorSignIn(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=400 if request.method == "POST" else 200)
    phone, pin = form.cleaned_data["phone"], form.cleaned_data["pin"]
    try:
        people = who_knows(phone=phone, pin=pin, actor=somebody(request), now=clock.now())
    except Refused as refused:
        return _page(request, form, refused)
    if len(people) > 1:
        return _choose(request, people)
    return _in(request, people[0])


def _page(request: Asked, form: VisitorSignIn, refused: Refused | None = None, status: int = 200) -> HttpResponseBase:
    reasons = refused.reasons if refused else ()
    context = {
        "form": form,
        "refusals": told(reasons, to_staff=False),
        "next": next_of(request, ""),
    }
    return render(request, "public/sign_in.html", context, status=status_of(reasons) if reasons else status)


def _choose(request: Asked, people: list[Visitor]) -> HttpResponseBase:
    """Several people behind one number chose the same PIN: they know each other, so they may see the names."""
    until = clock.now().timestamp() + LASTS_S
    request.session.cycle_key()
    request.session[CHOOSING] = {"refs": [one.ref for one in people], "until": until}
    context = {"people": people, "next": next_of(request, "")}
    return render(request, "public/choose_person.html", context)


@require_POST
@never_cache
@needs(ANYONE)
def choose_person(request: Asked) -> HttpResponseBase:
    """One of the people whose PIN was right a moment ago."""
    choosing = request.session.pop(CHOOSING, None) or {"refs": [], "until": 0}
    ref = request.POST.get("person", "")
    in_time = clock.now().timestamp() <= choosing["until"]
    rows = Visitor.objects.filter(ref=ref, barred_at__isnull=True)
    visitor = rows.first() if in_time and ref in choosing["refs"] else None
    return _in(request, visitor) if visitor else redirect("sign_in")


def _in(request: Asked, visitor: Visitor) -> HttpResponseBase:
    open_visitor(request, visitor)
    response = redirect(next_of(request, HOME))
    if translation.check_for_language(visitor.language):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, visitor.language, max_age=365 * 24 * 3600, samesite="Lax")
    return response


@require_POST
@needs(ANYONE)
def sign_out(request: Asked) -> HttpResponseBase:
    """Out; on a shared phone the next person starts anew."""
    close_visitor(request)
    return redirect("home")
