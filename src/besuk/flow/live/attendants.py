"""Officers at their walls: whether each really watches, and what follows from it."""

import asyncio
from collections.abc import Mapping

from besuk.flow.live import messages, presence
from besuk.flow.live.hints import Hint, Seen
from besuk.flow.live.holding import Holding
from besuk.flow.live.hub import REPLACED, Caller, Line, wall_key
from besuk.flow.live.presence import Counters, End, Watch, Which
from besuk.flow.live.stage import PARTIES, Seat, Stage
from besuk.flow.live.studio import Studio
from besuk.flow.live.vigilance import Vigilance
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.actor import Actor

Beats = Mapping[str, Mapping[End, Counters]]
Hints = Mapping[str, Mapping[End, Hint]]
NO_HINTS: Hints = {}


class Attendants:
    """Feeds the watches of all stages, and sets and lifts `no_supervisor`. Nothing else does."""

    def __init__(self, studio: Studio, holding: Holding) -> None:
        self._studio, self._holding = studio, holding
        self.vigilance = Vigilance(studio, self._places)
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def wall_opened(self, actor: Actor, line: Line, page: int) -> Caller | None:
        """An officer's page says hello. None: it was replaced before. The older wall is told and closed."""
        caller, older = self._studio.hub.join(wall_key(actor), actor, line, page)
        if older is not None:
            older.line.say(messages.replaced(older.line.language))
            older.line.shut(REPLACED)
        if caller is not None:
            for stage, seat in self._watched_by(actor):
                self._feed(stage, seat, "control", caller.generation)
        return caller

    def wall_closed(self, caller: Caller) -> None:
        """A wall's socket closed: within the grace a newer one may come."""
        if not self._studio.hub.leave(wall_key(caller.actor), caller.generation):
            return
        at = self._studio.monotonic()
        for stage, seat in self._watched_by(caller.actor):
            watch = stage.watches.get(seat.ref, Watch())
            stage.watches[seat.ref] = presence.closed(watch, "control", caller.generation, at)
            self.look(stage)

    def wall_beat(self, caller: Caller, visible: bool, beats: Beats, hints: Hints = NO_HINTS) -> None:
        """A heartbeat for all calls this officer watches. A call left out gets none, nor does one they do not watch."""
        at, mine = self._studio.monotonic(), self._watched_by(caller.actor)
        if visible:
            caller.heard_at = at
        attentive = bool(mine) and self.vigilance.is_attentive(caller.actor.pk)
        for stage, seat in mine:
            if stage.ref not in beats:
                continue
            before = stage.watches.get(seat.ref, Watch())
            if visible and attentive:  # what comes to a page that nobody looks at brings no side back
                _note_still(stage, before, beats[stage.ref])
            stage.watches[seat.ref] = presence.beat(
                before,
                caller.generation,
                visible=visible,
                counters=beats[stage.ref],
                publishing=stage.publishing(),
                at=at,
                attentive=attentive,
            )
            if visible:
                self._take_hints(stage, seat, hints.get(stage.ref, {}))
            self.look(stage)

    def _take_hints(self, stage: Stage, officer: Seat, hints: Mapping[End, Hint]) -> None:
        """Kept beside presence, which never asks them: a browser that errs or lies changes a task at most."""
        for role in PARTIES:
            seat = stage.side(role)
            if seat is not None and role in hints:
                seat.hints[officer.ref] = Seen(hints[role], self._studio.monotonic())

    def began(self, stage: Stage, seat: Seat) -> None:
        """An officer took a place: their open wall counts from now."""
        caller = self._studio.hub.callers.get(f"wall:{seat.owner[1]}")
        stage.watches[seat.ref] = Watch()
        self.vigilance.began(seat.owner[1], stage)
        if caller is not None:
            self._feed(stage, seat, "control", caller.generation)
        self._studio.touch(stage)

    def ceased(self, stage: Stage, seat: Seat) -> None:
        """An officer left their place."""
        stage.watches.pop(seat.ref, None)
        stage.listening.discard(seat.ref)
        stage.seats.pop(seat.ref, None)
        for party in stage.parties():
            party.hints.pop(seat.ref, None)
        self.vigilance.ceased(seat.owner[1])
        self.look(stage)

    def door_opened(self, stage: Stage, seat: Seat, generation: int) -> None:
        """The officer's media is in the room."""
        self._feed(stage, seat, "door", generation)

    def door_closed(self, stage: Stage, seat: Seat, generation: int) -> None:
        """The officer's door closed."""
        watch = stage.watches.get(seat.ref, Watch())
        stage.watches[seat.ref] = presence.closed(watch, "door", generation, self._studio.monotonic())
        self.look(stage)

    def look(self, stage: Stage) -> None:
        """See whether somebody watches, act on the answer, and look again when it would run out."""
        if stage.ending:
            self._disarm(stage)
            return
        at = self._studio.monotonic()
        ends = stage.runs_out_at(at)
        if ends is None:
            self._disarm(stage)
            if "no_supervisor" not in stage.holds or "no_supervisor" in stage.lifting:
                self._studio.spawn(self._lost(stage), f"presence lost on {stage.ref}")
        else:
            self._arm(stage, ends - at)
            if "no_supervisor" in stage.holds and "no_supervisor" not in stage.lifting:
                self._studio.spawn(self._back(stage), f"presence back on {stage.ref}")

    def forget(self, stage: Stage) -> None:
        """The call is over."""
        self._disarm(stage)

    async def _lost(self, stage: Stage) -> None:
        await self._holding.hold(stage, "no_supervisor", SYSTEM)

    async def _back(self, stage: Stage) -> None:
        """Only if it is still so when this runs: between the two, the officer may have gone again."""
        if stage.is_watched(self._studio.monotonic()):
            await self._holding.lift(stage, "no_supervisor", SYSTEM)

    def _feed(self, stage: Stage, seat: Seat, which: Which, generation: int) -> None:
        watch = stage.watches.get(seat.ref, Watch())
        stage.watches[seat.ref] = presence.opened(watch, which, generation, self._studio.monotonic())
        self.look(stage)

    def _watched_by(self, actor: Actor) -> list[tuple[Stage, Seat]]:
        return self._places(actor.pk)

    def _places(self, staff_pk: int) -> list[tuple[Stage, Seat]]:
        owner = ("staff", staff_pk)
        return [
            (stage, seat)
            for stage in self._studio.stages.values()
            if not stage.ending
            for seat in list(stage.seats.values())
            if seat.role == "supervisor" and seat.owner == owner
        ]

    def _arm(self, stage: Stage, seconds: float) -> None:
        self._disarm(stage)
        loop = asyncio.get_running_loop()
        self._timers[stage.ref] = loop.call_later(max(seconds, 0.0), self.look, stage)

    def _disarm(self, stage: Stage) -> None:
        timer = self._timers.pop(stage.ref, None)
        if timer is not None:
            timer.cancel()


def _note_still(stage: Stage, before: Watch, counters: Mapping[End, Counters]) -> None:
    """Which end this officer got nothing new of, although the media server lists what it publishes."""
    seen = dict(before.seen)
    for role in PARTIES:
        seat = stage.side(role)
        if seat is not None:
            seat.still = seat.publishing.anything and seen.get(role) == counters.get(role)
