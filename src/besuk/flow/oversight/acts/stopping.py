"""Stop all and reopen: acts on a prison, not on one call."""

from besuk.flow.live import reach
from besuk.flow.oversight.acts.act import Answer
from besuk.ground.kernel.actor import Actor


async def stop_all(*, facility_id: int, actor: Actor) -> Answer:
    """End every supervised call of the facility now. Raises Refused(NOT_ALLOWED)."""
    done = await reach.current().stopping.stop_all(facility_id, actor)
    return {"calls": done.calls, "confirmed": done.confirmed, "recorded": done.recorded}


def stop_all_blocking(*, facility_id: int, actor: Actor) -> Answer:
    """The same from a thread."""
    reach.current()
    return reach.submit(stop_all(facility_id=facility_id, actor=actor))


def reopen_blocking(*, facility_id: int, reason: str, actor: Actor) -> Answer:
    """Let calls be admitted again, from a thread. Raises Refused(WORDS_MISSING), (STATE_CHANGED), (NOT_ALLOWED)."""
    reach.submit(reach.current().stopping.reopen(facility_id, reason, actor))
    return {}
