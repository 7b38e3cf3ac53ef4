"""The wall: the calls an officer supervises."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from besuk.flow.oversight import warnings
from besuk.ground.accounts.capabilities import WATCH
from besuk.ground.accounts.models import Staff
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.models import Facility
from besuk.web.shared.access import Asked, facility_of, needs
from besuk.web.shared.call_page import common
from besuk.web.wall.just_ended import ended_for


@require_safe
@never_cache
@needs(WATCH)
def wall(request: Asked) -> HttpResponseBase:
    """The page; the script fills the tiles from the control socket."""
    facility = facility_of(request, WATCH)
    now = clock.now()
    context = {
        "facility": facility,
        "officer": Staff.objects.get(pk=request.actor.pk),
        "now": now,
        "just_ended": ended_for(request, facility, now),
        "page_data": wall_page(request, facility),
    }
    return render(request, "wall/wall.html", context)


def wall_page(request: Asked, facility: Facility) -> dict[str, Any]:
    """What the script is told (WallPageData in frontend/call/page_data.ts)."""
    policy = policy_of(facility.pk)
    return {
        **common(request),
        "control": "/control/wall",
        "attention_url": "/wall/attention",
        "shift_start_url": "/wall/shift/start",
        "shift_end_url": "/wall/shift/end",
        "ended_url": "/wall/ended",
        "handover_url": "/wall/handover/{what}",
        "zone": facility.zone,
        "act_url": "/wall/calls/{ref}/{act}",
        "facility": facility.pk,
        "stop_url": "/wall/stop-all",
        "reopen_url": "/wall/reopen",
        "document_url": "/wall/calls/{ref}/document/",
        "photo_url": "/wall/calls/{ref}/photo/",
        "warnings": _choices({code: one.label for code, one in warnings.WARNINGS.items()}),
        "pause_reasons": _choices(warnings.PAUSE_REASONS),
        "end_reasons": [
            {"code": code, "label": gettext(text), "outcome": outcome}
            for code, (text, outcome) in warnings.END_REASONS.items()
        ],
        "refuse_reasons": _choices(warnings.REFUSE_REASONS),
        "extend_reasons": _choices(warnings.EXTEND_REASONS),
        "longest_extension": policy.longest_extension_minutes,
        "incidents": _choices(warnings.INCIDENTS),
        "limit": policy.calls_per_supervisor,
    }


def _choices(words: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "label": gettext(text)} for code, text in words.items()]
