"""Too much is refused while it arrives: a sentence instead of a full disk or a dropped connection.

Django reads the whole body before it asks anybody, so the limit stands in front of it, in ASGI. What is too
much is read and thrown away: a browser shows an answer only once it has sent everything.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from besuk.ground.kernel.errors import refuse
from besuk.web.shared.refusals import refusal_page

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

TOO_LARGE = "besuk.too_large"
END = {"type": "http.request", "body": b"", "more_body": False}
PATIENCE = 10
"""So many times the limit is read and thrown away; whoever sends more is cut off."""


def most_bytes() -> int:
    """Of one request: two pictures at their limit."""
    return int(settings.BESUK_UPLOAD_LIMIT) * 2


class Pages(ASGIHandler):
    """Django over ASGI, given no more than `most_bytes` of a body; the scope says when there was more."""

    async def handle(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        announced = dict(scope["headers"]).get(b"content-length", b"")
        too_long = announced.isdigit() and int(announced) > most_bytes()
        limit, seen = 0 if too_long else most_bytes(), 0

        async def counted() -> Mapping[str, Any]:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if message["type"] != "http.request" or seen <= limit:
                return message
            scope[TOO_LARGE] = True
            while message["type"] == "http.request" and message.get("more_body") and seen <= most_bytes() * PATIENCE:
                message = await receive()
                seen += len(message.get("body", b""))
            return message if message["type"] != "http.request" else END

        await super().handle(scope, counted, send)


class BodyLimit:
    """The page that says so; also by the announced length, for servers that are not ASGI."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        scope: dict[str, Any] = getattr(request, "scope", {})
        announced = request.headers.get("Content-Length", "")
        if scope.get(TOO_LARGE) or (announced.isdigit() and int(announced) > most_bytes()):
            return too_large(request)
        return self.get_response(request)


def too_large(request: HttpRequest) -> HttpResponse:
    """413 in words."""
    limit = int(settings.BESUK_UPLOAD_LIMIT) // (1024 * 1024)
    return refusal_page(request, refuse("UPLOAD_TOO_LARGE", limit=limit), to_staff=False)
