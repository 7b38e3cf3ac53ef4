"""Registration on a phone: one question a page, kept as a draft until it is sent."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
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
from besuk.ground.kernel.refusals import status_of
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.identity import visitor_in
from besuk.web.shared.sessions import open_visitor, somebody
from besuk.web.visitor import register_draft as drafts
from besuk.web.visitor.photo import photo_refusals
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
PRISON = "prison"
"""In the draft: whose page one came from; chosen already when the question comes."""


@sensitive_post_parameters("pin", "nik")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(ANYONE)
def register(request: Asked, step: int = 1) -> HttpResponseBase:
    """One step of the registration. The last one sends everything."""
    visitor = visitor_in(request.session)
    steps = AGAIN if visitor else FIRST
    draft = drafts.kept(request.session, request.POST.get("draft", ""))
    _remember_prison(request, draft)
    reached = next((n for n, kind in enumerate(steps[:-1], 1) if kind.__name__ not in draft), len(steps))
    if not 1 <= step <= reached:
        return redirect("register_step", step=reached)
    kind = steps[step - 1]
    if request.method != "POST":
        initial = {"facility": draft.get(PRISON, ""), **draft.get(kind.__name__, {})}
        return _page(request, kind(initial=initial), step, steps, draft)
    form = kind(_answers(request, kind))
    if step == len(steps):
        return _finish(request, visitor, form, steps, draft)
    if not form.is_valid():
        return _page(request, form, step, steps, draft)
    draft[kind.__name__] = form.cleaned_data
    drafts.keep(request.session, draft)
    # Whoever came back to correct one answer goes on to the last page, not through all of them again.
    return redirect("register_step", step=len(steps) if reached == len(steps) else step + 1)


def _remember_prison(request: Asked, draft: Draft) -> None:
    """The address names the prison on the first page only; the question comes pages later."""
    code = known_facility(request.GET.get("facility", ""))
    if code and draft.get(PRISON) != code:
        draft[PRISON] = code
        drafts.keep(request.session, draft)


def _answers(request: Asked, kind: type[forms.Form]) -> QueryDict:
    """What was sent; a good PIN of the time before comes along, so that only what was wrong is done again."""
    answers = request.POST.copy()
    if "pin" in kind.base_fields and not answers.get("pin"):
        answers["pin"] = drafts.opened(request.POST.get("kept", "")).get("pin", "")
    return answers


def _finish(request: Asked, visitor: Visitor | None, form: forms.Form, steps: Steps, draft: Draft) -> HttpResponseBase:
    """Send everything. What is wrong with the picture and with the answers is told at once, not one after the other."""
    upload = request.FILES.get("photo")
    image = upload.read() if upload is not None else b""
    is_good = form.is_valid()
    refused: Refused | None = None
    try:
        clean_image(image)
        if is_good:
            _send(request, visitor, draft, form.cleaned_data, image)
    except Refused as error:
        refused = error
    if refused or not is_good:
        return _page(request, form, len(steps), steps, draft, refused=refused)
    drafts.forget(request.session)
    messages.success(
        request, gettext("Permohonan Anda sudah terkirim. Petugas memeriksanya, dan hasilnya muncul di halaman ini.")
    )
    return redirect("my_visits")


def _page(
    request: Asked, form: forms.Form, step: int, steps: Steps, draft: Draft, *, refused: Refused | None = None
) -> HttpResponseBase:
    """The question, with what is wrong beside its field; on the last page also everything said so far."""
    reasons = refused.reasons if refused else ()
    is_last = step == len(steps)
    kept = _kept_pin(form) if is_last else ""
    context = {
        "form": form,
        "step": step,
        "steps": len(steps),
        "steps_of": range(len(steps)),
        "is_last": is_last,
        "summary": _summary(steps, draft) if is_last else [],
        "draft": drafts.sealed(draft) if is_last else "",
        "kept": kept,
        "photo_lost": "photo" in request.FILES,
        "signed_in": steps is AGAIN,
        **photo_refusals(reasons),
    }
    status = status_of(reasons) if reasons else (400 if form.errors else 200)
    return render(request, "visitor/register.html", context, status=status)


def _kept_pin(form: forms.Form) -> str:
    """A PIN that will do, sealed for the form itself: no session keeps it, and no page shows it."""
    pin = form.cleaned_data.get("pin", "") if form.is_bound else ""
    if not pin:
        return ""
    form.fields["pin"].required = False
    form["pin"].help_text = gettext("PIN yang tadi Anda ketik masih dipakai. Isi hanya untuk menggantinya.")
    return drafts.sealed({"pin": pin})


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


def _send(request: HttpRequest, visitor: Visitor | None, draft: Draft, last: dict[str, Any], image: bytes) -> None:
    """Open the account if there is none, and file the application, with a picture known to be good.

    Sent twice with the same key it opens one account and files one application.
    """
    now, key = clock.now(), request.POST.get("key", "")
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
