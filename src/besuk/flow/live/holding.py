"""Closing and opening a call in the right order: media first when closing, record first when opening."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from besuk.flow.live import actions, rules
from besuk.flow.live.actions.end import CAPABILITY as END_CAPABILITY
from besuk.flow.live.actions.end import OFFICERS_MAY_SAY
from besuk.flow.live.actions.hold import LIFTS, SETS
from besuk.flow.live.lifecycle import Cause
from besuk.flow.live.models import Call
from besuk.flow.live.rules import Span
from besuk.flow.live.stage import Seat, Stage
from besuk.flow.live.studio import Studio
from besuk.flow.live.unrecorded import ClosingAct
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.media.port import MediaUnavailable

log = logging.getLogger(__name__)
R = TypeVar("R")
RECORD_PATIENCE_S = 2.0
"""How long the answer to a closing act waits for its record; the record itself is tried until it is made."""
OPENING_PATIENCE_S = 7.0
"""An opening act that comes to its turn later than this is refused: the officer has been told that it failed."""


class Holding:
    """Holds, and the end, of stages."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def hold(self, stage: Stage, cause: Cause, actor: Actor, reason: str = "") -> bool:
        """Close the floor now, record it after. True when the media server confirmed."""
        closing, _ = self._close(stage, cause, actor, reason)
        return await closing

    async def pause(self, stage: Stage, actor: Actor, reason: str) -> tuple[bool, bool]:
        """An officer's pause: (the media server confirmed, the record is made).

        The record is waited for a moment only, and tried until it is made, whatever was answered.
        """
        closing, record = self._close(stage, "supervisor", actor, reason)
        confirmed = await closing
        return confirmed, await self._studio.records.made(record, RECORD_PATIENCE_S)

    def _close(
        self, stage: Stage, cause: Cause, actor: Actor, reason: str
    ) -> "tuple[asyncio.Future[bool], asyncio.Future[object] | None]":
        actor.must(SETS[cause], stage.facility_id)
        now = self._studio.now()
        is_new = stage.set_hold(cause, now)
        closing = asyncio.ensure_future(self._studio.floor.close(stage))
        record = self._record_hold(stage, cause, actor, reason, now) if is_new else None
        self._studio.touch(stage)
        return closing, record

    async def lift(self, stage: Stage, cause: Cause, actor: Actor) -> None:
        """Record that `cause` holds no more, then open if nothing else holds.

        Raises Refused(MEDIA_UNAVAILABLE) when the record cannot be made; then the call stays held. When
        the cause was asked for again meanwhile, it goes on holding. Whoever stops waiting does not undo it:
        once recorded, memory follows the record.
        """
        actor.must(LIFTS[cause], stage.facility_id)
        if cause in stage.holds and cause not in stage.lifting:
            stage.lifting.add(cause)
            await asyncio.shield(self._lift(stage, cause, actor, stage.wishes[cause]))

    async def _lift(self, stage: Stage, cause: Cause, actor: Actor, wishes: int) -> None:
        """`wishes` is how often the cause had been asked for when lifting was: a later wish is stronger."""
        now = self._studio.now()
        try:
            work = partial(actions.lift, call_ref=stage.ref, cause=cause, actor=actor, now=now)
            await self._studio.records.write(self.in_time(work), f"lift {cause} of {stage.ref}")
        finally:
            stage.lifting.discard(cause)
        stage.drop_hold(cause, now)
        if stage.wishes[cause] != wishes:
            self._hold_again(stage, cause, actor)
        self._studio.touch(stage)
        await self._studio.floor.settle(stage)

    async def admit(self, stage: Stage, actor: Actor) -> None:
        """Let both sides together. Raises Refused with what is missing.

        Whoever stops waiting does not undo it: once recorded, memory follows the record.
        """
        actor.must(CONDUCT, stage.facility_id)
        if stage.lacks_second(self._studio.monotonic()):
            raise refuse("SECOND_SUPERVISOR_MISSING")
        await asyncio.shield(self._admit(stage, actor))

    async def confirm(self, stage: Stage, actor: Actor) -> None:
        """The officer has looked at who came later, and it is the right one. Raises Refused as `admit` does."""
        if "identity" not in stage.holds:
            raise refuse("STATE_CHANGED")
        present = self._may_open(stage, actor)
        reasons = rules.may_admit(state="prepared", officer_present=present, both_seen=stage.both_seen())
        if reasons:
            raise Refused(reasons)
        await self.lift(stage, "identity", actor)

    def _may_open(self, stage: Stage, actor: Actor) -> bool:
        """Whether this officer is there, and as many as the call needs."""
        at = self._studio.monotonic()
        return stage.is_watched_by(actor.pk, at) and stage.is_watched(at)

    async def _admit(self, stage: Stage, actor: Actor) -> None:
        def work() -> Call:
            """Asked when its turn comes, not before: what the officer saw then is what counts."""
            if stage.facility_id in self._studio.stops.now:
                raise refuse("SERVICE_SUSPENDED")
            return actions.admit(
                call_ref=stage.ref,
                officer_present=self._may_open(stage, actor),
                both_seen=stage.both_seen(),
                actor=actor,
                now=self._studio.now(),
            )

        call = await self._studio.records.write(self.in_time(work), f"admit {stage.ref}")
        stage.state, stage.admitted_at, stage.latest_end = "live", call.admitted_at, call.latest_end
        stage.extra = timedelta(minutes=call.credit_minutes)
        if call.admitted_at is not None:
            stage.drop_hold("identity", call.admitted_at)
        self._studio.touch(stage)
        await self._studio.floor.settle(stage)

    async def extend(self, stage: Stage, minutes: int, reason: str, actor: Actor) -> None:
        """Record more minutes, then count them. Raises Refused as `actions.extend` does.

        Whoever stops waiting does not undo it.
        """
        actor.must(CONDUCT, stage.facility_id)
        await asyncio.shield(self._extend(stage, minutes, reason, actor))

    async def _extend(self, stage: Stage, minutes: int, reason: str, actor: Actor) -> None:
        now = self._studio.now()
        work = partial(actions.extend, call_ref=stage.ref, minutes=minutes, reason=reason, actor=actor, now=now)
        call = await self._studio.records.write(self.in_time(work), f"extend {stage.ref}")
        stage.latest_end, stage.extra = call.latest_end, stage.extra + timedelta(minutes=minutes)
        self._studio.touch(stage)

    def in_time(self, work: Callable[[], R]) -> Callable[[], R]:
        """The work, refused when its turn comes too late: nothing opens after its officer was told that it did not."""
        asked = self._studio.monotonic()

        def in_time() -> R:
            if self._studio.monotonic() - asked > OPENING_PATIENCE_S:
                raise refuse("MEDIA_UNAVAILABLE")
            return work()

        return in_time

    async def end(
        self,
        stage: Stage,
        ended_by: rules.EndedBy,
        actor: Actor,
        *,
        outcome: str = "",
        reason: str = "",
        patience_s: float = RECORD_PATIENCE_S,
    ) -> str:
        """Silence everybody for good, record after. The outcome, or "" while the record is not made yet.

        Everything that the record could refuse is asked before: Refused(STATE_CHANGED), (NOT_ALLOWED),
        (REASON_MISSING) leave the call as it is.
        """
        actor.must(END_CAPABILITY[ended_by], stage.facility_id)
        if stage.ending:
            raise refuse("STATE_CHANGED")
        if outcome and outcome not in OFFICERS_MAY_SAY:
            raise refuse("REASON_MISSING")
        stage.ending = True
        closing = asyncio.ensure_future(self._studio.floor.end_room(stage))
        recorded = self.record_end(stage, ended_by, actor, self._studio.now(), outcome=outcome, reason=reason)
        await closing
        await asyncio.wait({recorded}, timeout=patience_s)
        return stage.outcome

    def record_end(
        self,
        stage: Stage,
        ended_by: rules.EndedBy,
        actor: Actor,
        now: datetime,
        *,
        outcome: str = "",
        reason: str = "",
    ) -> "asyncio.Future[object]":
        """Record that a call whose media is being silenced ended at `now`; tried until it is made."""
        facts = {"call_ref": stage.ref, "ended_by": str(ended_by), "outcome": outcome, "reason": reason}
        act = ClosingAct("end", actor, now, facts)
        stage.record_end = partial(self._record_end, stage, act)
        recorded = self._record_end(stage, act)
        self._studio.touch(stage)
        return recorded

    async def eject(self, stage: Stage, seat: Seat, actor: Actor, reason: str) -> None:
        """Put one person out; the door keeps them out."""
        actor.must(CONDUCT, stage.facility_id)
        seat.ejected, seat.joined = True, False
        try:
            await self._studio.media.remove(stage.room, seat.ref)
        except MediaUnavailable:
            log.error("call %s: %s not removed, ending the room", stage.ref, seat.ref)
            await self._studio.floor.end_room(stage)
        act = ClosingAct("eject", actor, self._studio.now(), {"participation_ref": seat.ref, "reason": reason})
        _ = self._studio.records.insist_on(act, f"eject {seat.ref}")
        self._studio.touch(stage)

    def clock_was_set(self, stage: Stage, by: timedelta, now: datetime) -> None:
        """The wall clock of a running call was set forward or back.

        Forward: the minutes that nobody had count as a technical hold, so that they are given back, or returned
        with the visit where the slot is over by the new time. Back: what was talked moves along, here and on record.
        """
        if stage.admitted_at is None or stage.ending:
            return
        if by < timedelta():
            begin = stage.admitted_at
            back = partial(actions.clock_set_back, call_ref=stage.ref, admitted_at=begin, by=by, actor=SYSTEM, now=now)
            self._studio.records.later(back, f"clock set back, {stage.ref}")
            stage.move_past(by)
        elif not stage.holds:
            stage.spans.append(Span(now - by, now, "technical"))
            hold = {"call_ref": stage.ref, "cause": "technical", "reason": "clock_set"}
            _ = self._studio.records.insist_on(ClosingAct("hold", SYSTEM, now - by, hold), f"clock set, {stage.ref}")
            lift = partial(actions.lift, call_ref=stage.ref, cause="technical", actor=SYSTEM, now=now)
            self._studio.records.later(lift, f"clock set, {stage.ref}")
        self._studio.touch(stage)

    def _hold_again(self, stage: Stage, cause: Cause, actor: Actor) -> None:
        now = self._studio.now()
        stage.set_hold(cause, now)
        _ = self._record_hold(stage, cause, actor, "asked_again", now)

    def _record_hold(
        self, stage: Stage, cause: Cause, actor: Actor, reason: str, now: datetime
    ) -> "asyncio.Future[object]":
        act = ClosingAct("hold", actor, now, {"call_ref": stage.ref, "cause": cause, "reason": reason})
        return self._studio.records.insist_on(act, f"hold {cause} of {stage.ref}")

    def _record_end(self, stage: Stage, act: ClosingAct) -> "asyncio.Future[object]":
        stage.end_record = recorded = self._studio.records.insist_on(act, f"end {stage.ref}")
        recorded.add_done_callback(partial(self._ended, stage))
        return recorded

    def _ended(self, stage: Stage, recorded: "asyncio.Future[object]") -> None:
        error = None if recorded.cancelled() else recorded.exception()
        if error is None and isinstance(call := recorded.result(), Call):
            stage.state, stage.outcome = "ended", call.outcome
        elif isinstance(error, Refused):
            log.warning("call %s: its end is refused, the record knows more: %s", stage.ref, error)
        self._studio.touch(stage)
