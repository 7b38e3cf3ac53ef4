"""Preparing a call: both sides are ready, the room has a name, nobody sees anybody yet."""

from datetime import datetime

from django.db.models import Q

from besuk.flow.bookings.models import Visit
from besuk.flow.live import rules
from besuk.flow.live.actions.witness import happened
from besuk.flow.live.lifecycle import CALL
from besuk.flow.live.models import Call, Hold, Participation
from besuk.ground.accounts.capabilities import SYSTEM_RUN
from besuk.ground.audit.actions import record, transition
from besuk.ground.facilities.queries import is_stopped
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.refs import new_ref
from besuk.ground.kernel.unit import unit
from besuk.ground.media.rooms import RoomKind, new_room

PREFIX = {"visitor": "v", "inmate": "i", "supervisor": "s", "onlooker": "o"}
"""The role is part of a participation's name, so that the media server's reports can be read."""


def new_participation_ref(role: str) -> str:
    """`v-…`, `i-…`, `s-…` or `o-…`."""
    return f"{PREFIX[role]}-{new_ref()}"


def prepare(*, visit_ref: str, actor: Actor, now: datetime) -> Call:
    """Make the call of a booked visit, held by `identity` and `no_supervisor`. Asking again gives the same.

    One that was put off is prepared again, in another room, with the places that both sides have.

    Raises Refused(STATE_CHANGED) when the visit is not booked, Refused(CALL_NOT_OPEN) before its time
    or while another call runs at the station, Refused(SERVICE_SUSPENDED) while all are stopped, Refused(VISIT_OVER)
    after it.
    """
    with unit():
        visit = lock(Rank.VISIT, Visit.objects.select_related("facility").filter(ref=visit_ref))[0]
        actor.must(SYSTEM_RUN, visit.facility_id)
        found = Call.objects.filter(visit=visit).first()
        if found is not None and found.state != "put_off":
            return found
        latest = rules.latest_end(visit.ends_at, next_starts(visit))
        _must_be_time(visit, latest, now)
        if found is not None:
            return _again(found.pk, latest, actor, now)
        call = Call.objects.create(
            facility=visit.facility,
            visit=visit,
            station=visit.station,
            room=new_room(RoomKind.SUPERVISED),
            prepared_at=now,
            latest_end=latest,
        )
        _seat_parties(call, visit, now)
        causes = ("identity", "no_supervisor")
        Hold.objects.bulk_create([Hold(call=call, cause=cause, since=now, by=actor.subject) for cause in causes])
        record("call.prepare", facility_id=visit.facility_id, actor=actor, about=call, now=now)
        happened(call, "prepared", now=now)
        return call


def _again(call_pk: int, latest: datetime, actor: Actor, now: datetime) -> Call:
    call = lock(Rank.CALL, Call.objects.select_related("visit").filter(pk=call_pk))[0]
    changes = {"room": new_room(RoomKind.SUPERVISED), "prepared_at": now, "latest_end": latest}
    transition(call, CALL, "prepare_again", facility_id=call.facility_id, actor=actor, now=now, changes=changes)
    happened(call, "prepared", now=now)
    return call


def _must_be_time(visit: Visit, latest: datetime, now: datetime) -> None:
    if visit.state != "booked":
        raise refuse("STATE_CHANGED")
    if is_stopped(visit.facility_id):
        raise refuse("SERVICE_SUSPENDED")
    if now < rules.opens_at(visit.starts_at):
        raise refuse("CALL_NOT_OPEN")
    if now >= latest:
        raise refuse("VISIT_OVER")
    if Call.objects.filter(station=visit.station, state__in=["prepared", "live"]).exists():
        raise refuse("CALL_NOT_OPEN")


def next_starts(visit: Visit) -> list[datetime]:
    """When the next two bookings of this station or inmate begin, soonest first."""
    same = Q(station=visit.station_id) | Q(inmate=visit.inmate_id)
    later = Visit.objects.filter(same, state="booked", starts_at__gte=visit.ends_at).exclude(pk=visit.pk)
    return list(later.order_by("starts_at").values_list("starts_at", flat=True)[:2])


def _seat_parties(call: Call, visit: Visit, now: datetime) -> None:
    host = visit.host
    if host is None or host.visitor_id is None:
        raise refuse("STATE_CHANGED")
    Participation.objects.bulk_create(
        [
            Participation(
                ref=new_participation_ref("visitor"), call=call, role="visitor", visitor_id=host.visitor_id, since=now
            ),
            Participation(
                ref=new_participation_ref("inmate"), call=call, role="inmate", station=visit.station, since=now
            ),
        ]
    )
