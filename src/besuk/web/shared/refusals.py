"""A refusal becomes a page, a fragment, or JSON: sentences and next steps, never a code alone."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refusals import status_of, told
from besuk.web.shared.way_back import home_for, page_again


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, and not a browser that shows what it gets."""
    return "application/json" in request.headers.get("Accept", "")


def refusal_page(request: HttpRequest, refused: Refused, *, to_staff: bool) -> HttpResponse:
    """The answer to a request that was refused as a whole: a page, or JSON for a script."""
    if wants_json(request):
        return refusal_json(refused, to_staff=to_staff)
    status = status_of(refused.reasons)
    context = {
        "refusals": told(refused.reasons, to_staff=to_staff),
        "back": _back(request, status),
        "home": home_for(request),
    }
    return render(request, "shared/refused.html", context, status=status)


def _back(request: HttpRequest, status: int) -> dict[str, str] | None:
    """The button to try once more. None where trying again cannot help: whoever may not, may not."""
    if status in {403, 404}:
        return None
    if status == 413:
        return {"url": page_again(request), "words": gettext("Kembali ke formulir"), "testid": "back-to-form"}
    return {"url": page_again(request), "words": gettext("Muat ulang"), "testid": "reload"}


def refusal_json(refused: Refused, *, to_staff: bool) -> JsonResponse:
    """The same for scripts: `{"ok": false, "refusals": [{code, sentence, next}]}`."""
    body = {"ok": False, "refusals": refusal_rows(refused, to_staff=to_staff)}
    return JsonResponse(body, status=status_of(refused.reasons))


def refusal_rows(refused: Refused, *, to_staff: bool) -> list[dict[str, str]]:
    """Code, sentence and next step of each refusal, in the active language."""
    return [
        {"code": one.code, "sentence": one.sentence, "next": one.next_step}
        for one in told(refused.reasons, to_staff=to_staff)
    ]


def json_answer(work: Callable[[], Mapping[str, object]], *, to_staff: bool) -> JsonResponse:
    """What a script's request came to: `{"ok": true, ...}` with what `work` says, or the refusal in words."""
    try:
        return JsonResponse({"ok": True, **work()})
    except Refused as refused:
        return refusal_json(refused, to_staff=to_staff)
