"""The language switch of every page."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_cookie

from besuk.ground.accounts.actions import set_visitor_language
from besuk.ground.accounts.capabilities import ANYONE
from besuk.web.shared.access import Asked, needs
from besuk.web.shared.identity import visitor_in


@require_POST
@needs(ANYONE)
def set_language(request: Asked) -> HttpResponseBase:
    """Keep the language in a cookie, and with the person when a visitor is signed in."""
    response = set_cookie(request)
    visitor = visitor_in(request.session)
    chosen = request.POST.get("language", "")
    if visitor is not None and chosen in {"id", "en"}:
        set_visitor_language(visitor=visitor, language=chosen)
    return response
