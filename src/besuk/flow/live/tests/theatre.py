"""A call with everybody in it: the real conductor, the stub of the media server, a clock moved by hand."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from besuk.flow.live import reach
from besuk.flow.live.conductor import Conductor
from besuk.flow.live.doors import Passage
from besuk.flow.live.hub import Caller
from besuk.flow.live.models import Call
from besuk.flow.live.presence import Counters, End
from besuk.flow.live.queries import participation_of
from besuk.flow.live.stage import Stage
from besuk.flow.live.unrecorded import Unrecorded
from besuk.ground.kernel.actor import Actor
from besuk.ground.media.grants import Source
from besuk.ground.media.port import Kind, TrackSeen
from besuk.ground.media.stub import StubServer
from besuk.testing.clock import FixedClock

R = TypeVar("R")
CAMERA = TrackSeen("TR_c", Kind.VIDEO, Source.CAMERA, False)
MICROPHONE = TrackSeen("TR_m", Kind.AUDIO, Source.MICROPHONE, False)


class AtOnce:
    """Runs database work where it is asked for.

    `down` makes it fail as a lost database does, `hung` makes it never answer.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.down = self.hung = False
        self._connection = connection

    async def run(self, work: Callable[[], R]) -> R:
        await asyncio.sleep(0)
        while self.hung:  # noqa: ASYNC110  tests set it from outside the loop
            await asyncio.sleep(0.005)
        if self.down:
            raise OperationalError("the database is down")
        connections["default"] = self._connection  # Django gives each async context another one
        return work()

    async def close(self) -> None:
        return


class Ear:
    """The sending half of a socket, for reading what was said."""

    def __init__(self, language: str = "id") -> None:
        self.language = language
        self.said: list[Mapping[str, object]] = []
        self.code: int | None = None

    def say(self, message: Mapping[str, object]) -> None:
        self.said.append(message)

    def shut(self, code: int) -> None:
        self.code = code

    def last(self, kind: str) -> Mapping[str, object]:
        """The newest message of a kind."""
        return next(message for message in reversed(self.said) if message["t"] == kind)

    def heard(self, kind: str) -> int:
        """How many messages of a kind came."""
        return sum(message["t"] == kind for message in self.said)


class Leases:
    """Remembers which rooms were vouched for."""

    def __init__(self) -> None:
        self.renewed: list[tuple[str, float]] = []
        self.dropped: list[str] = []

    def renew(self, room: str, now: float) -> None:
        self.renewed.append((room, now))

    def drop(self, room: str) -> None:
        self.dropped.append(room)


