"""What every request carries: an id for the log. And what no answer may be: empty, where a person reads it."""

import secrets
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from besuk.web.shared.errors import wrong_method


class RequestStory:
    """Gives each request a random id, told back in a header so that a complaint can name it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.BESUK_BEHIND_PROXY:
            request.META["REMOTE_ADDR"] = address_told_by_proxy(request)
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class WrongMethod:
    """Django answers a page opened at an address for forms with an empty 405, for which browsers show their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or not isinstance(response, HttpResponse) or response.content:
            return response
        told = wrong_method(request)
        told.headers["Allow"] = response.headers.get("Allow", "")
        return told


def address_told_by_proxy(request: HttpRequest) -> str:
    """The address our own proxy saw: the last one it added. Those before it are the client's word."""
    told = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    try:
        return str(ip_address(told))
    except ValueError:
        return str(request.META.get("REMOTE_ADDR", ""))
