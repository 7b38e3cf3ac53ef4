"""The state of a facility's log, and the button that reads it through."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.capabilities import AUDIT_VIEW, VISIT_VIEW
from besuk.ground.audit.models import ChainHead
from besuk.ground.audit.verify import verify as verify_chain
from besuk.ground.kernel import clock
from besuk.ground.kernel.models import Facility
from besuk.web.shared.access import Asked, asked_facility, facility_of, fetch, needs

MOST_VISITS = 20
KEPT_S = 7 * 24 * 3600


@dataclass(frozen=True)
class Checked:
    """What the last reading found. `broken_at` 0: nothing wrong."""

    number: int
    at: datetime
    broken_at: int = 0


@dataclass(frozen=True)
class AuditState:
    """The chain's length, and up to where it was read through."""

    facility: Facility
    newest: int
    checked: Checked | None


def audit_state(facility: Facility) -> AuditState:
    """How long the log is and when it was last read through, as far as this process remembers."""
    newest = ChainHead.objects.filter(facility=facility).values_list("number", flat=True).first() or 0
    return AuditState(facility, newest, cache.get(_place(facility)))


@require_safe
@never_cache
@needs(AUDIT_VIEW)
def audit(request: Asked) -> HttpResponseBase:
    """The state of the log of one facility; whoever oversees several chooses with `?facility=`."""
    facility, mine = asked_facility(request, AUDIT_VIEW)
    may_read = request.actor.can(VISIT_VIEW, facility.pk)
    context = {
        "facility": facility,
        "facilities": mine,
        "audit": audit_state(facility),
        "visits": last_visits(facility) if may_read else None,
    }
    return render(request, "office/audit.html", context)


def last_visits(facility: Facility) -> list[Visit]:
    """The newest visits that are over, for whoever may read them from beginning to end."""
    over = Visit.objects.filter(facility=facility, state="concluded").select_related("inmate", "station")
    return list(over.order_by("-starts_at")[:MOST_VISITS])


@require_POST
@needs(AUDIT_VIEW)
def verify(request: Asked) -> HttpResponseBase:
    """Read the whole chain of a facility from its first entry and say up to where it holds."""
    code = request.POST.get("facility", "")
    facility = fetch(request.actor, AUDIT_VIEW, Facility.objects.all(), facility="pk", code=code) if code else None
    checked_one = facility or facility_of(request, AUDIT_VIEW)
    cache.set(_place(checked_one), read_through(checked_one, clock.now()), KEPT_S)
    if request.headers.get("HX-Request") == "true":
        return render(request, "office/_audit_box.html", {"audit": audit_state(checked_one)})
    return redirect(f"{reverse('office_audit')}?facility={checked_one.code}")


def read_through(facility: Facility, now: datetime) -> Checked:
    """Read the chain from its first entry: each entry, its text, the links, the head, and kept checkpoints."""
    report = verify_chain(facility)
    if report.ok:
        return Checked(report.entries, now)
    first = min((one.number for one in report.breaks), default=report.entries + 1)
    return Checked(first - 1, now, first)


def _place(facility: Facility) -> str:
    return f"audit-checked:{facility.pk}"
