"""The family asks that somebody look after the inmate, or after them: during the call or afterwards."""

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from besuk.flow.live.queries import call_of
from besuk.flow.oversight.actions import ask_support
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import refuse
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.refusals import wants_json
from besuk.web.visitor.own_visit import own_visit


@require_POST
@needs(VISITOR_OWN)
def ask(request: Asked, ref: str) -> HttpResponseBase:
    """To the pendamping alone. From the call's own page as JSON, from the result as a form."""
    visit = own_visit(request.actor, ref)
    call = call_of(visit)
    if call is None:
        raise refuse("CALL_NOT_OPEN")
    ask_support(call_ref=call.ref, words=request.POST.get("words", ""), actor=request.actor, now=clock.now())
    if wants_json(request):
        return JsonResponse({"ok": True})
    messages.success(request, gettext("Permintaan Anda diteruskan kepada pendamping."))
    return redirect("visit_result", ref=visit.ref)
