"""What every request carries: an id for the log."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class RequestStory:
    """Gives each request a random id, told back in a header so that a complaint can name it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response
