"""The pictures of the identity check. Looking at one is an entry in the log; no browser keeps a copy."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from besuk.flow.approvals.actions import view_document
from besuk.flow.approvals.models import Document
from besuk.flow.live.models import Call
from besuk.ground.accounts.capabilities import DOCUMENT_VIEW
from besuk.ground.facilities.actions import view_photo
from besuk.ground.kernel import clock
from besuk.ground.kernel.errors import refuse
from besuk.web.shared.access import Asked, fetch, needs

PURPOSE = "identity-check"
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


@require_GET
@needs(DOCUMENT_VIEW)
def inmate_photo(request: Asked, ref: str) -> HttpResponse:
    """The inmate's photo, beside the station's picture."""
    call = _call(request, ref)
    content, mime = view_photo(inmate=call.visit.inmate, purpose=PURPOSE, actor=request.actor, now=clock.now())
    return _picture(content, mime)


@require_GET
@needs(DOCUMENT_VIEW)
def visitor_document(request: Asked, ref: str) -> HttpResponse:
    """The newest ID document of the visitor whose device is in the call."""
    call = _call(request, ref)
    host = call.visit.host
    if host is None or host.visitor_id is None:
        raise refuse("NOT_FOUND")
    papers = Document.objects.filter(visitor=host.visitor_id, kind=Document.Kind.ID_CARD)
    paper = papers.select_related("file").order_by("-added_at").first()
    if paper is None:
        raise refuse("NOT_FOUND")
    content = view_document(document_ref=paper.ref, actor=request.actor, now=clock.now(), purpose=PURPOSE)
    return _picture(content, paper.file.mime)


def _call(request: Asked, ref: str) -> Call:
    """Only while the call runs: later there is nothing to compare."""
    running = Call.objects.filter(state__in=["prepared", "live"]).select_related("visit__inmate__photo")
    return fetch(request.actor, DOCUMENT_VIEW, running, ref=ref)


def _picture(content: bytes, mime: str) -> HttpResponse:
    if mime not in SHOWN:
        raise refuse("NOT_FOUND")
    return HttpResponse(
        content, content_type=mime, headers={"Cache-Control": "no-store, private", "Content-Disposition": "inline"}
    )
