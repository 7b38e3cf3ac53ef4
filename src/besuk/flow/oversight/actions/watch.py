"""Beginning and ending to watch a call."""

from datetime import datetime

from besuk.flow.live import actions as live
from besuk.flow.live.models import Call, Participation
from besuk.flow.live.queries import watched_now
from besuk.flow.oversight import rules
from besuk.flow.oversight.actions.listen import stop_listening
from besuk.flow.oversight.queries import shift_of
from besuk.ground.accounts.capabilities import WATCH
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.unit import unit


def watch(*, call_ref: str, actor: Actor, now: datetime) -> Participation:
    """Take a place in a call, within the limit of the facility's policy. Watching twice is watching once.

    Raises Refused(NO_SHIFT), (WALL_FULL), (CALL_ENDED), (NOT_FOUND).
    """
    with unit():
        call = call_for(call_ref, WATCH, actor)
        mine = call.participations.filter(staff_id=actor.pk, role="supervisor", until__isnull=True)
        reasons = rules.may_watch(
            on_duty=shift_of(actor.pk) is not None,
            watching=watched_now(actor.pk),
            limit=policy_of(call.facility_id).calls_per_supervisor,
            watches_already=mine.exists(),
        )
        if reasons:
            raise Refused(reasons)
        return live.take_watch(call_ref=call_ref, actor=actor, now=now)


def unwatch(*, call_ref: str, actor: Actor, now: datetime) -> None:
    """Give the place up. Harmless without one."""
    with unit():
        call = call_for(call_ref, WATCH, actor)
        live.leave_watch(call_ref=call_ref, actor=actor, now=now)
        stop_listening(call, actor, now)


def call_for(call_ref: str, capability: str, actor: Actor) -> Call:
    """The call, if the actor holds `capability` where it is. Else as if it did not exist."""
    call = Call.objects.select_related("visit").filter(ref=call_ref).first()
    if call is None or not actor.can(capability, call.facility_id):
        raise refuse("NOT_FOUND")
    return call


def watched_call(call_ref: str, capability: str, actor: Actor) -> Call:
    """The same, for an officer who watches it. Raises Refused(NOT_WATCHING)."""
    call = call_for(call_ref, capability, actor)
    if not call.participations.filter(staff_id=actor.pk, role="supervisor", until__isnull=True).exists():
        raise refuse("NOT_WATCHING")
    return call
