"""Telling the head of the shift that a call is due and nobody on duty has room for it."""

from datetime import datetime

from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.capabilities import BOARD_VIEW, SYSTEM_RUN
from besuk.ground.accounts.models import Staff
from besuk.ground.accounts.queries import staff_with
from besuk.ground.audit.actions import record
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.models import IdempotencyKey
from besuk.ground.kernel.unit import unit
from besuk.ground.notices.actions import notify

PAGED = "visit.uncovered"


def was_paged(visit: Visit) -> bool:
    """Whether the head was told of this visit at this time already. Writes nothing."""
    return IdempotencyKey.objects.filter(action=PAGED, key=_key(visit)).exists()


def page_head(*, visit: Visit, actor: Actor, now: datetime) -> None:
    """One notice a visit and time, however often it is found: a visit that is shifted may be told again."""
    actor.must(SYSTEM_RUN, visit.facility_id)
    with unit():
        answer = once(actor, PAGED, _key(visit), _key(visit), now)
        if answer.result:
            return
        to = heads(visit.facility_id, now)
        for one in to:
            notify(
                facility_id=visit.facility_id,
                recipient_subject=one.subject,
                template="call_uncovered",
                values={
                    "starts_at": visit.starts_at.isoformat(),
                    "zone": visit.facility.zone,
                    "station": visit.station.number,
                },
                now=now,
            )
        data = {"told": [one.code for one in to]}
        record(PAGED, facility_id=visit.facility_id, actor=actor, about=visit, now=now, data=data)
        answered(answer, "told")


def _key(visit: Visit) -> str:
    return f"{visit.ref}@{visit.starts_at:%Y%m%d%H%M}"


def heads(facility_id: int, now: datetime) -> list[Staff]:
    """Who is told: the officer whom the policy names, else whoever heads the prison."""
    found = staff_with(BOARD_VIEW, facility_id, now)
    named = [one for one in found if one.code == policy_of(facility_id).shift_head]
    return named or [one for one in found if one.memberships.filter(facility=facility_id, role="head").exists()]
