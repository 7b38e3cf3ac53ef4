"""A refusal becomes a page, a fragment, or JSON: sentences and next steps, never a code alone."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told


def refusal_page(request: HttpRequest, refused: Refused, *, to_staff: bool) -> HttpResponse:
    """The answer to a request that was refused as a whole."""
    if "application/json" in request.headers.get("Accept", ""):
        return refusal_json(refused, to_staff=to_staff)
    context = {"refusals": told(refused.reasons, to_staff=to_staff)}
    return render(request, "shared/refused.html", context, status=status_of(refused.reasons))


def refusal_json(refused: Refused, *, to_staff: bool) -> JsonResponse:
    """The same for scripts: `{"ok": false, "refusals": [{code, sentence, next}]}`."""
    rows = [
        {"code": one.code, "sentence": one.sentence, "next": one.next_step}
        for one in told(refused.reasons, to_staff=to_staff)
    ]
    return JsonResponse({"ok": False, "refusals": rows}, status=status_of(refused.reasons))
