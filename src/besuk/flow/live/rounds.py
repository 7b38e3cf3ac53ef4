"""What is looked at again and again: the clock, the media server against what we say, the lease, the news.

No round waits for the database: what the record knows better (calls that others prepared or ended) is
read beside, and a round without it goes on.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from besuk.flow.live import actions, jobs, load, messages, rules
from besuk.flow.live.attendants import Attendants
from besuk.flow.live.doors import Doors
from besuk.flow.live.floor import is_closed
from besuk.flow.live.holding import Holding
from besuk.flow.live.hub import NOT_YOURS, wall_key
from besuk.flow.live.news import News
from besuk.flow.live.onlookers import Onlookers
from besuk.flow.live.presence import Publishing
from besuk.flow.live.stage import HEARERS, PARTIES, Stage
from besuk.flow.live.studio import Studio
from besuk.flow.live.voices import Voices
from besuk.flow.live.wall_clock import WallClock
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.accounts.capabilities import WATCH
from besuk.ground.facilities.queries import stopped_facilities
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.media.grants import Source
from besuk.ground.media.port import MediaUnavailable, ParticipantSeen, publishes_twice
from besuk.ground.media.rooms import RoomKind, is_ours, kind_of, new_room

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
"""Each room is compared with the media server, and its lease renewed, this often."""
ROOMS_EVERY_S = 2.0
RECORD_EVERY_S = 1.0
END_AGAIN_EVERY_S = 5.0
ASK_AGAIN_EVERY_S = 3.0
"""So long somebody who may not be there any more stays at most, and a tick."""


class Rounds:
    """The keeper's tick, piece by piece."""

    def __init__(self, studio: Studio, holding: Holding, attendants: Attendants, doors: Doors, news: News) -> None:
        self._studio, self._holding, self._attendants, self._doors = studio, holding, attendants, doors
        self._news, self.onlookers, self.voices = news, Onlookers(studio, doors), Voices(studio, holding, doors)
        self._wall_clock = WallClock()
        self._strange_rooms: set[str] = set()
        self._made_again: set[str] = set()
        """Rooms that were missing when last looked for."""
        self._known_rooms: set[str] | None = None
        self._reading: asyncio.Task[None] | None = None

    async def tick(self) -> None:
        """One round over all open calls."""
        if self._studio.due("record", RECORD_EVERY_S) and (self._reading is None or self._reading.done()):
            self._reading = asyncio.get_running_loop().create_task(self._read_beside())
        if self._studio.due("rooms", ROOMS_EVERY_S):
            await self._compare_rooms()
        self._look_at_wall_clock()
        self._attendants.vigilance.look()
        await asyncio.gather(*(self._look(stage) for stage in list(self._studio.stages.values())))
        self._news.tell()

    def _look_at_wall_clock(self) -> None:
        """Nobody's minutes grow or shrink because an administrator, or the network's time, set the clock."""
        now = self._studio.now()
        by = self._wall_clock.moved(now, self._studio.monotonic())
        if by:
            log.error("the wall clock was set by %s", by)
            for stage in self._studio.stages.values():
                self._holding.clock_was_set(stage, by, now)

    # --- one call -------------------------------------------------------------------------------

    async def _look(self, stage: Stage) -> None:
        """One call: failures of one do not keep the others."""
        try:
            await self._look_at(stage)
        except Exception:
            log.exception("call %s: the round failed", stage.ref)
        try:
            await self.voices.look(stage)
        except Exception:
            log.exception("call %s: the voice was not looked at", stage.ref)

    async def _look_at(self, stage: Stage) -> None:
        if stage.ending:
            await self._finish(stage)
            return
        if stage.facility_id in self._studio.stops.now:
            await self._holding.end(stage, "stopped", SYSTEM, patience_s=0)
            return
        self._attendants.look(stage)
        self._doors.look_at_sides(stage)
        await self.onlookers.look(stage)
        await self._look_at_clock(stage)
        if self._studio.due(f"look:{stage.ref}", LOOK_EVERY_S) and not stage.ending:
            seen = await self._studio.floor.seen(stage) if stage.room_made else []
            if seen is not None:
                await self.compare(stage, seen)
            self._vouch(stage, seen)

    async def _look_at_clock(self, stage: Stage) -> None:
        now = self._studio.now()
        if stage.is_over(now):
            await self._holding.end(stage, "clock", SYSTEM, patience_s=0)
            return
        left = stage.left(now)
        if left is None:
            return
        before, stage.last_left = stage.last_left or stage.length, left
        for minutes in rules.reminders_due(stage.length, before, left):
            self._studio.witness(stage, "reminded", minutes=minutes)
            self._news.say_to_parties(stage, partial(messages.reminder, minutes))

    def _vouch(self, stage: Stage, seen: Sequence[ParticipantSeen] | None) -> None:
        """Renew the lease for what was just verified: somebody watches, or the server says all is closed."""
        if self._studio.leases is None or stage.ending or not stage.room_made:
            return
        at = self._studio.monotonic()
        if stage.is_watched(at) or (seen is not None and not stage.floor_open and is_closed(stage, list(seen))):
            self._studio.leases.renew(stage.room, at)

    async def compare(self, stage: Stage, seen: Sequence[ParticipantSeen]) -> None:
        """Make the room what we say it is. Ours wins."""
        by_ref = {party.identity: party for party in seen}
        for party in seen:
            await self._judge(stage, party)
        for seat in stage.parties():
            known = _publishing_of(by_ref.get(seat.ref))
            if known != seat.publishing:
                seat.publishing = known
                self._studio.touch(stage)
        if not stage.floor_open and not is_closed(stage, list(seen)) and await self._is_still_open(stage):
            log.error("call %s: the floor was open at the server, closing it", stage.ref)
            self._studio.witness(stage, "floor_mended")
            await self._studio.floor.close(stage)

    async def _is_still_open(self, stage: Stage) -> bool:
        """What was seen may be older than a closing that was under way: look again before crying out."""
        again = await self._studio.floor.seen(stage)
        return again is not None and not is_closed(stage, again) and not stage.floor_open

    async def _judge(self, stage: Stage, party: ParticipantSeen) -> None:
        """Put out whoever should not be there, open for whoever should hear."""
        seat = stage.seats.get(party.identity)
        if seat is None or seat.ejected or (party.hidden != (seat.role not in PARTIES)):
            await self._put_out(stage, party, "stranger")
        elif self.onlookers.is_uninvited(seat):
            await self._put_out(stage, party, "not_through_the_door")
        elif publishes_twice(party):
            await self._put_out(stage, party, "published_twice")
        elif stage.floor_open and seat.joined and seat.role in HEARERS and not party.can_subscribe:
            await self._studio.floor.open_for(stage, seat)
        elif seat.role in PARTIES and (Source.MICROPHONE in party.can_publish_sources) == seat.muted:
            await self._studio.floor.settle_microphone(stage, seat)

    async def _put_out(self, stage: Stage, party: ParticipantSeen, why: str) -> None:
        log.error("call %s: putting out %s (%s)", stage.ref, party.identity, why)
        self._doors.shut(party.identity)
        try:
            await self._studio.media.remove(stage.room, party.identity)
        except MediaUnavailable:
            return  # met again in the next round; without presence there is no lease
        self._studio.witness(stage, "put_out", why=why, who=party.identity)

    async def _finish(self, stage: Stage) -> None:
        """The end of an end: the room is gone, everybody is told, nobody vouches any more."""
        if not await self._studio.floor.end_room(stage):
            return
        if stage.state != "ended":
            self._insist_on_record(stage)
            return
        self._news.tell_end(stage)
        self.forget(stage)

    def _insist_on_record(self, stage: Stage) -> None:
        """The record is still being made, or failed in a way that time may mend."""
        given_up = stage.end_record is not None and stage.end_record.done()
        if given_up and stage.record_end is not None and self._studio.due(f"end:{stage.ref}", END_AGAIN_EVERY_S):
            stage.record_end()

    def forget(self, stage: Stage) -> None:
        """Take a call that is over out of memory."""
        self._attendants.forget(stage)
        if stage.voice is not None:
            self._studio.spawn(self.voices.hush(stage, SYSTEM), f"hush {stage.ref}")
        self._doors.shut_all(stage)
        if self._studio.leases is not None:
            self._studio.leases.drop(stage.room)
        for what in ("look", "end", "voice"):
            self._studio.forget(f"{what}:{stage.ref}")
        self._studio.stages.pop(stage.ref, None)
        self._studio.changed.add(stage.ref)

    # --- rooms and record -----------------------------------------------------------------------

    async def _compare_rooms(self) -> None:
        """End rooms that nobody ordered (seen twice), make rooms again that went missing."""
        try:
            there = {room.room for room in await self._studio.media.rooms()}
        except MediaUnavailable as error:
            log.warning("the media server does not answer: %s", error)
            return
        await self._end_strange_rooms(there)
        running = [stage for stage in self._studio.stages.values() if stage.room_made and not stage.ending]
        missing = {stage.room: stage for stage in running if stage.room not in there}
        stuck, self._made_again = self._made_again & missing.keys(), set(missing)
        for room, stage in missing.items():
            if room in stuck:
                self._studio.spawn(self._move(stage), f"another room for {stage.ref}")
            else:
                await self._make_again(stage)

    async def _end_strange_rooms(self, there: set[str]) -> None:
        if self._known_rooms is None:
            return
        ours = self._known_rooms | {stage.room for stage in self._studio.stages.values()}
        strange = {room for room in there - ours if is_ours(room) and kind_of(room) is not RoomKind.VOICE}
        for room in strange & self._strange_rooms:
            log.error("room %s: nobody ordered it, ending it", room)
            try:
                await self._studio.media.delete_room(room)
            except MediaUnavailable:
                continue
        self._strange_rooms = strange

    async def _move(self, stage: Stage) -> None:
        """Made a moment ago and missing again: the server may keep the name and let nobody in (seen in LiveKit when
        a room is ended and made in one moment). Another name helps; asking for the same again never did.
        """
        room, before = new_room(RoomKind.SUPERVISED), stage.room
        work = partial(actions.move_room, call_ref=stage.ref, room=room, actor=SYSTEM, now=self._studio.now())
        await self._studio.records.write(work, f"another room for {stage.ref}")
        if stage.ending or stage.room != before:
            return
        log.error("call %s: its room does not come back, it gets another", stage.ref)
        stage.move_to(room)
        if self._studio.leases is not None:
            self._studio.leases.drop(before)
        await self._make_again(stage)

    async def _make_again(self, stage: Stage) -> None:
        """The media server was restarted, or the guard ended the room: make it, and call everybody back."""
        try:
            await self._doors.make_room(stage)
        except Refused:
            return
        log.warning("call %s: its room was gone and is made again", stage.ref)
        self._studio.witness(stage, "room_made_again")
        self._doors.shut_all(stage)
        for seat in [one for one in stage.hearers() if not one.ejected]:
            self._studio.hub.say(seat.ref, {"t": "rejoin"})
        for caller in self._studio.hub.walls():
            if messages.own_seat(stage, caller.actor.pk):
                caller.line.say({"t": "rejoin", "call": stage.ref})

    async def _read_beside(self) -> None:
        try:
            await self.read_record()
            if self._studio.due("again", ASK_AGAIN_EVERY_S):
                await self._doors.ask_again()
                await self._ask_callers_again()
        except Exception as error:  # noqa: BLE001  whatever ails the database, the calls go on and close by themselves
            log.error("the record cannot be read: %r", error)

    async def _ask_callers_again(self) -> None:
        """The same for the control sockets; whoever stays goes on with the rights they have now."""
        for key, caller in list(self._studio.hub.callers.items()):
            if caller.again is None:
                continue
            actor = await self._studio.records.read(caller.again)
            if self._studio.hub.callers.get(key) is not caller:
                continue
            if self._still_theirs(key, actor):
                caller.actor = actor
                continue
            log.warning("the line %s closes: it is nobody's any more", key)
            caller.line.shut(NOT_YOURS)
            if key == wall_key(caller.actor):
                self._attendants.wall_closed(caller)
            else:
                self._studio.hub.leave(key, caller.generation)

    def _still_theirs(self, key: str, actor: Actor) -> bool:
        if key == wall_key(actor):
            return bool(actor.facilities_with(WATCH))
        seats = (stage.seats[key] for stage in self._studio.stages.values() if key in stage.seats)
        return any(seat.owner == (actor.kind, actor.pk) for seat in seats)

    async def read_record(self) -> None:
        """Take up calls that were prepared, drop calls that others ended, learn who has come."""
        records, stages = self._studio.records, self._studio.stages
        await records.work_off_notes()
        changes = self._studio.stops.changes
        self._studio.stops.read(await records.read(stopped_facilities), changes)
        await records.read(partial(jobs.prepare_due, self._studio.now()))
        refs, rooms = await records.read(load.open_calls)
        for ref in refs:
            if ref not in stages and (stage := await records.read(partial(load.load, ref))) is not None:
                await self.take_up(stage)
        missing = [ref for ref in stages if ref not in refs]
        states = await records.read(partial(load.states_of, missing)) if missing else {}
        for ref, (state, outcome) in states.items():
            if state == "ended":
                self.ended_elsewhere(ref, outcome)
            elif state == "put_off":
                self.put_off(ref)
        self._known_rooms = rooms
        visits = {stage.visit_ref: stage for stage in stages.values()}
        sensitive = await records.read(partial(load.sensitive_among, list(visits))) if visits else set()
        for visit, stage in visits.items():
            if stage.sensitive != (visit in sensitive):
                stage.sensitive = visit in sensitive
                self._studio.touch(stage)
                self._attendants.look(stage)
        come = await records.read(partial(load.attendance_of, list(visits))) if visits else {}
        for (visit, side), state in come.items():
            if visits[visit].attendance.get(side) != state:
                visits[visit].attendance[side] = state
                self._studio.touch(visits[visit])

    def ended_elsewhere(self, call_ref: str, outcome: str) -> None:
        """The record says that a call is over: nothing opens any more, and its room ends."""
        stage = self._studio.stages.get(call_ref)
        if stage is not None and stage.state != "ended":
            stage.ending, stage.state, stage.outcome = True, "ended", outcome
            self._studio.spawn(self._finish(stage), f"end of {stage.ref}")

    def put_off(self, call_ref: str) -> None:
        """The record says that a prepared call waits for a later time: nobody is in it, and its room ends."""
        stage = self._studio.stages.get(call_ref)
        if stage is not None and stage.state == "prepared" and not stage.ending:
            stage.ending = True
            self._news.tell_put_off(stage)
            self.forget(stage)
            self._studio.spawn(self._studio.floor.end_room(stage), f"room of {stage.ref}, put off")

    def moved_elsewhere(self, call_ref: str, starts_at: datetime, latest_end: datetime) -> None:
        """The record says that a call begins later, or may end later."""
        stage = self._studio.stages.get(call_ref)
        if stage is not None:
            stage.starts_at, stage.latest_end = starts_at, latest_end
            self._studio.touch(stage)

    async def take_up(self, stage: Stage) -> None:
        """Begin to conduct a call, new or from before a restart. Closed until somebody is seen to watch."""
        if stage.ref in self._studio.stages:
            return
        self._studio.stages[stage.ref] = stage
        was_running = stage.state == "live" or stage.admitted_at is not None
        stage.room_made = was_running
        if was_running:
            await self._holding.hold(stage, "no_supervisor", SYSTEM, "taken_up")
        self._attendants.vigilance.recall(stage)
        self._studio.touch(stage)

    def look_soon(self, stage: Stage) -> None:
        """Something was reported of this room: compare it in the next tick."""
        self._studio.forget(f"look:{stage.ref}")


def _publishing_of(party: ParticipantSeen | None) -> Publishing:
    """What is sent and not muted, as the server says."""
    heard = {track.source for track in party.tracks if not track.muted} if party else set()
    return Publishing(camera=Source.CAMERA in heard, microphone=Source.MICROPHONE in heard)
