"""Registration on a phone: one question a page, kept as a draft until it is sent."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from besuk.flow.approvals.actions import apply
from besuk.flow.approvals.images import clean_image
from besuk.flow.approvals.models import Tie
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
from besuk.web.visitor import register_draft as drafts
from besuk.web.visitor.register_draft import Draft
from besuk.web.visitor.register_forms import (
    InmateForm,
    PersonForm,
    PhoneForm,
    PhotoAndPinForm,
    PhotoForm,
    RelationForm,
    known_facility,
)

Steps = tuple[type[forms.Form], ...]
FIRST: Steps = (PhoneForm, PersonForm, InmateForm, RelationForm, PhotoAndPinForm)
AGAIN: Steps = (InmateForm, RelationForm, PhotoForm)
"""For somebody who has an account and asks for another tie."""
OF_PICTURES = "IMAGE_"


@sensitive_post_parameters("pin", "nik")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(ANYONE)
def register(request: Asked, step: int = 1) -> HttpResponseBase:
    """One step of the registration. The last one sends everything."""
    visitor = visitor_in(request.session)
    steps = AGAIN if visitor else FIRST
    draft = drafts.kept(request.session, request.POST.get("draft", ""))
    reached = next((n for n, kind in enumerate(steps[:-1], 1) if kind.__name__ not in draft), len(steps))
    if not 1 <= step <= reached:
        return redirect("register_step", step=reached)
    kind = steps[step - 1]
    if request.method != "POST":
        initial = {"facility": known_facility(request.GET.get("facility", "")), **draft.get(kind.__name__, {})}
        return _page(request, kind(initial=initial), step, steps, draft)
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, form, step, steps, draft)
    if step < len(steps):
        draft[kind.__name__] = form.cleaned_data
        drafts.keep(request.session, draft)
        # Whoever came back to correct one answer goes on to the last page, not through all of them again.
        return redirect("register_step", step=len(steps) if reached == len(steps) else step + 1)
    try:
        _send(request, visitor, draft, form.cleaned_data)
    except Refused as refused:
        return _page(request, form, step, steps, draft, refused=refused)
    drafts.forget(request.session)
    return redirect("my_visits")


def _page(
    request: Asked, form: forms.Form, step: int, steps: Steps, draft: Draft, *, refused: Refused | None = None
) -> HttpResponseBase:
    """The question, with what is wrong beside its field; on the last page also everything said so far."""
    reasons = refused.reasons if refused else ()
    is_last = step == len(steps)
    context = {
        "form": form,
        "step": step,
        "steps": len(steps),
        "steps_of": range(len(steps)),
        "is_last": is_last,
        "summary": _summary(steps, draft) if is_last else [],
        "draft": drafts.sealed(draft) if is_last else "",
        "picture_refusals": told([r for r in reasons if r.code.startswith(OF_PICTURES)], to_staff=False),
        "refusals": told([r for r in reasons if not r.code.startswith(OF_PICTURES)], to_staff=False),
    }
    status = status_of(reasons) if reasons else (400 if form.errors else 200)
    return render(request, "visitor/register.html", context, status=status)


def _summary(steps: Steps, draft: Draft) -> list[dict[str, object]]:
    """What was answered, page by page, to be looked over and corrected before it is sent."""
    person, inmate = draft.get("PersonForm", {}), draft["InmateForm"]
    relation: str = draft["RelationForm"]["relation"]
    facility = Facility.objects.filter(code=inmate["facility"]).values_list("name", flat=True).first() or ""
    said = {
        PhoneForm: (gettext("Nomor telepon"), draft.get("PhoneForm", {}).get("phone", ""), ""),
        PersonForm: (gettext("Nama dan NIK"), person.get("name", ""), person.get("nik", "")),
        InmateForm: (gettext("Warga binaan"), inmate["inmate_named"], facility),
        RelationForm: (gettext("Hubungan"), str(Tie.Relation(relation).label), ""),
    }
    return [
        {"step": number, "label": said[kind][0], "answer": said[kind][1], "more": said[kind][2]}
        for number, kind in enumerate(steps[:-1], 1)
    ]


def _send(request: HttpRequest, visitor: Visitor | None, draft: Draft, last: dict[str, Any]) -> None:
    """Open the account if there is none, and file the application. A bad picture stops it before anything is kept.

    Sent twice with the same key it opens one account and files one application.
    """
    now, key = clock.now(), request.POST.get("key", "")
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
            key=key,
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
        key=key,
        actor=visitor_actor(visitor),
        now=now,
    )
