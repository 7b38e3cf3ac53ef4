"""The pages that everybody may read: which prisons there are, and how one of them receives visits."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from besuk.ground.accounts.capabilities import ANYONE
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.models import Facility
from besuk.web.public.opening import opening_of
from besuk.web.shared.access import Asked, needs


@require_safe
@needs(ANYONE)
def home(request: Asked) -> HttpResponseBase:
    """Which prisons there are, and the ways in."""
    now = clock.now()
    rows = [(one, opening_of(one, now)) for one in Facility.objects.order_by("name")]
    return render(request, "public/home.html", {"rows": rows})


@require_safe
@needs(ANYONE)
def facility_page(request: Asked, code: str) -> HttpResponseBase:
    """Open or not, days and hours, who may call whom, rules, how to register, where to complain."""
    facility = Facility.objects.filter(code=code).first()
    if facility is None:
        raise Http404
    context = {
        "facility": facility,
        "opening": opening_of(facility, clock.now()),
        "policy": policy_of(facility.pk),
    }
    return render(request, "public/facility.html", context)
