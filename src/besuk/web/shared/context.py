"""What every template knows: who is here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from besuk.ground.kernel.actor import NOBODY


def who_is_here(request: HttpRequest) -> dict[str, Any]:
    """`actor` (its kind says which header to show) and whether this is the demo."""
    return {"actor": getattr(request, "actor", NOBODY), "is_demo": settings.BESUK_MODE == "demo"}
