"""The head of prison looks at a running call from the office board, PC or phone: first the purpose, then the call."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from besuk.flow.live.models import Call, Participation
from besuk.flow.live.privilege import privilege_of
from besuk.flow.oversight.acts import looking
from besuk.ground.accounts.capabilities import LOOK
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import status_of, told
from besuk.ground.media.grants import Privilege
from besuk.web.shared.access import Asked, fetch, needs
from besuk.web.shared.call_page import common


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(LOOK)
def look(request: Asked, ref: str) -> HttpResponseBase:
    """Asks for the purpose; with a place of one's own, the call. A POST takes the place or gives it up."""
    rows = Call.objects.select_related("facility", "visit__inmate", "station")
    call = fetch(request.actor, LOOK, rows, ref=ref)
    if privilege_of(call) is not Privilege.NONE:
        raise refuse("CALL_PRIVILEGED")
    if request.method == "POST" and request.POST.get("act") == "leave":
        looking.unlook_blocking(call_ref=ref, actor=request.actor)
        return redirect(board_of(call.facility))
    if request.method == "POST":
        return _begin(request, call)
    if call.state == "ended":
        return redirect(board_of(call.facility))
    seat = call.participations.filter(role="onlooker", staff_id=request.actor.pk, until__isnull=True).first()
    return _stage(request, call, seat) if seat is not None else _ask(request, call)


def board_of(facility: Facility) -> str:
    """The board where this call is listed: whoever oversees several prisons comes back to the same one."""
    return f"{reverse('office_board')}?facility={facility.code}"


def _begin(request: Asked, call: Call) -> HttpResponseBase:
    try:
        looking.look_blocking(call_ref=call.ref, purpose=request.POST.get("purpose", ""), actor=request.actor)
    except Refused as refused:
        return _ask(request, call, refused)
    return redirect("office_look", ref=call.ref)


def _ask(request: Asked, call: Call, refused: Refused | None = None) -> HttpResponseBase:
    host = call.visit.host
    context = {
        "facility": call.facility,
        "board_url": board_of(call.facility),
        "call": call,
        "visitor": host.name if host else "",
        "purpose": request.POST.get("purpose", ""),
        "refusals": told(refused.reasons, to_staff=True) if refused else [],
    }
    return render(request, "office/look_purpose.html", context, status=status_of(refused.reasons) if refused else 200)


def _stage(request: Asked, call: Call, seat: Participation) -> HttpResponseBase:
    data: dict[str, Any] = {
        **common(request),
        "door": f"/door/{seat.ref}",
        "control": f"/control/look/{seat.ref}",
    }
    context = {"facility": call.facility, "board_url": board_of(call.facility), "call": call, "page_data": data}
    return render(request, "office/look.html", context)
