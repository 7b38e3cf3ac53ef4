"""Where the media server reports: proven first, kept as it came, then handled once."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from besuk.flow.live import actions, reach
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.accounts.capabilities import ANYONE
from besuk.ground.kernel import clock
from besuk.ground.kernel.attempts import Attempts
from besuk.ground.media import inbox
from besuk.ground.media.chosen import cluster
from besuk.ground.media.events import BadWebhook, MediaEvent, verify_and_read
from besuk.web.shared.access import Asked, needs

log = logging.getLogger(__name__)
attempts = Attempts(clock.monotonic)
"""Anybody can send here: what is forged is logged once in a while."""


@csrf_exempt
@require_POST
@needs(ANYONE)
def media_report(request: Asked) -> HttpResponse:
    """A report of the media server. Its signature is its pass; anything else is turned away in one word."""
    try:
        if settings.BESUK_MEDIA == "stub":
            raise BadWebhook("there is no media server")
        event = verify_and_read(request.body, request.headers.get("Authorization"), cluster())
    except BadWebhook as bad:
        times = attempts.take(str(bad))
        if times:
            log.warning("a report that the media server did not sign, %d times: %s", times, bad)
        return HttpResponse("refused", status=HTTPStatus.UNAUTHORIZED, content_type="text/plain")
    if event is not None:
        now = clock.now()
        inbox.keep(event, request.body, now=now)
        inbox.handle(event, _note, now=now)
    return HttpResponse("kept", content_type="text/plain")


def _note(event: MediaEvent) -> None:
    """Evidence for the timeline, no more: presence rests on our own sockets, which know sooner."""
    actions.report(event=event, actor=SYSTEM, now=clock.now())
    reach.hint(event)