class Theatre:
    """One call and its people."""

    def __init__(
        self,
        call: Call,
        actors: dict[str, Actor],
        clock: FixedClock,
        connection: BaseDatabaseWrapper,
        notes: Path,
    ) -> None:
        self.notes = notes
        self.call, self.actors, self.clock = call, actors, clock
        self.database, self.media, self.leases = AtOnce(connection), StubServer(), Leases()
        self.frames: dict[End, int] = {"inmate": 1, "visitor": 1}
        self.pages = 100
        self.ears: dict[str, Ear] = {}
        self.wall: Caller | None = None
        self.passages: dict[str, Passage] = {}
        self.conductor = self._conductor()

    def _conductor(self) -> Conductor:
        from besuk.flow.oversight.tasklist import keep_record

        conductor = Conductor(
            self.media,
            self.database,
            now=self.clock.now,
            monotonic=self.clock.monotonic,
            leases=self.leases,
            notes=Unrecorded(self.notes),
        )
        keep_record(conductor)
        return conductor

    @property
    def stage(self) -> Stage:
        return self.conductor.studio.stages[self.call.ref]

    def ref(self, role: str) -> str:
        """The place of a person of the call."""
        place = participation_of(Call.objects.get(pk=self.call.pk), self.actors[role])
        assert place is not None
        return place.ref

    async def start(self) -> None:
        await self.conductor.start()

    async def restart(self) -> None:
        """As if the process was killed and came back: memory is gone, the media server is not."""
        await self.kill()
        self.conductor = self._conductor()
        self.passages, self.wall = {}, None
        reach.install(self.conductor)
        await self.conductor.start()
        await self.quiet()

    async def kill(self) -> None:
        """The process is gone; nothing was closed or said."""
        studio = self.conductor.studio
        studio.on_change = None
        for stage in list(studio.stages.values()):
            self.conductor.attendants.forget(stage)
        await self.quiet()
        worker = studio.records._worker
        if worker is not None:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)

    async def quiet(self) -> None:
        """Until nothing is under way."""
        for _ in range(3):
            if self.database.hung:
                await asyncio.sleep(0.001)
                continue
            await self.conductor.studio.quiet()
            if not self.database.down:
                await self.conductor.studio.records.settled()
            await asyncio.sleep(0)

    async def pass_by(self, seconds: float, *, beats: bool = True) -> None:
        """Time goes on in half seconds, with ticks, and heartbeats each second unless told otherwise."""
        for step in range(round(seconds * 2)):
            self.clock.move(seconds=0.5)
            if beats and step % 2 and self.wall is not None:
                self.beat()
            await self.conductor.tick()
            await self.quiet()

    async def skip(self, seconds: float) -> None:
        """A long time goes on, watched all along: a heartbeat and a tick every two seconds, and taps when asked."""
        for step in range(round(seconds / 2)):
            self.clock.move(seconds=2)
            if step % 60 == 0:
                self.conductor.attendants.vigilance.renew(self.actors["officer"].pk)
            self.beat()
            await self.conductor.tick()
        await self.quiet()

    async def come_in(
        self, role: str, *tracks: TrackSeen, browser: str = "", again: Callable[[], Actor] | None = None
    ) -> Passage:
        """Somebody comes through the door and publishes; an officer publishes nothing."""
        ref = self.ref(role)
        passage = await self.conductor.doors.enter(ref, self.actors[role], browser=browser, again=again)
        self.passages[role] = passage
        seen = tracks or (() if role.startswith("officer") else (CAMERA, MICROPHONE))
        self.media.put(passage.room, ref, self.media.tokens[passage.token], tracks=seen)
        assert await self.conductor.doors.answering(passage, False), "the door let nobody in"
        await self.conductor.doors.joined(passage)
        await self.quiet()
        return passage

    async def go(self, role: str) -> None:
        """Somebody's signalling is gone; the media server notices much later."""
        self.conductor.doors.left(self.passages.pop(role), "browser_left")
        await self.quiet()

    async def listen_in(self, role: str, page: int | None = None) -> Ear:
        """A party's control socket opens."""
        self.pages += 1
        ear = Ear()
        await self.conductor.parties.hello(self.ref(role), self.actors[role], ear, page or self.pages)
        self.ears[role] = ear
        return ear

    def open_wall(self, role: str = "officer") -> Ear:
        """The officer's control socket opens."""
        self.pages += 1
        ear = Ear()
        self.wall = self.conductor.wall_hello(self.actors[role], ear, self.pages)
        self.ears[role] = ear
        return ear

    def close_wall(self) -> None:
        assert self.wall is not None
        self.conductor.wall_gone(self.wall)
        self.wall = None

    def speak(self, *roles: str) -> None:
        """The pages of these say how their line is, as they do each second."""
        for role in roles:
            self.conductor.parties.beat(self.ref(role), {"quality_line": "good"})

    def beat(self, *, visible: bool = True, frozen: Collection[str] = (), unheard: Collection[str] = ()) -> None:
        """The officer's heartbeat; the picture and sound of `frozen` ends have stopped.

        The pages of both sides speak as well, as they do each second, but for the `unheard`.
        """
        assert self.wall is not None
        stage = self.conductor.studio.stages.get(self.call.ref)
        for seat in stage.parties() if stage else ():
            if seat.role not in unheard:
                seat.heard_at = self.conductor.studio.monotonic()
        ends: tuple[End, End] = ("inmate", "visitor")
        for end in ends:
            self.frames[end] += end not in frozen
        counters = {end: Counters(self.frames[end], self.frames[end]) for end in ends}
        self.conductor.wall_beat(self.wall, visible, {self.call.ref: counters})

    async def watch(self) -> None:
        """The officer takes a place, opens the wall, joins, and is seen to watch."""
        from besuk.flow.oversight.acts import perform

        if self.wall is None:
            self.open_wall()
        await perform("watch", call_ref=self.call.ref, body={}, actor=self.actors["officer"], now=self.clock.now())
        await self.come_in("officer")
        self.beat()
        await self.quiet()

    async def act(self, act: str, **body: object) -> Mapping[str, object]:
        """One act of the officer at the wall."""
        from besuk.flow.oversight.acts import perform

        answer = await perform(
            act, call_ref=self.call.ref, body=body, actor=self.actors["officer"], now=self.clock.now()
        )
        await self.quiet()
        return answer

    async def duty(self, act: str, role: str = "officer", **body: object) -> Mapping[str, object]:
        """Something an officer does about themselves."""
        from besuk.flow.oversight.acts import perform_duty

        answer = await perform_duty(act, body=body, actor=self.actors[role], now=self.clock.now())
        await self.quiet()
        return answer

    async def look(self) -> None:
        """A tick that compares with the media server."""
        self.clock.move(seconds=1)
        if self.wall is not None:
            self.beat()
        await self.conductor.tick()
        await self.quiet()

    async def go_live(self) -> None:
        """Everybody is there, and the officer admits."""
        await self.come_in("visitor")
        await self.come_in("inmate")
        await self.watch()
        await self.look()
        await self.act("admit")

    def hears(self, role: str) -> bool:
        """What the media server lets a party do now."""
        room = self.media._rooms.get(self.call.room)
        party = room.parties.get(self.ref(role)) if room else None
        return party is not None and party.can_subscribe

    @property
    def is_open(self) -> bool:
        """Whether either end can see or hear the other."""
        return self.hears("visitor") or self.hears("inmate")
