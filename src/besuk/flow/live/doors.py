"""The door's questions: may this person be in this call now, and what follows when they are."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from besuk.flow.live import actions
from besuk.flow.live.attendants import Attendants
from besuk.flow.live.floor import grant_of, may_hear
from besuk.flow.live.holding import Holding
from besuk.flow.live.stage import PARTIES, SIDE_GRACE_S, Seat, Stage
from besuk.flow.live.studio import Studio
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.media.grants import Grant
from besuk.ground.media.port import MediaUnavailable

log = logging.getLogger(__name__)
TOKEN_LIFE = timedelta(seconds=20)
"""A token is used at once by the door itself; nobody else holds one."""
ROOM_AFTERLIFE_S = 30 * 60
MOST_PARTICIPANTS = 8
TURNED_AWAY = ("NOT_IN_THIS_CALL", "EJECTED", "NOT_ALLOWED", "TOO_MANY_TRIES", "CALL_ENDED", "SIGN_IN_NEEDED")
"""Refusals that are worth a word in the log, the weightiest first."""


@dataclass(frozen=True)
class Passage:
    """One connection of one person through the door, from the question to its end."""

    participation_ref: str
    call_ref: str
    role: str
    room: str
    grant: Grant
    url: str
    token: str
    generation: int
    granted: Grant | None = None
    """What the token says: open if the floor was open when it was made."""
    again: Callable[[], Actor] | None = field(default=None, compare=False)
    """Finds out afresh who is at the other end; runs where the database may be asked."""
    shut: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
    """Set when this connection must end now."""


class Doors:
    """All connections through the door. The newest of each person counts; the older is shut."""

    def __init__(self, studio: Studio, holding: Holding, attendants: Attendants) -> None:
        self._studio, self._holding, self._attendants = studio, holding, attendants
        self._open: dict[str, Passage] = {}

    async def may_enter(self, participation_ref: str, actor: Actor) -> actions.Entry:
        """Ask the record. Raises Refused."""
        ask = partial(actions.enter, participation_ref=participation_ref, actor=actor, now=self._studio.now())
        return await self._studio.records.read(ask)

    async def enter(
        self, participation_ref: str, actor: Actor, *, browser: str = "", again: Callable[[], Actor] | None = None
    ) -> Passage:
        """Let somebody in: the room exists, the token is fresh and says what holds now. Raises Refused.

        What is open in it is looked at again before the media server's answer passes (`answering`).

        `browser` tells one device from another; `again` is asked every few seconds whether it is still them.
        """
        entry = await self.may_enter(participation_ref, actor)
        stage, seat = self._place(entry.call_ref, participation_ref)
        self._must_not_flood(seat)
        await self.make_room(stage)
        stage, seat = self._place(entry.call_ref, participation_ref)  # it may have ended meanwhile
        await self._note_browser(stage, seat, browser)
        seat.door += 1
        self.shut(participation_ref)
        # the door's rules go by what may be sent at all; whom an officer muted the media server refuses alone
        granted = grant_of(stage, seat, may_hear(stage, seat)) if seat.role in PARTIES else entry.grant
        token = self._studio.media.token(entry.room, seat.ref, granted, TOKEN_LIFE)
        url = self._studio.media.signalling_url
        passage = Passage(
            seat.ref, stage.ref, seat.role, entry.room, entry.grant, url, token, seat.door, granted, again
        )
        self._open[seat.ref] = passage
        return passage

    def turned_away(self, participation_ref: str, refused: Refused, actor: Actor) -> None:
        """Somebody was not let in. What is no question of being too early or late goes on record."""
        why = next((code for code in TURNED_AWAY if code in refused.codes), "")
        if why:
            self._studio.attempt(participation_ref, "turned_away", why, actor)

    def _must_not_flood(self, seat: Seat) -> None:
        if not seat.knocks.take(self._studio.monotonic()):
            raise refuse("TOO_MANY_TRIES", minutes=1)

    async def _note_browser(self, stage: Stage, seat: Seat, browser: str) -> None:
        """After admit another browser is another face until an officer has looked: the inmate appears last."""
        other = bool(seat.browser and browser) and seat.browser != browser
        seat.browser = browser or seat.browser
        if other and seat.role == "visitor" and stage.state == "live":
            await self._holding.hold(stage, "identity", SYSTEM, "other_device")

    async def ask_again(self) -> None:
        """Whoever may not be in their call any more goes: signed out, dismissed, barred, suspended, unpaired."""
        for passage in list(self._open.values()):
            if passage.again is None:
                continue
            try:
                await self._studio.records.read(partial(_must_be_allowed, passage, self._studio.now()))
            except Refused as refused:
                await self._withdraw(passage, refused)

    async def _withdraw(self, passage: Passage, refused: Refused) -> None:
        if self._open.get(passage.participation_ref) is not passage:
            return
        log.warning("call %s: %s goes: %s", passage.call_ref, passage.participation_ref, refused)
        self.shut(passage.participation_ref)
        await self._put_out(passage)
        stage = self._studio.stages.get(passage.call_ref)
        if stage is not None and not stage.ending:
            self._studio.witness(stage, "put_out", passage.role, why="not_allowed_any_more")

    async def answering(self, passage: Passage, resumed: bool) -> bool:
        """The media server let them in, and its answer waits here. False when it must not pass.

        Without the answer no media can flow. So whatever changed while they were on their way, when the server
        may have known nobody to tell it of (a closed floor, a muted microphone), is settled before it passes.
        """
        stage = self._studio.stages.get(passage.call_ref)
        seat = stage.seats.get(passage.participation_ref) if stage else None
        if stage is None or seat is None or stage.ending or seat.ejected:
            return False
        if seat.role in PARTIES:
            hears = may_hear(stage, seat)
            if resumed or passage.granted != grant_of(stage, seat, hears):
                await (self._studio.floor.open_for if hears else self._studio.floor.close_for)(stage, seat)
        return not stage.ending

    async def joined(self, passage: Passage) -> None:
        """The media server let them in. Ask again before anything opens: much may have happened since."""
        stage = self._studio.stages.get(passage.call_ref)
        seat = stage.seats.get(passage.participation_ref) if stage else None
        if stage is None or seat is None or stage.ending or seat.ejected:
            await self._put_out(passage)
            return
        if seat.door != passage.generation:
            return
        seat.came_in(self._studio.monotonic(), live=stage.state == "live")
        self._studio.witness(stage, "joined", seat.role)
        self._studio.touch(stage)
        if seat.role == "supervisor":
            self._attendants.door_opened(stage, seat, passage.generation)
            return
        await self._studio.floor.open_for(stage, seat)
        if seat.role in PARTIES:
            self.look_at_sides(stage)

    def left(self, passage: Passage, why: str) -> None:
        """The connection ended. That of an older one means nothing."""
        if self._open.get(passage.participation_ref) is passage:
            del self._open[passage.participation_ref]
        stage = self._studio.stages.get(passage.call_ref)
        seat = stage.seats.get(passage.participation_ref) if stage else None
        if stage is None or seat is None or seat.door != passage.generation:
            return
        was_there, seat.joined, seat.gone_since = seat.joined, False, self._studio.monotonic()
        if was_there:
            self._studio.witness(stage, "left", seat.role, why=why)
        self._studio.touch(stage)
        if seat.role == "supervisor":
            self._attendants.door_closed(stage, seat, passage.generation)
        elif seat.role in PARTIES:
            asyncio.get_running_loop().call_later(SIDE_GRACE_S, self.look_at_sides, stage)

    def broke_rule(self, passage: Passage, code: str, actor: Actor = NOBODY) -> None:
        """A browser sent what the door does not let pass: it goes on record, again and again only once in a while."""
        stage = self._studio.stages.get(passage.call_ref)
        is_new = self._studio.attempt(passage.participation_ref, "door_rule", code, actor)
        if stage is not None and is_new:
            self._studio.witness(stage, "door_rule_broken", passage.role, rule=code)

    def shut(self, participation_ref: str) -> None:
        """End this person's connection now."""
        passage = self._open.pop(participation_ref, None)
        if passage is not None:
            passage.shut.set()

    def shut_all(self, stage: Stage) -> None:
        """End all connections of a call."""
        for ref in list(stage.seats):
            self.shut(ref)

    async def make_room(self, stage: Stage) -> None:
        """The room exists after this; doing it again is harmless. Raises Refused(MEDIA_UNAVAILABLE)."""
        left = int((stage.latest_end - self._studio.now()).total_seconds())
        life = max(left, 0) + ROOM_AFTERLIFE_S
        try:
            await self._studio.media.ensure_room(
                stage.room, empty_timeout_s=life, departure_timeout_s=life, max_participants=MOST_PARTICIPANTS
            )
        except MediaUnavailable as error:
            raise refuse("MEDIA_UNAVAILABLE") from error
        stage.room_made = True

    def look_at_sides(self, stage: Stage) -> None:
        """A live call is held while one end is not there; its minutes are kept."""
        at = self._studio.monotonic()
        changed = [seat for seat in stage.parties() if seat.look_at_line(at)]
        if changed:
            self._studio.touch(stage)
        if stage.state != "live" or stage.ending:
            return
        held = "technical" in stage.holds
        if stage.both_here():
            if held and "technical" not in stage.lifting:
                self._studio.spawn(self._both_back(stage), f"both back on {stage.ref}")
        elif (not held or "technical" in stage.lifting) and self._somebody_is_gone(stage):
            self._studio.spawn(self._side_lost(stage), f"side lost on {stage.ref}")

    def _somebody_is_gone(self, stage: Stage) -> bool:
        at = self._studio.monotonic()
        sides = [stage.side(role) for role in PARTIES]
        return any(seat is None or _is_gone(seat, at) for seat in sides)

    async def _side_lost(self, stage: Stage) -> None:
        await self._holding.hold(stage, "technical", SYSTEM, "side_lost")

    async def _both_back(self, stage: Stage) -> None:
        if stage.both_here():
            await self._holding.lift(stage, "technical", SYSTEM)

    def _place(self, call_ref: str, participation_ref: str) -> tuple[Stage, Seat]:
        stage = self._studio.stages.get(call_ref)
        if stage is None or stage.ending:
            raise refuse("CALL_ENDED" if stage else "CALL_NOT_OPEN")
        seat = stage.seats.get(participation_ref)
        if seat is None or seat.ejected:
            raise refuse("EJECTED" if seat else "NOT_IN_THIS_CALL")
        return stage, seat

    async def _put_out(self, passage: Passage) -> None:
        passage.shut.set()
        try:
            await self._studio.media.remove(passage.room, passage.participation_ref)
        except MediaUnavailable:
            return  # the reconciliation meets them again


def _must_be_allowed(passage: Passage, now: datetime) -> None:
    actor = passage.again() if passage.again else NOBODY
    if actor is NOBODY:
        raise refuse("SIGN_IN_NEEDED")
    actions.enter(participation_ref=passage.participation_ref, actor=actor, now=now)


def _is_gone(seat: Seat, at: float) -> bool:
    """Cut off, or not there for longer than the grace; somebody who never came is gone, too."""
    if seat.joined:
        return seat.cut_off
    return seat.gone_since is None or at >= seat.gone_since + SIDE_GRACE_S
