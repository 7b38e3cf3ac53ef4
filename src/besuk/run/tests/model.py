"""A small world around the real conductor and the real guard, which can be copied: for trying every order of events.

Real: stages, rules, presence, holds, doors, floor, microphones, stops, attention, the keeper's round, the guard.
Stood in for: the media server (the stub of `ground/media`), the record (`Paper`: says yes, by the real rules), files
of leases (a dictionary), time. What the world knows by itself, to judge by: when a page really saw both ends last.
"""

import asyncio
import copy
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import OperationalError

from besuk.flow.live import rules
from besuk.flow.live.actions import Entry
from besuk.flow.live.conductor import Conductor
from besuk.flow.live.doors import Passage
from besuk.flow.live.hub import Caller
from besuk.flow.live.models import Call
from besuk.flow.live.presence import Counters
from besuk.flow.live.rules import Span
from besuk.flow.live.stage import Seat, Stage
from besuk.ground.accounts.capabilities import CONDUCT, WATCH
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.media import grants
from besuk.ground.media.grants import Grant, Privilege, Source, SupervisedCall
from besuk.ground.media.leases import GRACE_S, Lease
from besuk.ground.media.port import Kind, MediaUnavailable, TrackSeen
from besuk.ground.media.rooms import RoomKind, kind_of, new_room
from besuk.ground.media.stub import StubServer
from besuk.run.guard import Guard, NoAnswer
from besuk.testing.clock import FixedClock

R = TypeVar("R")
FACILITY, CALL = 1, "call"
ROOM = new_room(RoomKind.SUPERVISED)
CAMERA = TrackSeen("TR_c", Kind.VIDEO, Source.CAMERA, False)
MICROPHONE = TrackSeen("TR_m", Kind.AUDIO, Source.MICROPHONE, False)
OFFICERS = {
    ref: Actor("staff", pk, f"officer {pk}", f"W-{pk}", {FACILITY: frozenset({CONDUCT, WATCH})})
    for ref, pk in (("s-1", 11), ("s-2", 12))
}
PARTIES = {"v-1": ("visitor", ("visitor", 1)), "i-1": ("inmate", ("station", 2))}
STILL_BEATING_S = 1.0


class Quiet:
    """A line that nobody reads."""

    language = "id"

    def say(self, message: object) -> None:
        return

    def shut(self, code: int) -> None:
        return


@dataclass
class Paper:
    """The record: it takes what the database would take, by the same rules. `down`: it takes nothing."""

    state: str = "prepared"
    holds: set[str] = field(default_factory=lambda: {"identity", "no_supervisor"})
    muted: set[str] = field(default_factory=set)
    admitted_at: datetime | None = None
    stopped: bool = False
    down: bool = False

    async def run(self, work: Callable[[], R]) -> R:
        await asyncio.sleep(0)
        if self.down:
            raise OperationalError("the database is down")
        return work()

    async def close(self) -> None:
        return

    def must_be_open(self) -> None:
        if self.state == "ended":
            raise refuse("CALL_ENDED")

    def hold(self, *, cause: str, **_: object) -> None:
        self.must_be_open()
        self.holds.add(cause)

    def lift(self, *, cause: str, **_: object) -> None:
        self.must_be_open()
        self.holds.discard(cause)

    def admit(self, *, officer_present: bool, both_seen: bool, now: datetime, **_: object) -> Call:
        reasons = rules.may_admit(
            state=self.state, officer_present=officer_present, both_seen=both_seen, stopped=self.stopped
        )
        if reasons:
            raise Refused(reasons)
        self.state, self.admitted_at = "live", now
        self.holds.discard("identity")
        return Call(state="live", admitted_at=now, latest_end=now + timedelta(hours=1))

    def end(self, **_: object) -> Call:
        self.must_be_open()
        self.state = "ended"
        return Call(state="ended", outcome="completed")

    def mute(self, *, participation_ref: str, **_: object) -> None:
        self.muted.add(participation_ref)

    def unmute(self, *, participation_ref: str, **_: object) -> None:
        self.muted.discard(participation_ref)

    def enter(self, *, participation_ref: str, **_: object) -> Entry:
        self.must_be_open()
        role, _owner = PARTIES.get(participation_ref, ("supervisor", None))
        proof = SupervisedCall(CALL, ROOM, Privilege.NONE)
        made = {"visitor": grants.visitor, "inmate": grants.inmate}.get(role)
        grant = made(floor_open=False) if made else grants.supervisor(proof)
        return Entry(participation_ref, CALL, role, ROOM, grant)

    def nothing(self, **_: object) -> None:
        return

    def stop(self, **_: object) -> None:
        self.stopped = True

    def reopen(self, **_: object) -> None:
        self.stopped = False


