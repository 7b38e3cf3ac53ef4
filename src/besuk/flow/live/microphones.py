"""Muting one person: the floor stays open, they are seen but not heard.

What does it is the permission to publish, never the media server's own muting, which a browser undoes by
itself. Muting is a closing act (media first, record after), unmuting an opening one.
"""

import asyncio
from functools import partial

from besuk.flow.live import actions
from besuk.flow.live.holding import RECORD_PATIENCE_S, Holding
from besuk.flow.live.rounds import Rounds
from besuk.flow.live.stage import Seat, Stage
from besuk.flow.live.studio import Studio
from besuk.flow.live.unrecorded import ClosingAct
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.kernel.actor import Actor

LOOKS = 5
PAUSE_S = 0.15
"""How often, and after how long each time, the media server is asked whether the microphone is gone."""


class Microphones:
    """Whose microphone an officer has turned off."""

    def __init__(self, studio: Studio, holding: Holding, rounds: Rounds) -> None:
        self._studio, self._holding, self._rounds = studio, holding, rounds

    async def mute(self, stage: Stage, seat: Seat, actor: Actor) -> tuple[bool, bool]:
        """Turn it off: (the media server shows no microphone of theirs any more, it is on record).

        What could not be confirmed the rounds go on asking for.
        """
        actor.must(CONDUCT, stage.facility_id)
        seat.muted = True
        seat.mutes += 1
        settling = asyncio.ensure_future(self._studio.floor.settle_microphone(stage, seat))
        record = self._record_mute(seat, actor)
        self._studio.touch(stage)
        await settling
        gone = await self._is_gone(stage, seat)
        return gone, await self._studio.records.made(record, RECORD_PATIENCE_S)

    async def unmute(self, stage: Stage, seat: Seat, actor: Actor) -> None:
        """Record that they may be heard again, then let them. Asked to mute meanwhile, they stay muted.

        Raises Refused(MEDIA_UNAVAILABLE) when it cannot be recorded. Whoever stops waiting does not undo it.
        """
        actor.must(CONDUCT, stage.facility_id)
        await asyncio.shield(self._unmute(stage, seat, actor, seat.mutes))

    async def _unmute(self, stage: Stage, seat: Seat, actor: Actor, mutes: int) -> None:
        work = partial(actions.unmute, participation_ref=seat.ref, actor=actor, now=self._studio.now())
        await self._studio.records.write(self._holding.in_time(work), f"unmute {seat.ref}")
        if seat.mutes != mutes:
            _ = self._record_mute(seat, actor)  # asked for meanwhile, so it holds, also on record
            return
        seat.muted = False
        self._studio.touch(stage)
        await self._studio.floor.settle_microphone(stage, seat)

    def _record_mute(self, seat: Seat, actor: Actor) -> "asyncio.Future[object]":
        act = ClosingAct("mute", actor, self._studio.now(), {"participation_ref": seat.ref})
        return self._studio.records.insist_on(act, f"mute {seat.ref}")

    async def _is_gone(self, stage: Stage, seat: Seat) -> bool:
        """Whether the server's list of participants shows no microphone of theirs that sends."""
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(PAUSE_S)
            seen = await self._studio.floor.seen(stage)
            if seen is not None:
                await self._rounds.compare(stage, seen)
                if not seat.publishing.microphone:
                    return True
        return False
