"""What the scripts of a call page are told (the names are those of frontend/call/page_data.ts)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token

from besuk.flow.live.models import Participation


def common(request: HttpRequest) -> dict[str, Any]:
    """What every page with media needs. No ICE server is named: the media server gives its own alone."""
    return {"csrf": get_token(request), "media": settings.BESUK_MEDIA, "iceServers": []}


def call_page(
    request: HttpRequest, seat: Participation, *, next_url: str, sign_key: dict[str, str] | None, support_url: str
) -> dict[str, Any]:
    """The data of a party's page. `sign_key` is the public JWK of the sign of supervision (stations)."""
    return {
        **common(request),
        "participation": seat.ref,
        "door": f"/door/{seat.ref}",
        "control": f"/control/{seat.ref}",
        "signKey": sign_key,
        "next_url": next_url,
        "support_url": support_url,
    }
