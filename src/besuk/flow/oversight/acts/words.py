"""What is said to people or written down: warnings, notes, incidents."""

from functools import partial
from typing import cast

from besuk.flow.oversight import actions
from besuk.flow.oversight.actions.warn import Addressed
from besuk.flow.oversight.acts.act import Act, Answer
from besuk.flow.oversight.warnings import INCIDENTS, WARNINGS, message_of
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.refs import new_ref


async def warn(act: Act) -> Answer:
    """Shown at once, recorded after: a warning that waits for a disk comes too late."""
    code = act.must_know(act.text("code"), WARNINGS)
    addressed = act.text("for") or "both"
    if addressed not in {"both", "visitor", "inmate"}:
        raise refuse("FORM_INCOMPLETE")
    act.conductor.must_watch(act.call_ref, act.actor)
    formal = act.body.get("formal") is True
    shown_to = act.conductor.warn(act.call_ref, addressed, partial(message_of, new_ref(), code, formal, addressed))
    work = partial(
        actions.warn,
        call_ref=act.call_ref,
        code=code,
        formal=formal,
        addressed=cast(Addressed, addressed),
        shown_to=shown_to,
        actor=act.actor,
        now=act.now,
    )
    return {"shown_to": shown_to, "recorded": await act.conductor.record_soon(work, f"warn {act.call_ref}")}


async def note(act: Act) -> Answer:
    work = partial(actions.note, call_ref=act.call_ref, text=act.text("text"), actor=act.actor, now=act.now)
    await act.conductor.record(work, f"note {act.call_ref}")
    return {}


async def incident(act: Act) -> Answer:
    kind = act.must_know(act.text("kind"), INCIDENTS)
    work = partial(
        actions.incident, call_ref=act.call_ref, kind=kind, text=act.text("text"), actor=act.actor, now=act.now
    )
    await act.conductor.record(work, f"incident {act.call_ref}")
    return {}


async def support(act: Act) -> Answer:
    """Somebody is to be looked after; also when the call is over."""
    work = partial(actions.ask_support, call_ref=act.call_ref, words=act.text("text"), actor=act.actor, now=act.now)
    await act.conductor.record(work, f"support {act.call_ref}")
    return {}
