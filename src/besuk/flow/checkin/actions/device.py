"""Keeping what a visitor's device was found to do, so that the desk can help before the day."""

from collections.abc import Mapping
from datetime import datetime

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.models import DeviceTest
from besuk.ground.accounts.capabilities import VISITOR_OWN
from besuk.ground.accounts.models import Visitor
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.unit import unit

Details = Mapping[str, str | int | float | bool | None]


def save_device_test(
    *,
    visitor: Visitor,
    visit_ref: str | None,
    camera: bool,
    microphone: bool,
    speaker: bool,
    connection: bool,
    details: Details,
    actor: Actor,
    now: datetime,
) -> DeviceTest:
    """Keep one test of the visitor's own device, for a visit or in general.

    Raises Refused(NOT_FOUND) for somebody else's visit, or when no facility knows this visitor yet.
    """
    visit = None
    if visit_ref:
        visit = Visit.objects.filter(ref=visit_ref, people__visitor=visitor, people__is_host=True).first()
        facility_id = visit.facility_id if visit else None
    else:
        ties = Tie.objects.filter(visitor=visitor).order_by("-submitted_at")
        facility_id = ties.values_list("facility_id", flat=True).first()
    if facility_id is None:
        raise refuse("NOT_FOUND")
    actor.must(VISITOR_OWN, facility_id)
    if actor.kind != "visitor" or actor.pk != visitor.pk:
        raise refuse("NOT_FOUND")
    with unit():
        return DeviceTest.objects.create(
            facility_id=facility_id,
            visitor=visitor,
            visit=visit,
            at=now,
            camera=camera,
            microphone=microphone,
            speaker=speaker,
            connection=connection,
            details=dict(details),
        )
