"""Samples of everybody's line, saved in one batch every few seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from besuk.flow.live.models import Heartbeat, Participation
from besuk.ground.accounts.capabilities import SYSTEM_RUN
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.unit import unit


@dataclass(frozen=True)
class Beat:
    """One sample: numbers and short words, as the browser measured them."""

    participation_ref: str
    at: datetime
    data: Mapping[str, int | float | str | bool | None]


def save_beats(*, beats: Sequence[Beat], actor: Actor, now: datetime) -> int:
    """Keep the samples; those of unknown people are dropped. Returns how many were kept."""
    actor.must(SYSTEM_RUN, 0)
    refs = {beat.participation_ref for beat in beats}
    with unit():
        known = dict(Participation.objects.filter(ref__in=refs).values_list("ref", "pk"))
        rows = [
            Heartbeat(participation_id=known[beat.participation_ref], at=min(beat.at, now), data=dict(beat.data))
            for beat in beats
            if beat.participation_ref in known
        ]
        Heartbeat.objects.bulk_create(rows)
    return len(rows)
