"""News for a visitor, in their language, behind their sign-in."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.kernel import clock
from besuk.ground.notices.actions import mark_read
from besuk.ground.notices.queries import inbox
from besuk.web.shared.access import Asked, needs


@require_safe
@needs(VISITOR_OWN)
def visitor_inbox(request: Asked) -> HttpResponseBase:
    """All news, the newest first; opening it is reading it."""
    lines = inbox(request.actor.subject)
    mark_read(recipient_subject=request.actor.subject, now=clock.now())
    return render(request, "public/inbox.html", {"lines": lines})
