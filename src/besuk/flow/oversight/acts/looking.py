"""The head of prison begins and ends to look at a call from the office board."""

from functools import partial

from besuk.flow.live import actions, reach
from besuk.flow.live.conductor import Conductor
from besuk.flow.oversight.acts.act import Answer
from besuk.ground.kernel.actor import Actor


async def look(*, call_ref: str, purpose: str, actor: Actor) -> Answer:
    """Recorded before the first picture. Raises Refused as `actions.take_look` does, and (CALL_ENDED)."""
    here = reach.current()
    work = partial(actions.take_look, call_ref=call_ref, purpose=purpose, actor=actor, now=here.studio.now())
    place = await here.record(work, f"look {call_ref}")
    here.onlookers.came(here.stage(call_ref), place)
    return {"participation": place.ref}


async def unlook(*, call_ref: str, actor: Actor) -> Answer:
    """Stop looking. Harmless when it was over."""
    here: Conductor = reach.current()
    stage = here.studio.stages.get(call_ref)
    if stage is not None:
        for seat in [one for one in stage.onlookers() if one.owner == ("staff", actor.pk)]:
            await here.onlookers.leave(stage, seat, actor)
    return {}


def look_blocking(*, call_ref: str, purpose: str, actor: Actor) -> Answer:
    """The same from a thread."""
    reach.current()
    return reach.submit(look(call_ref=call_ref, purpose=purpose, actor=actor))


def unlook_blocking(*, call_ref: str, actor: Actor) -> Answer:
    """The same from a thread."""
    reach.current()
    return reach.submit(unlook(call_ref=call_ref, actor=actor))
