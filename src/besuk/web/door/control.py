"""The control sockets: state, clock, warnings and the sign of supervision out; heartbeats and wishes in."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import translation

from besuk.flow.live import reach
from besuk.flow.live.conductor import Conductor
from besuk.flow.live.hub import NOT_YOURS, Caller
from besuk.flow.oversight import acts
from besuk.ground.accounts.capabilities import CONDUCT, LOOK, WATCH
from besuk.ground.kernel import clock
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.ground.kernel.errors import Refused
from besuk.web.door import incoming, who
from besuk.web.door.incoming import Nonsense
from besuk.web.door.wire import Wire
from besuk.web.shared.refusals import refusal_rows

BAD_MESSAGE = 1008
TRY_AGAIN = 1013


class ControlSocket(AsyncWebsocketConsumer, ABC):  # type: ignore[misc]
    """What both kinds share: who it is, limits on what comes in, one writer."""

    conductor: Conductor
    actor: Actor
    wire: Wire
    caller: Caller | None = None
    writer: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Before the handshake: is there a conductor, and is this anybody?"""
        self.flow = incoming.flow()
        try:
            self.conductor = reach.current()
            self.actor = await self.conductor.studio.records.read(partial(self.identify, self.scope))
        except Refused:
            await self.close(TRY_AGAIN)
            return
        if self.actor is NOBODY:
            self.turned_away("SIGN_IN_NEEDED")
            await self.close(NOT_YOURS)
            return
        self.wire = Wire(self.send_raw, who.language_of(self.scope))
        await self.accept()
        self.writer = asyncio.create_task(self.wire.run())

    async def disconnect(self, code: int) -> None:
        """The socket closed: presence hears of it at once."""
        if self.caller is not None:
            self.gone(self.caller)
            self.caller = None
        if self.writer is not None:
            self.writer.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One message. Nonsense and floods close the socket."""
        try:
            if not self.flow.take(self.conductor.studio.monotonic()):
                raise Nonsense("too many messages")
            message = incoming.read(text_data)
            if message["t"] == "hello":
                await self.hello(incoming.number(message.get("gen")))
                if self.caller is not None:
                    self.caller.again = self.identify_again
            elif self.caller is not None:
                await self.hear(self.caller, message)
        except Nonsense as nonsense:
            self.turned_away(str(nonsense))
            self.wire.shut(BAD_MESSAGE)
        except Refused as refused:
            self.turned_away(*refused.codes)
            self.wire.shut(TRY_AGAIN if {"CALL_NOT_OPEN", "TOO_MANY_TRIES"} & set(refused.codes) else NOT_YOURS)

    def turned_away(self, *codes: str) -> None:
        """Put on record what this socket tried, once in a while."""
        if "CALL_NOT_OPEN" not in codes:
            self.conductor.studio.attempt(self.place, "control", ",".join(codes), self.actor)

    @property
    def place(self) -> str:
        """The participation this socket is for; empty at a wall."""
        return ""

    def identify_again(self) -> Actor:
        """Who this is by now."""
        return self.identify(who.again(self.scope))

    async def send_raw(self, message: dict[str, object]) -> None:
        """For the wire."""
        await self.base_send(message)

    @abstractmethod
    def identify(self, scope: Mapping[str, Any]) -> Actor:
        """Who this is; runs where the database may be asked."""

    @abstractmethod
    async def hello(self, page: int) -> None:
        """The page's first word. Raises Refused."""

    @abstractmethod
    async def hear(self, caller: Caller, message: Mapping[str, object]) -> None:
        """Any other word. Raises Nonsense, Refused."""

    @abstractmethod
    def gone(self, caller: Caller) -> None:
        """The socket of a caller closed."""


