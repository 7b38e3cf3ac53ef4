"""An officer's place in a call. Whether they may have one is asked by `oversight`."""

from datetime import datetime

from besuk.flow.live.actions.prepare import new_participation_ref
from besuk.flow.live.actions.witness import happened
from besuk.flow.live.models import Call, Participation
from besuk.flow.live.privilege import privilege_of
from besuk.ground.accounts.capabilities import WATCH
from besuk.ground.audit.actions import record
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit
from besuk.ground.media.grants import Privilege


def take_watch(*, call_ref: str, actor: Actor, now: datetime) -> Participation:
    """Give an officer a place in a running call; the one they have, if they have one. Its `staff` is loaded:
    the event loop that seats them must not ask the database.

    Raises Refused(CALL_ENDED), and Refused(NOT_ALLOWED) for a privileged call.
    """
    with unit():
        call = lock(Rank.CALL, Call.objects.filter(ref=call_ref))[0]
        actor.must(WATCH, call.facility_id)
        if call.state == "ended":
            raise refuse("CALL_ENDED")
        if privilege_of(call) is not Privilege.NONE:
            raise refuse("NOT_ALLOWED")
        seats = Participation.objects.select_related("staff").filter(call=call)
        running = seats.filter(role="supervisor", staff_id=actor.pk, until__isnull=True).first()
        if running is not None:
            return running
        ref = new_participation_ref("supervisor")
        seat = Participation.objects.create(ref=ref, call=call, role="supervisor", staff_id=actor.pk, since=now)
        record("call.watch", facility_id=call.facility_id, actor=actor, about=call, now=now)
        happened(call, "watched", now=now, data={"officer": actor.label})
        return seats.get(pk=seat.pk)


def leave_watch(*, call_ref: str, actor: Actor, now: datetime) -> Participation | None:
    """End an officer's watch. None when there is none."""
    with unit():
        call = lock(Rank.CALL, Call.objects.filter(ref=call_ref))[0]
        actor.must(WATCH, call.facility_id)
        seat = call.participations.filter(role="supervisor", staff_id=actor.pk, until__isnull=True).first()
        if seat is None:
            return None
        seat.until = now
        seat.save(update_fields=["until"])
        record("call.unwatch", facility_id=call.facility_id, actor=actor, about=call, now=now)
        happened(call, "unwatched", now=now, data={"officer": actor.label})
        return seat
