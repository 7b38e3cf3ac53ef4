"""Handovers in the conductor: the first officer's place ends the moment the other is seen to watch, never before."""

from collections.abc import Callable
from functools import partial

from besuk.flow.live.conductor import Conductor
from besuk.flow.live.messages import own_seat
from besuk.flow.live.roster import Offer
from besuk.flow.oversight import actions
from besuk.flow.oversight.models import Handover
from besuk.flow.oversight.queries import open_handovers
from besuk.ground.accounts.actors import SYSTEM


def offer_of(row: Handover) -> Offer:
    """A handover as the conductor keeps it."""
    return Offer(row.pk, row.call.ref, row.by_id, row.by.code, row.to_id, row.to.code, row.state == "accepted")


class HandoverKeeper:
    """Looked at by the keeper at every tick, in the conductor's loop."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor = conductor
        self._has_read = False
        self._completing: set[int] = set()

    async def read(self) -> None:
        """Go on with what the record has open from before a restart. Once; raises what the database raises."""
        if not self._has_read:
            rows = await self._conductor.studio.records.read(lambda: list(open_handovers()))
            studio = self._conductor.studio
            studio.offers = {row.pk: offer_of(row) for row in rows} | studio.offers
            self._has_read = True

    def look(self) -> None:
        """Complete what can be, and let go what cannot come about any more. Waits for nothing."""
        studio = self._conductor.studio
        for offer in list(studio.offers.values()):
            if offer.pk in self._completing:
                continue
            if self._is_void(offer):
                self._over(offer, actions.lapse_handover)
            elif self._is_taken_over(offer):
                self._completing.add(offer.pk)
                studio.spawn(self._complete(offer), f"handover {offer.pk}")

    async def _complete(self, offer: Offer) -> None:
        """Media first, record after."""
        try:
            await self._conductor.officer_gone(offer.call_ref, offer.by_pk)
            self._over(offer, actions.complete_handover)
        finally:
            self._completing.discard(offer.pk)

    def _is_void(self, offer: Offer) -> bool:
        """The call is over, or the one who hands over has left it, or the other has left it after they accepted."""
        studio = self._conductor.studio
        stage = studio.stages.get(offer.call_ref)
        if stage is None or stage.ending or own_seat(stage, offer.by_pk) is None:
            return True
        return offer.accepted and own_seat(stage, offer.to_pk) is None

    def _is_taken_over(self, offer: Offer) -> bool:
        studio = self._conductor.studio
        stage = studio.stages.get(offer.call_ref)
        return offer.accepted and stage is not None and stage.is_watched_by(offer.to_pk, studio.monotonic())

    def _over(self, offer: Offer, how: Callable[..., None]) -> None:
        studio = self._conductor.studio
        studio.offers.pop(offer.pk, None)
        work = partial(how, handover_pk=offer.pk, actor=SYSTEM, now=studio.now())
        studio.records.later(work, f"handover {offer.pk}")
        self._conductor.news.tell_walls()
