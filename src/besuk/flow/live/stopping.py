"""Stop all: every supervised call of a facility at once, and nothing admitted until an officer lifts it.

A closing act for many calls: the media server is asked for all of them before the first is recorded.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from besuk.flow.live.doors import Doors
from besuk.flow.live.holding import RECORD_PATIENCE_S, Holding
from besuk.flow.live.news import News
from besuk.flow.live.stage import Stage
from besuk.flow.live.studio import Studio
from besuk.flow.live.unrecorded import ClosingAct
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.facilities.actions import reopen_service
from besuk.ground.kernel.actor import Actor

CLOSING_PATIENCE_S = 1.0
"""How long the record waits for the media server; the rounds go on ending rooms that it has not confirmed."""
OUTCOME = "cancelled_by_facility"


@dataclass(frozen=True)
class Stopped:
    """What became of a stop: how many calls, whether the media server confirmed all, whether it is on record."""

    calls: int
    confirmed: bool
    recorded: bool


class Stopping:
    """Stops and reopens the calls of a facility. Privileged calls are no stages of ours: nobody stops them here."""

    def __init__(self, studio: Studio, holding: Holding, doors: Doors, news: News) -> None:
        self._studio, self._holding, self._doors, self._news = studio, holding, doors, news

    async def stop_all(self, facility_id: int, actor: Actor) -> Stopped:
        """Silence all calls, then tell, then record. Again is harmless. Whoever stops waiting does not undo it."""
        actor.must(CONDUCT, facility_id)
        return await asyncio.shield(self._stop_all(facility_id, actor))

    async def reopen(self, facility_id: int, reason: str, actor: Actor) -> None:
        """Let calls be admitted again. Raises Refused(WORDS_MISSING), (STATE_CHANGED), (MEDIA_UNAVAILABLE)."""
        actor.must(CONDUCT, facility_id)
        now = self._studio.now()
        work = partial(reopen_service, facility_id=facility_id, reason=reason, actor=actor, now=now)
        await self._studio.records.write(work, f"reopen {facility_id}")
        self._studio.stops.lifted(facility_id)
        self._tell_walls()

    async def _stop_all(self, facility_id: int, actor: Actor) -> Stopped:
        now = self._studio.now()
        self._studio.stops.begin(facility_id)
        stages = [one for one in self._studio.stages.values() if one.facility_id == facility_id and not one.ending]
        confirmed = await self._silence(stages)
        act = ClosingAct("stop", actor, now, {"facility_id": facility_id})
        stop = self._studio.records.insist_on(act, f"stop {facility_id}")
        stop.add_done_callback(partial(self._recorded, facility_id))
        ends = [self._holding.record_end(stage, "stop", actor, now, reason="stop_all") for stage in stages]
        self._tell_walls()
        await asyncio.wait({stop, *ends}, timeout=RECORD_PATIENCE_S)
        return Stopped(len(stages), confirmed, all(_is_made(one) for one in (stop, *ends)))

    async def _silence(self, stages: Sequence[Stage]) -> bool:
        """All rooms asked to end in one breath; both sides are told as soon as they cannot hear any more."""
        for stage in stages:
            stage.ending, stage.outcome = True, OUTCOME
        closings = [asyncio.ensure_future(self._studio.floor.end_room(stage)) for stage in stages]
        if closings:
            await asyncio.wait(closings, timeout=CLOSING_PATIENCE_S)
        for stage in stages:
            self._doors.shut_all(stage)
            self._news.tell_end(stage)
        return all(closing.done() and closing.result() for closing in closings)

    def _recorded(self, facility_id: int, stop: "asyncio.Future[object]") -> None:
        if _is_made(stop):
            self._studio.stops.recorded(facility_id)

    def _tell_walls(self) -> None:
        for caller in self._studio.hub.walls():
            self._news.tell_wall(caller)


def _is_made(record: "asyncio.Future[object]") -> bool:
    return record.done() and not record.cancelled() and record.exception() is None
