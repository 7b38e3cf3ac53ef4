"""What is told to whom: what changed at once, the state every few seconds, the sign of supervision every second."""

from collections.abc import Callable
from functools import partial

from django.utils import translation

from besuk.flow.live import messages, roster
from besuk.flow.live.hub import OVER, Caller, Message
from besuk.flow.live.stage import Seat, Stage
from besuk.flow.live.studio import Studio
from besuk.flow.live.taskbook import Reader
from besuk.flow.live.tasks import of_officer as tasks_of_officer
from besuk.flow.live.vigilance import Vigilance
from besuk.ground.accounts.capabilities import CONDUCT, WATCH

SAY_EVERY_S = 5.0
WALL_EVERY_S = 2.0
SIGN_EVERY_S = 1.0


class News:
    """Speaks to everybody who is on the line, in their own language."""

    def __init__(self, studio: Studio, vigilance: Vigilance) -> None:
        self._studio, self._vigilance = studio, vigilance
        self._open: set[str] = set()

    def tell(self) -> None:
        """Say what changed at once, the state every few seconds, the sign every second."""
        changed, self._studio.changed = self._studio.changed, set()
        all_due, sign_due = self._studio.due("say", SAY_EVERY_S), self._studio.due("sign", SIGN_EVERY_S)
        for stage in list(self._studio.stages.values()):
            if sign_due or self._opens(stage):
                self._tell_sign(stage)  # before the state: a station that reads "open" must hold a fresh sign
            if all_due or stage.ref in changed:
                self._tell_state(stage)
        if self._studio.look_at_tasks() or changed or self._studio.due("wall", WALL_EVERY_S):
            self._studio.did("wall")
            self.tell_walls()

    def tell_walls(self) -> None:
        """Every wall, now."""
        for caller in self._studio.hub.walls():
            self.tell_wall(caller)

    def _opens(self, stage: Stage) -> bool:
        """Whether the floor is open now and was not when last told."""
        was_open = stage.ref in self._open
        (self._open.add if stage.floor_open else self._open.discard)(stage.ref)
        return stage.floor_open and not was_open

    def tell_wall(self, caller: Caller) -> None:
        """All calls of the officer's facilities."""
        mine = caller.actor.facilities_with(WATCH)
        stages = [stage for stage in self._studio.stages.values() if stage.facility_id in mine]
        with translation.override(caller.line.language):
            attention = self._vigilance.of(caller.actor.pk)
            walls = {each.actor.pk for each in self._studio.hub.walls()}
            reader = Reader(caller.actor.pk, caller.actor.facilities_with(CONDUCT), walls)
            listed = self._studio.book.listed(stages, reader)
            now, at = self._studio.now(), self._studio.monotonic()
            say = messages.wall(stages, caller.actor.pk, now, at, attention)
            bare = [one for pk in sorted(mine) for one in self._studio.uncovered.get(pk, ())]
            tasks = [*tasks_of_officer(attention, at), *roster.tasks_of(bare, stages), *listed]
        watched = roster.watched_by_each(self._studio.stages.values())
        duty = roster.said(self._studio.roster.values(), mine, caller.actor.pk, walls, watched)
        offers = roster.offers_of(self._studio.offers.values(), self._studio.stages, caller.actor.pk)
        stopped = sorted(mine & self._studio.stops.now)
        caller.line.say({**say, **duty, "offers": offers, "tasks": tasks, "stopped": stopped})

    def _tell_state(self, stage: Stage) -> None:
        for seat in stage.parties():
            self.tell_party(stage, seat.ref)
        for seat in stage.onlookers():
            self.tell_onlooker(stage, seat.ref)

    def tell_onlooker(self, stage: Stage, participation_ref: str) -> None:
        """The state of the call for somebody who looks on, if they are on the line."""
        caller = self._studio.hub.callers.get(participation_ref)
        if caller is None:
            return
        caller.said += 1
        with translation.override(caller.line.language):
            say = messages.look_of(stage, caller.said, self._studio.now(), self._studio.monotonic())
        caller.line.say(say)

    def tell_party(self, stage: Stage, participation_ref: str) -> None:
        """The state of the call for one party, if they are on the line."""
        caller, seat = self._studio.hub.callers.get(participation_ref), stage.seats.get(participation_ref)
        if caller is None or seat is None:
            return
        caller.said += 1
        with translation.override(caller.line.language):
            say = messages.state_of(stage, seat, caller.said, self._studio.now(), self._studio.monotonic())
        caller.line.say(say)

    def _tell_sign(self, stage: Stage) -> None:
        """The sign of supervision, only while somebody is seen to watch."""
        if stage.ending or not stage.is_watched(self._studio.monotonic()):
            return
        sign = messages.sign(stage, self._studio.now())
        for seat in stage.parties():
            self._studio.hub.say(seat.ref, sign)

    def say_to_parties(self, stage: Stage, make: Callable[[], Message]) -> None:
        """Say something to both, in each one's language."""
        for seat in stage.parties():
            self.say_translated(seat.ref, make)

    def say_translated(self, key: str, make: Callable[[], Message]) -> bool:
        """Say something in the listener's language. False when they are not on the line."""
        caller = self._studio.hub.callers.get(key)
        if caller is None:
            return False
        with translation.override(caller.line.language):
            caller.line.say(make())
        return True

    def tell_end(self, stage: Stage) -> None:
        """The last word to both sides."""
        self._tell_last(stage, partial(messages.ended, stage))

    def tell_put_off(self, stage: Stage) -> None:
        """Both sides go back to where they wait."""
        self._tell_last(stage, partial(messages.put_off, stage))

    def _tell_last(self, stage: Stage, word: Callable[[Seat], Message]) -> None:
        there = [one for one in stage.hearers() if not one.ejected]
        for seat in there:
            self.say_translated(seat.ref, partial(word, seat))
        self._studio.hub.drop([seat.ref for seat in there], OVER)