class Slow(StubServer):
    """A media server that takes its time, more of it for opening than for closing: answers cross each other."""

    async def set_permission(self, room: str, identity: str, grant: Grant) -> bool:
        for _ in range(4 if grant.can_subscribe else 1):
            await asyncio.sleep(0)
        done = await super().set_permission(room, identity, grant)
        await asyncio.sleep(0)
        return done


@dataclass
class Page:
    """An officer's page, as it is and not as it says."""

    is_open: bool = False
    visible: bool = True
    frozen: bool = False
    """The picture of the inmate stands still."""
    frames: int = 0
    """How many of his pictures it has counted."""
    saw_at: float = -99.0
    """When it last really saw and heard everything that was sent, with its media in the room."""


@dataclass
class Leases:
    """The keeper's leases without files."""

    held: dict[str, Lease] = field(default_factory=dict)

    def renew(self, room: str, now: float) -> None:
        self.held[room] = Lease(room, kind_of(room), now + GRACE_S[kind_of(room)])

    def drop(self, room: str) -> None:
        self.held.pop(room, None)


class RoomsOf:
    """What the guard asks of the stub."""

    def __init__(self, media: StubServer) -> None:
        self.media = media

    async def names(self) -> list[str]:
        if self.media.broken:
            raise NoAnswer("the stub is broken")
        return list(self.media._rooms)

    async def delete(self, room: str) -> None:
        self.media._rooms.pop(room, None)


