"""Taking a place in a call and giving it up; turning its sound on and off."""

from functools import partial

from besuk.flow.oversight import actions
from besuk.flow.oversight.acts.act import Act, Answer


async def watch(act: Act) -> Answer:
    act.conductor.stage(act.call_ref)
    work = partial(actions.watch, call_ref=act.call_ref, actor=act.actor, now=act.now)
    place = await act.conductor.record(work, f"watch {act.call_ref}")
    act.conductor.officer_came(act.call_ref, place)
    return {"participation": place.ref, "door": f"/door/{place.ref}"}


async def unwatch(act: Act) -> Answer:
    """Giving up closes first: presence ends, then the record says so."""
    await act.conductor.officer_left(act.call_ref, act.actor)
    work = partial(actions.unwatch, call_ref=act.call_ref, actor=act.actor, now=act.now)
    act.conductor.record_later(work, f"unwatch {act.call_ref}")
    return {}


async def listen(act: Act) -> Answer:
    """Recorded before the first sound: a look that leaves no mark does not happen."""
    act.conductor.must_watch(act.call_ref, act.actor)
    work = partial(actions.listen, call_ref=act.call_ref, actor=act.actor, now=act.now)
    await act.conductor.record(work, f"listen {act.call_ref}")
    act.conductor.listens_only_to(act.call_ref, act.actor)
    return {}


async def unlisten(act: Act) -> Answer:
    act.conductor.listening(act.call_ref, act.actor, False)
    work = partial(actions.unlisten, call_ref=act.call_ref, actor=act.actor, now=act.now)
    act.conductor.record_later(work, f"unlisten {act.call_ref}")
    return {}
