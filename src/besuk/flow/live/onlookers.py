"""The head of prison at a running call: expected in its room, told to both sides, and never its supervision.

They see and hear what the two exchange: while the floor is closed, nothing. No heartbeat of theirs is read
anywhere, and no watch is kept for their seat.
"""

import logging
from functools import partial

from besuk.flow.live import actions
from besuk.flow.live.doors import Doors
from besuk.flow.live.load import seat_of
from besuk.flow.live.models import Participation
from besuk.flow.live.stage import ONLOOKER, SIDE_GRACE_S, Seat, Stage
from besuk.flow.live.studio import Studio
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.actor import Actor
from besuk.ground.media.port import MediaUnavailable

log = logging.getLogger(__name__)
AWAY_S = 20.0
"""Whoever is not in the room for this long has stopped looking."""


class Onlookers:
    """Who looks on, from coming to going."""

    def __init__(self, studio: Studio, doors: Doors) -> None:
        self._studio, self._doors = studio, doors

    def came(self, stage: Stage, place: Participation) -> None:
        """Their place is known from now on; they are there once they came through the door."""
        if place.ref not in stage.seats:
            seat = stage.seats[place.ref] = seat_of(place, stage)
            seat.gone_since = self._studio.monotonic()

    async def leave(self, stage: Stage, seat: Seat, actor: Actor) -> None:
        """Out of the room first, then on record."""
        stage.seats.pop(seat.ref, None)
        self._doors.shut(seat.ref)
        self._studio.touch(stage)
        self._studio.hub.drop([seat.ref])
        try:
            await self._studio.media.remove(stage.room, seat.ref)
        except MediaUnavailable:
            log.warning("call %s: %s not removed yet", stage.ref, seat.ref)  # a stranger from now on: the rounds do
        work = partial(actions.leave_look, participation_ref=seat.ref, actor=actor, now=self._studio.now())
        self._studio.records.later(work, f"unlook {stage.ref}")

    async def look(self, stage: Stage) -> None:
        """Whoever went without a word has stopped looking. After a restart they have as long to come back."""
        at = self._studio.monotonic()
        for seat in stage.onlookers():
            if seat.joined:
                continue
            if seat.gone_since is None:
                seat.gone_since = at
            elif at >= seat.gone_since + AWAY_S:
                await self.leave(stage, seat, SYSTEM)

    def is_uninvited(self, seat: Seat) -> bool:
        """Whether somebody with an onlooker's name is in the room without an open door of theirs."""
        if seat.role != ONLOOKER or seat.joined or seat.gone_since is None:
            return False
        return self._studio.monotonic() >= seat.gone_since + SIDE_GRACE_S
