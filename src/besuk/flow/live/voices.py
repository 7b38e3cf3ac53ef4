"""An officer's voice: a second small room per call, which lives only while somebody speaks.

In it the officer publishes a microphone and hears nothing; whoever is spoken to hears and can publish
nothing. So it opens nothing between the two parties, whatever holds their own room.
"""

import logging
from functools import partial

from besuk.flow.live import actions, messages
from besuk.flow.live.doors import TOKEN_LIFE, Doors, Passage
from besuk.flow.live.holding import Holding
from besuk.flow.live.stage import PARTIES, Seat, Stage, Voice
from besuk.flow.live.studio import Studio
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.accounts.capabilities import CONDUCT
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.media import grants
from besuk.ground.media.grants import Grant, Source
from besuk.ground.media.port import MediaUnavailable, ParticipantSeen
from besuk.ground.media.rooms import RoomKind, new_room

log = logging.getLogger(__name__)
EMPTY_S = 60
LOOK_EVERY_S = 1.0
MOST_THERE = 6
TRIES = 3


class Voices:
    """Who speaks where, and who may hear it."""

    def __init__(self, studio: Studio, holding: Holding, doors: Doors) -> None:
        self._studio, self._holding, self._doors = studio, holding, doors
        self._open: dict[str, Passage] = {}
        self._beginning: set[str] = set()

    async def speak(self, stage: Stage, actor: Actor) -> str:
        """Record it, then make the room. The door for the microphone.

        Raises Refused(NOT_WATCHING), (NO_SUPERVISOR) for whoever is not freshly there, (SOMEBODY_SPEAKS),
        (MEDIA_UNAVAILABLE).
        """
        actor.must(CONDUCT, stage.facility_id)
        seat = self._must_be_there(stage, actor)
        if stage.voice is None and stage.ref not in self._beginning:
            self._beginning.add(stage.ref)
            try:
                await self._begin(stage, seat, actor)
            finally:
                self._beginning.discard(stage.ref)
        if stage.voice is None or stage.voice.speaker != seat.ref:
            raise refuse("SOMEBODY_SPEAKS")
        return f"/door/{seat.ref}/voice"

    async def _begin(self, stage: Stage, seat: Seat, actor: Actor) -> None:
        to = stage.spoken_to
        work = partial(actions.speak, call_ref=stage.ref, to_both=to == PARTIES, actor=actor, now=self._studio.now())
        await self._studio.records.write(self._holding.in_time(work), f"speak {stage.ref}")
        room = new_room(RoomKind.VOICE)
        try:
            await self._studio.media.ensure_room(
                room, empty_timeout_s=EMPTY_S, departure_timeout_s=EMPTY_S, max_participants=MOST_THERE
            )
            self._vouch(room)
        except (MediaUnavailable, OSError) as error:
            self._record_hush(stage, seat.ref, actor)
            raise refuse("MEDIA_UNAVAILABLE") from error
        stage.voice = Voice(room, seat.ref, to)  # a call that ends meanwhile ends it in the next round
        self._studio.touch(stage)

    async def hush(self, stage: Stage, actor: Actor) -> None:
        """Nobody speaks any more: the room goes first, the record follows. Harmless when nobody spoke."""
        voice, stage.voice = stage.voice, None
        if voice is None:
            return
        self._studio.touch(stage)
        for ref in list(stage.seats):
            self.shut(ref)
        if self._studio.leases is not None:
            self._studio.leases.drop(voice.room)  # from here on the guard ends it, should we not manage to
        for _ in range(TRIES):
            try:
                await self._studio.media.delete_room(voice.room)
            except MediaUnavailable as error:
                log.warning("call %s: the voice does not end: %s", stage.ref, error)
            else:
                break
        self._record_hush(stage, voice.speaker, actor)

    def _record_hush(self, stage: Stage, speaker: str, actor: Actor) -> None:
        work = partial(actions.hush, participation_ref=speaker, actor=actor, now=self._studio.now())
        self._studio.records.later(work, f"hush {stage.ref}")

    async def hush_own(self, stage: Stage, actor: Actor) -> None:
        """The officer who speaks stops; nobody else's voice is touched."""
        speaker = stage.seats.get(stage.voice.speaker) if stage.voice else None
        if speaker is not None and speaker.owner == ("staff", actor.pk):
            await self.hush(stage, actor)

    async def look(self, stage: Stage) -> None:
        """The voice goes with the officer's presence, and with a check of faces that begins or ends.

        Once a second the room is looked at: it holds only who belongs there.
        """
        voice = stage.voice
        if voice is None:
            return
        speaker = stage.seats.get(voice.speaker)
        at = self._studio.monotonic()
        present = speaker is not None and stage.is_watched_by(speaker.owner[1], at)
        if stage.ending or not present or stage.spoken_to != voice.to:
            await self.hush(stage, SYSTEM)
            return
        if not self._studio.due(f"voice:{stage.ref}", LOOK_EVERY_S):
            return
        self._vouch(voice.room)
        try:
            there = await self._studio.media.participants(voice.room)
        except MediaUnavailable:
            return
        for party in there:
            if not _belongs(stage, voice, party):
                self.shut(party.identity)
                await self._put_out(voice.room, party.identity)

    async def enter(self, participation_ref: str, actor: Actor) -> Passage:
        """Let somebody into the second room who is in the call and speaks, or is spoken to. Raises Refused."""
        entry = await self._doors.may_enter(participation_ref, actor)
        stage = self._studio.stages.get(entry.call_ref)
        seat = stage.seats.get(participation_ref) if stage else None
        if stage is None or stage.ending or stage.voice is None:
            raise refuse("CALL_NOT_OPEN")
        grant = _grant_in(stage, stage.voice, seat)
        if seat is None or grant is None:
            # a listener on the way into the call's own room comes too early, which is no attempt at anything
            raise refuse("NOT_IN_THIS_CALL" if seat and seat.joined else "CALL_NOT_OPEN")
        if not seat.voice_knocks.take(self._studio.monotonic()):
            raise refuse("TOO_MANY_TRIES", minutes=1)
        self.shut(seat.ref)
        token = self._studio.media.token(stage.voice.room, seat.ref, grant, TOKEN_LIFE)
        url = self._studio.media.signalling_url
        passage = Passage(seat.ref, stage.ref, seat.role, stage.voice.room, grant, url, token, 0)
        self._open[seat.ref] = passage
        return passage

    async def answering(self, passage: Passage, resumed: bool) -> bool:
        """Whether the media server's answer may pass: they still belong there."""
        stage = self._studio.stages.get(passage.call_ref)
        voice = stage.voice if stage else None
        if stage is None or voice is None or voice.room != passage.room:
            return False
        return _grant_in(stage, voice, stage.seats.get(passage.participation_ref)) == passage.grant

    async def joined(self, passage: Passage) -> None:
        """Nothing to open: what they may do there was in the token."""

    def left(self, passage: Passage, why: str) -> None:
        """The connection ended."""
        if self._open.get(passage.participation_ref) is passage:
            del self._open[passage.participation_ref]

    def broke_rule(self, passage: Passage, code: str, actor: Actor = NOBODY) -> None:
        """On record as at the other door."""
        self._doors.broke_rule(passage, code, actor)

    def shut(self, participation_ref: str) -> None:
        """End this person's connection to the second room."""
        passage = self._open.pop(participation_ref, None)
        if passage is not None:
            passage.shut.set()

    def _must_be_there(self, stage: Stage, actor: Actor) -> Seat:
        seat = messages.own_seat(stage, actor.pk)
        if seat is None:
            raise refuse("NOT_WATCHING")
        if not stage.is_watched_by(actor.pk, self._studio.monotonic()):
            raise refuse("NO_SUPERVISOR")
        return seat

    def _vouch(self, room: str) -> None:
        if self._studio.leases is not None:
            self._studio.leases.renew(room, self._studio.monotonic())

    async def _put_out(self, room: str, identity: str) -> None:
        try:
            await self._studio.media.remove(room, identity)
        except MediaUnavailable:
            log.warning("%s is not out of the second room yet", identity)  # met again in the next round


def _grant_in(stage: Stage, voice: Voice, seat: Seat | None) -> Grant | None:
    """What this person may do in the second room; None: nothing. Only who is in the call's own room counts."""
    if seat is None or seat.ejected or not seat.joined:
        return None
    if seat.ref == voice.speaker:
        return grants.officer_speaking()
    return grants.addressed() if seat.role in voice.to and seat.role in stage.spoken_to else None


def _belongs(stage: Stage, voice: Voice, party: ParticipantSeen) -> bool:
    grant = _grant_in(stage, voice, stage.seats.get(party.identity))
    if grant is None or party.can_publish_sources != grant.can_publish_sources:
        return False
    return {track.source for track in party.tracks} <= ({Source.MICROPHONE} if grant.can_publish else set())
