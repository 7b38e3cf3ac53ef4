"""Closing and opening a call in the right order: media first when closing, record first when opening."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from besuk.flow.live import actions, rules
from besuk.flow.live.actions.end import CAPABILITY as END_CAPABILITY
from besuk.flow.live.actions.end import OFFICERS_MAY_SAY
from besuk.flow.live.actions.hold import CAPABILITY
from besuk.flow.live.lifecycle import Cause
from besuk.flow.live.models import Call
from besuk.flow.live.stage import Seat, Stage
from besuk.flow.live.studio import Studio
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.media.port import MediaUnavailable

log = logging.getLogger(__name__)
RECORD_PATIENCE_S = 2.0
"""How long the answer to a closing act waits for its record; the record itself is tried until it is made."""


class Holding:
    """Holds, and the end, of stages."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def hold(self, stage: Stage, cause: Cause, actor: Actor, reason: str = "") -> bool:
        """Close the floor now, record it after. True when the media server confirmed."""
        actor.must(CAPABILITY[cause], stage.facility_id)
        now = self._studio.now()
        is_new = stage.set_hold(cause, now)
        closing = asyncio.ensure_future(self._studio.floor.close(stage))
        if is_new:
            self._record_hold(stage, cause, actor, reason, now)
        self._studio.touch(stage)
        return await closing

    async def lift(self, stage: Stage, cause: Cause, actor: Actor) -> None:
        """Record that `cause` holds no more, then open if nothing else holds.

        Raises Refused(MEDIA_UNAVAILABLE) when the record cannot be made; then the call stays held. When
        the cause was asked for again meanwhile, it goes on holding.
        """
        actor.must(CAPABILITY[cause], stage.facility_id)
        if cause not in stage.holds or cause in stage.lifting:
            return
        wishes, now = stage.wishes[cause], self._studio.now()
        stage.lifting.add(cause)
        try:
            work = partial(actions.lift, call_ref=stage.ref, cause=cause, actor=actor, now=now)
            await self._studio.records.write(work, f"lift {cause} of {stage.ref}")
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
        await asyncio.shield(self._admit(stage, actor))

    async def _admit(self, stage: Stage, actor: Actor) -> None:
        work = partial(
            actions.admit,
            call_ref=stage.ref,
            officer_present=stage.is_watched(self._studio.monotonic()),
            both_seen=stage.both_seen(),
            actor=actor,
            now=self._studio.now(),
        )
        call: Call = await self._studio.records.write(work, f"admit {stage.ref}")
        stage.state, stage.admitted_at, stage.latest_end = "live", call.admitted_at, call.latest_end
        if call.admitted_at is not None:
            stage.drop_hold("identity", call.admitted_at)
        self._studio.touch(stage)
        await self._studio.floor.settle(stage)

    async def end(
        self, stage: Stage, ended_by: rules.EndedBy, actor: Actor, *, outcome: str = "", reason: str = ""
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
        now = self._studio.now()
        closing = asyncio.ensure_future(self._studio.floor.end_room(stage))
        work = partial(
            actions.end,
            call_ref=stage.ref,
            ended_by=ended_by,
            actor=actor,
            now=now,
            outcome=outcome,
            reason=reason,
        )
        stage.record_end = partial(self._record_end, stage, work)
        recorded = self._record_end(stage, work)
        self._studio.touch(stage)
        await closing
        await asyncio.wait({recorded}, timeout=RECORD_PATIENCE_S)
        return stage.outcome

    async def eject(self, stage: Stage, seat: Seat, actor: Actor, reason: str) -> None:
        """Put one person out; the door keeps them out."""
        actor.must(CONDUCT, stage.facility_id)
        seat.ejected, seat.joined = True, False
        try:
            await self._studio.media.remove(stage.room, seat.ref)
        except MediaUnavailable:
            log.error("call %s: %s not removed, ending the room", stage.ref, seat.ref)
            await self._studio.floor.end_room(stage)
        work = partial(actions.eject, participation_ref=seat.ref, reason=reason, actor=actor, now=self._studio.now())
        self._studio.records.later(work, f"eject {seat.ref}")
        self._studio.touch(stage)

    def _hold_again(self, stage: Stage, cause: Cause, actor: Actor) -> None:
        now = self._studio.now()
        stage.set_hold(cause, now)
        self._record_hold(stage, cause, actor, "asked_again", now)

    def _record_hold(self, stage: Stage, cause: Cause, actor: Actor, reason: str, now: datetime) -> None:
        work = partial(actions.hold, call_ref=stage.ref, cause=cause, actor=actor, now=now, reason=reason)
        self._studio.records.later(work, f"hold {cause} of {stage.ref}")

    def _record_end(self, stage: Stage, work: Callable[[], Call]) -> "asyncio.Future[object]":
        stage.end_record = recorded = self._studio.records.insist(work, f"end {stage.ref}")
        recorded.add_done_callback(partial(self._ended, stage))
        return recorded

    def _ended(self, stage: Stage, recorded: "asyncio.Future[object]") -> None:
        error = None if recorded.cancelled() else recorded.exception()
        if error is None and isinstance(call := recorded.result(), Call):
            stage.state, stage.outcome = "ended", call.outcome
        elif isinstance(error, Refused):
            log.warning("call %s: its end is refused, the record knows more: %s", stage.ref, error)
        self._studio.touch(stage)
