"""What an officer does to a call, one address an act: JSON in, JSON out."""

import json
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from besuk.flow.live.models import Call
from besuk.flow.oversight import acts
from besuk.flow.oversight.acts.act import Answer, Body
from besuk.ground.accounts.capabilities import WATCH
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import refuse
from besuk.web.shared.access import Asked, facility_of, needs
from besuk.web.shared.refusals import json_answer
from besuk.web.shared.sessions import COMPUTER

MOST_BYTES = 4096
NEED_NO_KEY = frozenset({"watch", "unwatch", "listen", "unlisten"})
"""Doing these twice is the same as once, and leaving must work from a closing page."""


@require_POST
@needs(WATCH)
def act(request: Asked, ref: str, act: str) -> HttpResponse:
    """Do `act` to the call `ref`. Answers `{"ok": true, ...}`, or the refusals in words."""

    def work() -> Answer:
        body = body_of(request)
        _must_exist(request, ref, act)
        if act not in NEED_NO_KEY:
            _must_have_key(body)
        return acts.perform_blocking(act, call_ref=ref, body=body, actor=request.actor, now=clock.now())

    return json_answer(work, to_staff=True)


@require_POST
@needs(WATCH)
def duty(request: Asked, duty: str) -> HttpResponse:
    """Something the officer does about themselves, at this wall: shift, attention, handing calls over."""

    def work() -> Answer:
        here = {"facility": facility_of(request, WATCH).pk, "wall": request.session.get(COMPUTER, "")}
        body = {**body_of(request), **here}
        _must_have_key(body)
        return acts.perform_duty_blocking(duty, body=body, actor=request.actor, now=clock.now())

    return json_answer(work, to_staff=True)


def _must_have_key(body: Body) -> None:
    if not body.get("key"):
        raise refuse("FORM_INCOMPLETE")


def _must_exist(request: Asked, ref: str, act: str) -> None:
    """A call of another prison, or an act nobody knows, does not exist."""
    mine = request.actor.facilities_with(WATCH)
    if act not in acts.ACTS or not Call.objects.filter(ref=ref, facility__in=mine).exists():
        raise refuse("NOT_FOUND")


def body_of(request: Asked) -> dict[str, Any]:
    """The JSON object that the wall sent. Raises Refused(FORM_INCOMPLETE)."""
    if len(request.body) > MOST_BYTES:
        raise refuse("FORM_INCOMPLETE")
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise refuse("FORM_INCOMPLETE") from None
    if not isinstance(body, dict):
        raise refuse("FORM_INCOMPLETE")
    return body