class PartyControl(ControlSocket):
    """`/control/<participation>`: visitor and inmate."""

    @property
    def place(self) -> str:
        return str(self.scope["url_route"]["kwargs"]["participation"])

    def identify(self, scope: Mapping[str, Any]) -> Actor:
        return NOBODY if self.place.startswith(("s-", "o-")) else who.acting(scope, self.place)

    async def hello(self, page: int) -> None:
        self.caller = await self.conductor.parties.hello(self.place, self.actor, self.wire, page)

    async def hear(self, caller: Caller, message: Mapping[str, object]) -> None:
        word = message["t"]
        if word == "beat":
            if incoming.number(message.get("gen")) == caller.page:
                self.conductor.parties.beat(self.place, incoming.sample(message))
        elif word in {"help", "leave", "end"}:
            await self.conductor.parties.says(self.place, caller, str(word))
        else:
            raise Nonsense("unknown word")

    def gone(self, caller: Caller) -> None:
        self.conductor.parties.gone(self.place, caller)


class LookControl(ControlSocket):
    """`/control/look/<participation>`: the head who looks on. It listens; nothing it says counts for anything."""

    @property
    def place(self) -> str:
        """The place this socket is for."""
        return str(self.scope["url_route"]["kwargs"]["participation"])

    def identify(self, scope: Mapping[str, Any]) -> Actor:
        actor = who.officer(scope)
        return actor if self.place.startswith("o-") and actor.facilities_with(LOOK) else NOBODY

    async def hello(self, page: int) -> None:
        self.caller = await self.conductor.parties.hello(self.place, self.actor, self.wire, page)

    async def hear(self, caller: Caller, message: Mapping[str, object]) -> None:
        raise Nonsense("an onlooker only listens")

    def gone(self, caller: Caller) -> None:
        self.conductor.parties.gone(self.place, caller)


class WallControl(ControlSocket):
    """`/control/wall`: one officer's wall, all calls in one socket."""

    def identify(self, scope: Mapping[str, Any]) -> Actor:
        actor = who.officer(scope)
        return actor if actor.facilities_with(WATCH) else NOBODY

    async def hello(self, page: int) -> None:
        self.caller = self.conductor.wall_hello(self.actor, self.wire, page)

    def stop_all(self, caller: Caller, facility_id: int) -> None:
        """The emergency word comes this way too: no page, session or database stands between. Raises Refused."""
        caller.actor.must(CONDUCT, facility_id)
        work = self.conductor.stopping.stop_all(facility_id, caller.actor)
        self.conductor.studio.spawn(work, f"stop all of {facility_id}")

    async def hear(self, caller: Caller, message: Mapping[str, object]) -> None:
        if message["t"] == "stop_all":
            self.stop_all(caller, incoming.number(message.get("facility")))
            return
        if message["t"] == "act":
            act, ref = incoming.text(message, "act"), incoming.text(message, "call")
            body = incoming.part(message, "body")
            if act not in acts.CLOSING or not isinstance(body.get("key"), str):
                raise Nonsense("not an act for this way")
            self.conductor.studio.spawn(self.act(caller, act, ref, body), f"{act} of {ref}")
            return
        if message["t"] != "beat":
            raise Nonsense("unknown word")
        if incoming.number(message.get("gen")) == caller.page:
            visible, beats, hints = message.get("visible") is True, incoming.beats(message), incoming.hints(message)
            self.conductor.wall_beat(caller, visible, beats, hints)

    async def act(self, caller: Caller, act: str, ref: str, body: Mapping[str, object]) -> None:
        """Closing acts come this way too, for the same reason. The key makes it one act, whichever way is faster."""
        answer: dict[str, object] = {"t": "acted", "key": body["key"]}
        try:
            done = await acts.perform(act, call_ref=ref, body=body, actor=caller.actor, now=clock.now())
            answer |= {"ok": True, "recorded": done.get("recorded") is not False}
        except Refused as refused:
            with translation.override(caller.line.language):
                answer |= {"ok": False, "refusals": refusal_rows(refused, to_staff=True)}
        caller.line.say(answer)

    def gone(self, caller: Caller) -> None:
        self.conductor.wall_gone(caller)
