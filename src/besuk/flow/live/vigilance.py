"""Attention of officers: asked for in time, renewed by what they do, recorded when missed. One for all their calls."""

from collections.abc import Callable, Collection
from functools import partial

from besuk.flow.live import actions, presence
from besuk.flow.live.presence import WARN_S, Attention
from besuk.flow.live.stage import Seat, Stage
from besuk.flow.live.studio import Studio
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.actor import Actor

Places = Callable[[int], Collection[tuple[Stage, Seat]]]


class Vigilance:
    """The attention of every officer who watches something, by primary key. A missed one stays until the PIN."""

    def __init__(self, studio: Studio, places: Places) -> None:
        self._studio, self._places = studio, places
        self._known: dict[int, Attention] = {}

    def of(self, staff_pk: int) -> Attention | None:
        """Where an officer stands; None while they watch nothing."""
        return self._known.get(staff_pk)

    def began(self, staff_pk: int, stage: Stage) -> None:
        """An officer took a place, which shows that they are there. The strictest prison's time counts."""
        known = self._known.get(staff_pk) or Attention(self._studio.monotonic(), stage.attention_s)
        every = min(known.every_s, stage.attention_s)
        self._known[staff_pk] = Attention(known.renewed_at, every, known.missed)

    def recall(self, stage: Stage) -> None:
        """A call from before a restart: a check that was missed then is missed still."""
        for seat in stage.seats.values():
            if seat.role == "supervisor" and seat.label in stage.inattentive:
                self._known[seat.owner[1]] = Attention(self._studio.monotonic(), stage.attention_s, missed=True)

    def ceased(self, staff_pk: int) -> None:
        """An officer left a place. Without any, nothing is asked; leaving and coming back mends no missed check."""
        known = self._known.get(staff_pk)
        if known is not None and not self._places(staff_pk) and not known.missed:
            del self._known[staff_pk]

    def is_attentive(self, staff_pk: int) -> bool:
        """Whether heartbeats of this officer count now.

        Of one with places but unknown (this process was restarted) a tap is wanted within the time of warning.
        """
        at = self._studio.monotonic()
        if staff_pk not in self._known:
            every = min((stage.attention_s for stage, _ in self._places(staff_pk)), default=WARN_S)
            self._known[staff_pk] = Attention(at - every + min(WARN_S, every), every)
        return not presence.is_overdue(self._known[staff_pk], at)

    def renew(self, staff_pk: int) -> bool:
        """The officer did something; False when that is not enough any more."""
        self.look()
        known = self._known.get(staff_pk)
        if known is None:
            return True
        self._known[staff_pk] = presence.renewed(known, self._studio.monotonic())
        return not known.missed

    def confirm(self, actor: Actor) -> None:
        """The officer gave their PIN."""
        self.look()
        known = self._known.get(actor.pk)
        if known is None:
            return
        self._known[actor.pk] = presence.confirmed(known, self._studio.monotonic())
        if known.missed:
            self._note("attention_confirmed", actor.pk, actor)
        self.ceased(actor.pk)

    def look(self) -> None:
        """Note checks that were missed since the last look."""
        at = self._studio.monotonic()
        for staff_pk, known in list(self._known.items()):
            self.ceased(staff_pk)  # their last call may have ended: then there is nothing to miss
            if staff_pk in self._known and not known.missed and presence.is_overdue(known, at):
                self._known[staff_pk] = presence.renewed(known, at)
                self._note("attention_missed", staff_pk, SYSTEM)

    def _note(self, code: str, staff_pk: int, actor: Actor) -> None:
        for stage, seat in self._places(staff_pk):
            work = partial(
                actions.note_attention,
                participation_ref=seat.ref,
                code=code,
                actor=actor,
                now=self._studio.now(),
            )
            self._studio.records.later(work, f"{code} of {stage.ref}")
            self._studio.touch(stage)
