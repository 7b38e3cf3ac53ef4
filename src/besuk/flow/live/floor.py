"""The floor at the media server: whether the two ends may see and hear each other.

Closing never waits: it is sent at once, beside an opening that may be under way, tried again, and when
the server does not obey the room itself is ended. Whoever opens looks again after each step whether it
is still to be open, and closes again what it opened too late. So whatever order the server sees, the
last word is the stage's.
"""

import asyncio
import logging

from besuk.flow.live.stage import HEARERS, ONLOOKER, Seat, Stage
from besuk.ground.media import grants
from besuk.ground.media.grants import Grant
from besuk.ground.media.port import MediaServer, MediaUnavailable, ParticipantSeen

log = logging.getLogger(__name__)

TRIES = 3
"""How often a closing is tried before the room is ended instead."""


class Floor:
    """Makes the media server do what stages say."""

    def __init__(self, media: MediaServer) -> None:
        self._media = media

    async def settle(self, stage: Stage) -> bool:
        """Make the server agree with the stage, for everybody in the room. False when it did not answer."""
        if not stage.floor_open:
            return await self.close(stage)
        opened = await asyncio.gather(*(self.open_for(stage, seat) for seat in stage.hearers()))
        return all(opened)

    async def close(self, stage: Stage) -> bool:
        """Silence everybody. Tries hard, then ends the room. True when the server confirmed it."""
        for _ in range(TRIES):
            if stage.floor_open:
                return True
            answers = await asyncio.gather(*(self._tell(stage, seat, False) for seat in stage.hearers()))
            if all(answers):
                return True
        log.error("call %s: the media server does not close the floor, ending its room", stage.ref)
        return await self.end_room(stage)

    async def open_for(self, stage: Stage, seat: Seat) -> bool:
        """Open for one person who is in the room, if the floor is open; closed again if that was too late."""
        if not may_hear(stage, seat):
            return True
        muted = seat.muted
        done = await self._tell(stage, seat, True)
        if not may_hear(stage, seat):
            await self.close_for(stage, seat)
        elif seat.muted != muted:
            return await self.open_for(stage, seat)
        return done

    async def settle_microphone(self, stage: Stage, seat: Seat) -> bool:
        """Give one person the permission that fits, as to floor and microphone. False when it was not taken."""
        if may_hear(stage, seat):
            return await self.open_for(stage, seat)
        done = await self._tell(stage, seat, False)
        return await self.open_for(stage, seat) if may_hear(stage, seat) else done

    async def end_room(self, stage: Stage) -> bool:
        """Delete the room: everybody is out. True when the server confirmed it."""
        for _ in range(TRIES):
            try:
                await self._media.delete_room(stage.room)
            except MediaUnavailable as error:
                log.error("call %s: the room does not end: %s", stage.ref, error)
            else:
                return True
        return False

    async def seen(self, stage: Stage) -> list[ParticipantSeen] | None:
        """Who is in the room, as the server says; None when it does not answer."""
        try:
            return list(await self._media.participants(stage.room))
        except MediaUnavailable as error:
            log.warning("call %s: the media server does not answer: %s", stage.ref, error)
            return None

    async def close_for(self, stage: Stage, seat: Seat) -> None:
        """Silence one person, unless the floor opens again meanwhile. Tries hard, then ends the room."""
        for _ in range(TRIES):
            if may_hear(stage, seat) or await self._tell(stage, seat, False):
                return
        await self.end_room(stage)

    async def _tell(self, stage: Stage, seat: Seat, open_: bool) -> bool:
        """Whether the server took it. Somebody who is not there is silent already."""
        try:
            await self._media.set_permission(stage.room, seat.ref, grant_of(stage, seat, open_ and not seat.ejected))
        except MediaUnavailable as error:
            log.warning("call %s: permission of %s not changed: %s", stage.ref, seat.ref, error)
            return False
        return True


def grant_of(stage: Stage, seat: Seat, open_: bool) -> Grant:
    """The complete permission of a party, or of an onlooker, who sees and hears what the two exchange."""
    if seat.role == ONLOOKER:
        return grants.onlooker(stage.supervised, floor_open=open_)
    maker = grants.visitor if seat.role == "visitor" else grants.inmate
    return maker(floor_open=open_, muted=seat.muted)


def is_closed(stage: Stage, seen: list[ParticipantSeen]) -> bool:
    """Whether nobody in the room but its supervisors can see or hear anything."""
    return not any(party.can_subscribe for party in seen if not _supervises(stage, party))


def _supervises(stage: Stage, party: ParticipantSeen) -> bool:
    seat = stage.seats.get(party.identity)
    return party.hidden and party.identity.startswith("s-") and (seat is None or seat.role not in HEARERS)


def may_hear(stage: Stage, seat: Seat) -> bool:
    """Whether this party may see and hear the other end now."""
    return stage.floor_open and not seat.ejected
