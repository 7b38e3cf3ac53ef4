"""Registration on a phone: one question a page, kept as a draft until it is sent."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from besuk.flow.approvals.actions import apply
from besuk.flow.approvals.images import clean_image
from besuk.ground.accounts.actions import register_visitor
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.accounts.capabilities import ANYONE
from besuk.ground.accounts.models import Visitor
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.identity import visitor_in
from besuk.web.shared.sessions import open_visitor, somebody
from besuk.web.visitor.register_forms import InmateForm, PersonForm, PhoneForm, PhotoAndPinForm, PhotoForm, RelationForm

DRAFT = "registration"
FIRST: tuple[type[forms.Form], ...] = (PhoneForm, PersonForm, InmateForm, RelationForm, PhotoAndPinForm)
AGAIN: tuple[type[forms.Form], ...] = (InmateForm, RelationForm, PhotoForm)
"""For somebody who has an account and asks for another tie."""


@sensitive_post_parameters("pin", "nik")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(ANYONE)
def register(request: Asked, step: int = 1) -> HttpResponseBase:
    """One step of the registration. The last one sends everything."""
    visitor = visitor_in(request.session)
    steps = AGAIN if visitor else FIRST
    draft: dict[str, Any] = request.session.get(DRAFT, {})
    missing = next((n for n in range(1, min(step, len(steps))) if str(_name(steps[n - 1])) not in draft), None)
    if step > len(steps) or missing is not None:
        return redirect("register_step", step=missing or len(steps))
    kind = steps[step - 1]
    if request.method != "POST":
        if facility := request.GET.get("facility"):
            draft["facility"] = facility
            request.session[DRAFT] = draft
        initial = draft.get(_name(kind), {"facility": draft.get("facility", "")})
        return _page(request, kind(initial=initial), step, steps)
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, form, step, steps, status=400)
    if step < len(steps):
        request.session[DRAFT] = {**draft, _name(kind): form.cleaned_data}
        return redirect("register_step", step=step + 1)
    try:
        _send(request, visitor, draft, form.cleaned_data)
    except Refused as refused:
        return _page(request, form, step, steps, refused=refused)
    request.session.pop(DRAFT, None)
    return redirect("my_visits")


def _name(kind: type[forms.Form]) -> str:
    return kind.__name__


def _page(
    request: Asked,
    form: forms.Form,
    step: int,
    steps: tuple[type[forms.Form], ...],
    *,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponseBase:
    reasons = refused.reasons if refused else ()
    context = {
        "form": form,
        "step": step,
        "steps": len(steps),
        "steps_of": range(len(steps)),
        "is_last": step == len(steps),
        "refusals": told(reasons, to_staff=False),
    }
    return render(request, "visitor/register.html", context, status=status_of(reasons) if reasons else status)


def _send(request: Asked, visitor: Visitor | None, draft: dict[str, Any], last: dict[str, Any]) -> None:
    """Open the account if there is none, and file the application. A bad picture stops it before anything is kept."""
    now = clock.now()
    upload = request.FILES.get("photo")
    image = upload.read() if upload is not None else b""
    clean_image(image)
    inmate, relation = draft["InmateForm"], draft["RelationForm"]
    if visitor is None:
        person = draft["PersonForm"]
        visitor = register_visitor(
            name=person["name"],
            honorific=person["honorific"],
            phone=draft["PhoneForm"]["phone"],
            nik=person["nik"],
            pin=last["pin"],
            language=get_language() or "id",
            actor=somebody(request),
            now=now,
        )
        open_visitor(request, visitor)
    apply(
        visitor=visitor,
        facility=Facility.objects.get(code=inmate["facility"]),
        inmate_named=inmate["inmate_named"],
        inmate_hint=inmate["inmate_hint"],
        relation=relation["relation"],
        image=image,
        key=request.POST.get("key", ""),
        actor=visitor_actor(visitor),
        now=now,
    )
