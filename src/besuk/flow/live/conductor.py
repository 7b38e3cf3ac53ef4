"""The conductor: everything about running calls that happens in one event loop.

Sockets, the door, the wall's acts and the keeper's tick come here. It decides nothing by itself: rules,
presence and stages do; it keeps the order of media and record, and of what is told to whom.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from besuk.flow.live import messages
from besuk.flow.live.attendants import NO_HINTS, Attendants, Beats, Hints
from besuk.flow.live.doors import Doors
from besuk.flow.live.holding import RECORD_PATIENCE_S, Holding
from besuk.flow.live.hub import Caller, Line, Message, wall_key
from besuk.flow.live.lifecycle import Cause
from besuk.flow.live.load import seat_of
from besuk.flow.live.microphones import Microphones
from besuk.flow.live.models import Participation
from besuk.flow.live.news import News
from besuk.flow.live.parties import Parties, say_replaced
from besuk.flow.live.records import Database, Records
from besuk.flow.live.rounds import Rounds
from besuk.flow.live.stage import PartyRole, Seat, Stage
from besuk.flow.live.stopping import Stopping
from besuk.flow.live.studio import Leases, Studio
from besuk.flow.live.unrecorded import Unrecorded
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.media.events import MediaEvent, PartyJoined, PartyLeft, RoomClosed, TrackStarted, TrackStopped
from besuk.ground.media.port import MediaServer, MediaUnavailable

log = logging.getLogger(__name__)
R = TypeVar("R")


class Conductor:
    """One a process. Made and ticked by the keeper; reached by views and sockets through `reach.current()`."""

    def __init__(
        self,
        media: MediaServer,
        database: Database,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        leases: Leases | None = None,
        notes: Unrecorded | None = None,
    ) -> None:
        self.studio = Studio(media, Records(database, notes), now, monotonic, leases)
        self.holding = Holding(self.studio)
        self.attendants = Attendants(self.studio, self.holding)
        self.doors = Doors(self.studio, self.holding, self.attendants)
        self.news = News(self.studio, self.attendants.vigilance)
        self.rounds = Rounds(self.studio, self.holding, self.attendants, self.doors, self.news)
        self.voices, self.onlookers = self.rounds.voices, self.rounds.onlookers
        self.microphones = Microphones(self.studio, self.holding, self.rounds)
        self.stopping = Stopping(self.studio, self.holding, self.doors, self.news)
        self.parties = Parties(self.studio, self.holding, self.doors, self.news)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._telling: asyncio.Handle | None = None

    async def start(self) -> None:
        """Take up the calls that are open in the record; all of them closed until somebody watches."""
        self.loop = asyncio.get_running_loop()
        self.studio.records.start()
        self.studio.on_change = self._tell_soon
        try:
            await self.rounds.read_record()
        except Exception as error:  # noqa: BLE001  the rounds try again every second
            log.error("the record cannot be read at start: %r", error)

    async def stop(self) -> None:
        """Close every floor and let go. Calls stay open in the record, for the next start."""
        self.studio.on_change = None
        if self._telling is not None:
            self._telling.cancel()
        for stage in self._running():
            self.attendants.forget(stage)  # from here on nobody counts as watching, so nothing lifts the hold
        await asyncio.gather(*(self._leave_held(stage) for stage in self._running()), return_exceptions=True)
        for stage in self._running():
            self.doors.shut_all(stage)
        await self.studio.quiet()
        await self.studio.records.stop()

    async def tick(self) -> None:
        """The keeper's beat, twice a second."""
        await self.rounds.tick()
        self.parties.save_samples()

    # --- walls ----------------------------------------------------------------------------------

    def wall_hello(self, actor: Actor, line: Line, page: int) -> Caller | None:
        """An officer's wall is on the line; None when it was opened elsewhere since."""
        caller = self.attendants.wall_opened(actor, line, page)
        if caller is None:
            say_replaced(line)
        else:
            self.news.tell_wall(caller)
        return caller

    def wall_gone(self, caller: Caller) -> None:
        """An officer's socket closed."""
        self.attendants.wall_closed(caller)

    def wall_beat(self, caller: Caller, visible: bool, beats: Beats, hints: Hints = NO_HINTS) -> None:
        """An officer's heartbeat, with what their browser measured of the ends."""
        self.attendants.wall_beat(caller, visible, beats, hints)

    def tell_wall_of(self, actor: Actor) -> None:
        """Something about this officer changed: their own wall shows it at once."""
        caller = self.studio.hub.callers.get(wall_key(actor))
        if caller is not None:
            self.news.tell_wall(caller)

    # --- acts of officers (oversight asks whether they may) ---------------------------------------

    def stage(self, call_ref: str) -> Stage:
        """The open call. Raises Refused(CALL_ENDED)."""
        stage = self.studio.stages.get(call_ref)
        if stage is None or stage.ending:
            raise refuse("CALL_ENDED")
        return stage

    def must_watch(self, call_ref: str, actor: Actor) -> Stage:
        """The open call, if this officer has a place in it. Raises Refused(NOT_WATCHING)."""
        stage = self.stage(call_ref)
        if messages.own_seat(stage, actor.pk) is None:
            raise refuse("NOT_WATCHING")
        return stage

    async def admit(self, call_ref: str, actor: Actor) -> None:
        """Let both sides together; on a live call, let somebody stay who came on another device."""
        stage = self.stage(call_ref)
        await (self.holding.confirm(stage, actor) if stage.state == "live" else self.holding.admit(stage, actor))

    async def pause(self, call_ref: str, reason: str, actor: Actor) -> tuple[bool, bool]:
        """Close the floor: (the media server confirmed it, it is on record)."""
        return await self.holding.pause(self.stage(call_ref), actor, reason)

    async def resume(self, call_ref: str, actor: Actor) -> None:
        """Lift the officer's pause; other holds stay."""
        await self.holding.lift(self.stage(call_ref), "supervisor", actor)

    async def hold(self, call_ref: str, cause: Cause, reason: str = "") -> bool:
        """Close the floor for a cause of Besuk's own (`recorder`, `technical`)."""
        return await self.holding.hold(self.stage(call_ref), cause, SYSTEM, reason)

    async def lift(self, call_ref: str, cause: Cause) -> None:
        """Lift a cause of Besuk's own."""
        await self.holding.lift(self.stage(call_ref), cause, SYSTEM)

    async def end(self, call_ref: str, actor: Actor, *, outcome: str = "", reason: str = "") -> str:
        """End a call. The outcome, or "" while it is not recorded yet."""
        stage = self.stage(call_ref)  # a round may forget it as soon as its end is on record
        outcome = await self.holding.end(stage, "officer", actor, outcome=outcome, reason=reason)
        self.doors.shut_all(stage)
        return outcome

    async def eject(self, call_ref: str, participation_ref: str, reason: str, actor: Actor) -> None:
        """Put one party out for good."""
        stage = self.stage(call_ref)
        seat = stage.seats.get(participation_ref)
        if seat is None:
            raise refuse("NOT_IN_THIS_CALL")
        self.doors.shut(participation_ref)
        await self.holding.eject(stage, seat, actor, reason)

    async def extend(self, call_ref: str, minutes: int, reason: str, actor: Actor) -> None:
        """Add minutes, and tell both sides. Raises Refused with the longest that fits."""
        stage = self.stage(call_ref)
        await self.holding.extend(stage, minutes, reason, actor)
        self.news.say_to_parties(stage, partial(messages.extended, minutes))

    async def mute(self, call_ref: str, side: PartyRole, actor: Actor) -> tuple[bool, bool]:
        """Turn one side's microphone off: (the media server shows none any more, it is on record)."""
        stage = self.stage(call_ref)
        return await self.microphones.mute(stage, _seated(stage, side), actor)

    async def unmute(self, call_ref: str, side: PartyRole, actor: Actor) -> None:
        """Let one side be heard again."""
        stage = self.stage(call_ref)
        await self.microphones.unmute(stage, _seated(stage, side), actor)

    async def record(self, work: Callable[[], R], what: str) -> R:
        """Record something of an officer's, in its order among all records of the calls."""
        return await self.studio.records.write(work, what)

    async def record_soon(self, work: Callable[[], object], what: str) -> bool:
        """Record when the database takes it, and wait a moment: whether it is on record already."""
        records = self.studio.records
        return await records.made(records.insist(work, what), RECORD_PATIENCE_S)

    def record_later(self, work: Callable[[], object], what: str) -> None:
        """Record when the database takes it."""
        self.studio.records.later(work, what)

    def officer_came(self, call_ref: str, place: Participation) -> None:
        """An officer took a place in the call."""
        stage = self.stage(call_ref)
        if place.ref not in stage.seats:
            stage.seats[place.ref] = seat_of(place, stage)
            self.attendants.began(stage, stage.seats[place.ref])

    async def officer_left(self, call_ref: str, actor: Actor) -> None:
        """An officer gives up their place: out of the room, and no presence any more."""
        await self.officer_gone(call_ref, actor.pk)

    async def officer_gone(self, call_ref: str, staff_pk: int) -> None:
        """The same for one who is not there to say it."""
        stage = self.stage(call_ref)
        seat = messages.own_seat(stage, staff_pk)
        if seat is None:
            return
        self.attendants.ceased(stage, seat)
        if not stage.is_watched(self.studio.monotonic()):
            await self.holding.hold(stage, "no_supervisor", SYSTEM)
        self.doors.shut(seat.ref)
        try:
            await self.studio.media.remove(stage.room, seat.ref)
        except MediaUnavailable:
            log.warning("call %s: %s not removed yet", stage.ref, seat.ref)  # the reconciliation does

    def listening(self, call_ref: str, actor: Actor, is_on: bool) -> None:
        """An officer turned the sound of a call on or off."""
        stage = self.must_watch(call_ref, actor)
        seat = messages.own_seat(stage, actor.pk)
        if seat is not None:
            (stage.listening.add if is_on else stage.listening.discard)(seat.ref)
            self.studio.touch(stage)

    def listens_only_to(self, call_ref: str, actor: Actor) -> None:
        """The sound of one call at a time."""
        for stage in self._running():
            if stage.ref != call_ref and messages.own_seat(stage, actor.pk) is not None and not stage.ending:
                self.listening(stage.ref, actor, False)
        self.listening(call_ref, actor, True)

    def warn(self, call_ref: str, addressed: str, make: Callable[[], Message]) -> list[str]:
        """Show a warning to the addressed side(s), in each one's language. The roles it reached."""
        stage = self.stage(call_ref)
        seats = [seat for seat in stage.parties() if addressed in {"both", seat.role}]
        return [seat.role for seat in seats if self.news.say_translated(seat.ref, make)]

    # --- reports of the media server ----------------------------------------------------------------

    def media_reported(self, event: MediaEvent) -> None:
        """Evidence for the timeline, and a hint to look again. Presence never rests on these."""
        stage = next((stage for stage in self.studio.stages.values() if stage.room == event.room), None)
        if stage is None:
            return
        if isinstance(event, PartyJoined | PartyLeft | TrackStarted | TrackStopped | RoomClosed):
            self.rounds.look_soon(stage)

    # --- inside ---------------------------------------------------------------------------------

    async def _leave_held(self, stage: Stage) -> None:
        """A call that goes on without us is held until somebody is seen to watch it again."""
        if not stage.ending:
            await self.holding.hold(stage, "no_supervisor", SYSTEM, "site_ends")

    def _running(self) -> list[Stage]:
        return list(self.studio.stages.values())

    def _tell_soon(self) -> None:
        if self._telling is None and self.loop is not None:
            self._telling = self.loop.call_soon(self._tell)

    def _tell(self) -> None:
        self._telling = None
        self.news.tell()


def _seated(stage: Stage, side: PartyRole) -> Seat:
    seat = stage.side(side)
    if seat is None:
        raise refuse("NOT_IN_THIS_CALL")
    return seat
