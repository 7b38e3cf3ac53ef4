"""Between the shifts on record and the conductor's memory of who is on duty; closes those whose wall is silent."""

import asyncio
import logging
from functools import partial

from besuk.flow.live.conductor import Conductor
from besuk.flow.live.hub import Caller
from besuk.flow.live.messages import own_seat
from besuk.flow.live.roster import OnDuty
from besuk.flow.live.studio import Studio
from besuk.flow.oversight import cover
from besuk.flow.oversight.actions.shift import close_silent
from besuk.flow.oversight.models import Shift
from besuk.flow.oversight.queries import open_shifts
from besuk.ground.accounts.actors import SYSTEM

log = logging.getLogger(__name__)
SILENT_S = 15 * 60.0
"""So long no visible wall of an officer was heard: the shift closes itself. Calls were held within seconds."""


def on_duty_of(shift: Shift) -> OnDuty:
    """A shift as the conductor keeps it."""
    return OnDuty(shift.staff_id, shift.staff.code, shift.facility_id, shift.started_at, shift.wall)


async def look_for_cover(studio: Studio) -> None:
    """See anew which calls due soon lack an officer: every ten seconds, and when somebody begins or ends a shift."""
    studio.uncovered = await studio.records.read(partial(cover.look, studio.now()))


class RosterKeeper:
    """Called by the keeper every ten seconds, in the conductor's loop."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor = conductor
        self._seen: dict[int, float] = {}

    async def look(self) -> None:
        """Read who is on duty and what lacks an officer, and close the shifts whose wall is silent for too long."""
        studio = self._conductor.studio
        shifts = await studio.records.read(open_shifts)
        studio.roster = {shift.staff_id: on_duty_of(shift) for shift in shifts}
        at, walls = studio.monotonic(), {caller.actor.pk: caller for caller in studio.hub.walls()}
        for staff_pk in list(studio.roster):
            last = self._last_seen(staff_pk, walls.get(staff_pk), at)
            if at - last >= SILENT_S:
                await self._close(staff_pk)
        await look_for_cover(studio)
        self._seen = {pk: last for pk, last in self._seen.items() if pk in studio.roster}

    def _last_seen(self, staff_pk: int, wall: Caller | None, at: float) -> float:
        """When a visible wall was heard last; from the first look on, if never."""
        before = self._seen.setdefault(staff_pk, at)
        if wall is not None:
            self._seen[staff_pk] = max(before, wall.heard_at)
        return self._seen[staff_pk]

    async def _close(self, staff_pk: int) -> None:
        """Media first, record after: nobody counts as watching any more, then the shift is over."""
        studio = self._conductor.studio
        log.warning("the shift of officer %s closes itself: no wall for long", staff_pk)
        watched = [stage.ref for stage in studio.stages.values() if own_seat(stage, staff_pk) is not None]
        await asyncio.gather(*(self._conductor.officer_gone(ref, staff_pk) for ref in watched))
        work = partial(close_silent, staff_pk=staff_pk, actor=SYSTEM, now=studio.now())
        await studio.records.write(work, f"silent shift of {staff_pk}")
        studio.roster.pop(staff_pk, None)
        self._seen.pop(staff_pk, None)