class World:
    """One call, its people, the web process that may be dead, and the guard."""

    current: "World"
    """Whose leases and record are meant just now: there is one at a time."""

    def __init__(self, *, sensitive: bool = False, attention_s: float = 1e6) -> None:
        self.sensitive, self.attention_s = sensitive, attention_s
        self.clock, self.media, self.paper, self.leases = FixedClock(), Slow(), Paper(), Leases()
        self.pages = {ref: Page() for ref in OFFICERS}
        self.counter, self.beats_now, self.web_is_up = 1, False, True
        self.unanswered: set[str] = set()
        self.answers_since = -99.0
        """When the media server came back; the next round makes it what it should be."""
        self.walls: dict[str, Caller] = {}
        self.conductor = self._conductor()
        self.guard = self._guard({})

    def _conductor(self) -> Conductor:
        return Conductor(self.media, self.paper, now=self.clock.now, monotonic=self.clock.monotonic, leases=self.leases)

    def _guard(self, first_seen: dict[str, float]) -> Guard:
        guard = Guard(RoomsOf(self.media), leases=None, kill=self._kill, monotonic=self.clock.monotonic)  # type: ignore[arg-type]
        guard._first_seen = first_seen
        return guard

    def _kill(self) -> None:
        self.media._rooms.clear()
        self.media.broken, self.answers_since = False, self.clock.monotonic()

    # --- copies -----------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Take up the call and let nobody in yet."""
        World.current = self
        self.conductor.studio.records.start()
        await self.conductor.rounds.take_up(self._stage_on_paper())
        await self.quiet()

    def _stage_on_paper(self) -> Stage:
        """As `load` builds it from the database."""
        now = self.clock.now()
        stage = Stage(
            pk=1, ref=CALL, facility_id=FACILITY, visit_ref="visit",
            supervised=SupervisedCall(CALL, ROOM, Privilege.NONE), station="", starts_at=now,
            length=timedelta(minutes=55), latest_end=now + timedelta(hours=1), inmate_name="", visitor_name="",
            relation="", attention_s=self.attention_s, sensitive=self.sensitive, state=self.paper.state,
            admitted_at=self.paper.admitted_at,
        )  # fmt: skip
        stage.spans = [Span(now, None, cause) for cause in sorted(self.paper.holds)]  # type: ignore[arg-type]
        for ref, (role, owner) in PARTIES.items():
            stage.seats[ref] = Seat(ref, role, owner, "", muted=ref in self.paper.muted)  # type: ignore[arg-type]
        for ref, actor in OFFICERS.items():
            if ref == "s-1" or self.sensitive:
                stage.seats[ref] = Seat(ref, "supervisor", ("staff", actor.pk), actor.label)
        return stage

    def copied(self) -> "World":
        """Another world in the same state. Only when nothing is under way."""
        other = World(sensitive=self.sensitive, attention_s=self.attention_s)
        other.clock.at, other.clock.seconds = self.clock.at, self.clock.seconds
        other.media._rooms = {
            name: replace(room, parties=dict(room.parties), grants=dict(room.grants))
            for name, room in self.media._rooms.items()
        }
        other.media.broken, other.media.tokens = self.media.broken, dict(self.media.tokens)
        other.paper = replace(self.paper, holds=set(self.paper.holds), muted=set(self.paper.muted))
        other.leases.held = dict(self.leases.held)
        other.pages = {ref: replace(page) for ref, page in self.pages.items()}
        other.counter, other.beats_now, other.web_is_up = self.counter, self.beats_now, self.web_is_up
        other.answers_since = self.answers_since
        other.guard = other._guard(dict(self.guard._first_seen))
        other.conductor = other._conductor()
        World.current = other
        if self.web_is_up:
            other._take_over(self)
        return other

    def _take_over(self, older: "World") -> None:
        new, old = self.conductor, older.conductor
        new.studio.records.start()
        for ref, stage in old.studio.stages.items():
            ends = (stage.record_end, stage.end_record)
            stage.record_end = stage.end_record = None
            new.studio.stages[ref] = copy.deepcopy(stage)
            stage.record_end, stage.end_record = ends
        new.studio.last, new.studio.stops = dict(old.studio.last), copy.deepcopy(old.studio.stops)
        new.studio.hub._newest = old.studio.hub._newest
        new.studio.hub.callers = {key: replace(one) for key, one in old.studio.hub.callers.items()}
        self.walls = {ref: new.studio.hub.callers[f"wall:{OFFICERS[ref].pk}"] for ref in older.walls}
        new.doors._open = {ref: replace(one, shut=asyncio.Event()) for ref, one in old.doors._open.items()}
        new.attendants.vigilance._known = dict(old.attendants.vigilance._known)

    async def quiet(self) -> None:
        """Until nothing is under way, or only what waits for a database that is down."""
        for _ in range(3):
            await self.conductor.studio.quiet()
            if not self.paper.down and self.web_is_up:
                await self.conductor.studio.records.settled()
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Let go of tasks and timers."""
        for timer in self.conductor.attendants._timers.values():
            timer.cancel()
        worker = self.conductor.studio.records._worker
        if worker is not None:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker

    # --- what happens ---------------------------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        return self.conductor.stage(CALL)

    async def half_second(self) -> None:
        """Time goes on; pages beat every second; keeper and guard make their rounds."""
        self.clock.move(seconds=0.5)
        self.beats_now = not self.beats_now
        if self.beats_now:
            self.beat()
        if self.web_is_up:
            await self.conductor.rounds.tick()
        await self.guard.tick()

    def beat(self) -> None:
        """All open pages beat; the world notes who really saw everything."""
        self.counter += 1
        for ref, page in self.pages.items():
            if not (page.is_open and self.web_is_up and CALL in self.conductor.studio.stages):
                continue
            page.frames += not page.frozen
            inmate = Counters(page.frames, page.frames)
            beats = {"visitor": Counters(self.counter, self.counter), "inmate": inmate}
            self._note_what_is_seen(ref, page)
            self.conductor.wall_beat(self.walls[ref], page.visible, {CALL: beats})  # type: ignore[dict-item]

    def _note_what_is_seen(self, ref: str, page: Page) -> None:
        here = self.media._rooms.get(ROOM)
        is_in = here is not None and ref in here.parties and ref in self.conductor.doors._open
        attentive = self.conductor.attendants.vigilance.is_attentive(OFFICERS[ref].pk)
        if is_in and attentive and page.visible and not page.frozen:
            page.saw_at = self.clock.monotonic()

    async def open_wall(self, ref: str) -> None:
        self.pages[ref].is_open = True
        caller = self.conductor.wall_hello(OFFICERS[ref], Quiet(), 1)
        assert caller is not None
        self.walls[ref] = caller

    async def close_wall(self, ref: str) -> None:
        self.pages[ref].is_open = False
        self.conductor.wall_gone(self.walls.pop(ref))

    async def come_in(self, ref: str, browser: str = "own") -> None:
        """Through the door, into the room, and told to the conductor."""
        actor = OFFICERS.get(ref) or Actor("visitor", 1, "x", "x")
        passage: Passage = await self.conductor.doors.enter(ref, actor, browser=browser)
        tracks = (CAMERA, MICROPHONE) if ref in PARTIES else ()
        for _ in range(ON_THE_WAY_TURNS):
            await asyncio.sleep(0)
        if ROOM not in self.media._rooms:
            return
        # in the room, perhaps open, but without the answer no media can flow
        self.unanswered.add(ref)
        try:
            self.media.put(ROOM, ref, self.media.tokens[passage.token], tracks=tracks)
            await asyncio.sleep(0)
            passes = await self.conductor.doors.answering(passage, False)
        finally:
            self.unanswered.discard(ref)
        if passes:
            await self.conductor.doors.joined(passage)
        elif ROOM in self.media._rooms:
            self.media.leave(ROOM, ref)

    async def go(self, ref: str) -> None:
        """The signalling is gone; the media server goes on showing them for 21 seconds."""
        passage = self.conductor.doors._open.get(ref)
        if passage is not None:
            self.conductor.doors.left(passage, "browser_left")

    async def web_dies(self) -> None:
        """Killed: memory and sockets are gone, nothing was closed or said."""
        await self.close()
        self.conductor.studio.stages.clear()
        self.web_is_up, self.walls = False, {}
        for page in self.pages.values():
            page.is_open = False

    async def web_starts(self) -> None:
        """Comes back, and takes up the call from the record, as `read_record` does."""
        self.web_is_up, self.conductor = True, self._conductor()
        self.conductor.studio.records.start()
        if self.paper.state != "ended":
            await self.conductor.rounds.take_up(self._stage_on_paper())

    # --- what is so -------------------------------------------------------------------------------------

    def is_open(self) -> bool:
        """Whether the media server lets either end see or hear the other."""
        here = self.media._rooms.get(ROOM)
        if here is None:
            return False
        there = [one for ref, one in here.parties.items() if ref in PARTIES and ref not in self.unanswered]
        return any(one.can_subscribe for one in there)

    def hears_visitor(self) -> bool:
        """Whether the media server would take sound of the visitor."""
        here = self.media._rooms.get(ROOM)
        return here is not None and Source.MICROPHONE in here.parties["v-1"].can_publish_sources

    def unwatched_s(self) -> float:
        """For how long too few officers have really seen the call."""
        seen = sorted((page.saw_at for page in self.pages.values()), reverse=True)
        return self.clock.monotonic() - seen[1 if self.sensitive else 0]

    def fingerprint(self) -> tuple[Any, ...]:
        """Everything that decides what may come next, with times as ages."""
        at = self.clock.monotonic()

        def age(when: float | None) -> float:
            return -1 if when is None else round(min(at - when, 8.0), 2)

        stage = self.conductor.studio.stages.get(CALL)
        room = self.media._rooms.get(ROOM)
        lease = self.leases.held.get(ROOM)
        known = self.conductor.attendants.vigilance._known
        return (
            stage and (stage.state, stage.ending, stage.holds, tuple(sorted(stage.lifting)), tuple(
                (ref, seat.joined, age(seat.gone_since), seat.muted, seat.browser, seat.publishing)
                for ref, seat in stage.seats.items()), tuple(
                (ref, watch.control.is_open, age(watch.control.closed_at), watch.door.is_open,
                 age(watch.door.closed_at), age(watch.good_at)) for ref, watch in sorted(stage.watches.items()))),
            room and tuple((ref, one.can_subscribe, one.can_publish_sources) for ref, one in room.parties.items()),
            self.media.broken, self.paper.state, frozenset(self.paper.holds), frozenset(self.paper.muted),
            self.paper.down, self.paper.stopped, self.web_is_up, lease and age(lease.valid_until - 4),
            tuple((page.is_open, page.visible, page.frozen, age(page.saw_at)) for page in self.pages.values()),
            self.beats_now, age(self.conductor.studio.last.get(f"look:{CALL}")),
            tuple((pk, age(one.renewed_at), one.missed) for pk, one in known.items()),
            frozenset(self.conductor.studio.stops.now), age(self.answers_since), age(self.guard._first_seen.get(ROOM)),
        )  # fmt: skip


ON_THE_WAY_TURNS = 8
"""Turns of the event loop from a token to the media server's taking it: others act meanwhile."""
UNAVAILABLE = (Refused, MediaUnavailable, OperationalError)
