"""Whether the two may meet: admit, refuse, pause, resume, mute, end."""

from besuk.flow.live.stage import PARTIES, PartyRole
from besuk.flow.oversight.acts.act import Act, Answer
from besuk.flow.oversight.warnings import END_REASONS, EXTEND_REASONS, PAUSE_REASONS, REFUSE_REASONS
from besuk.ground.kernel.errors import refuse as refused


async def admit(act: Act) -> Answer:
    act.conductor.must_watch(act.call_ref, act.actor)
    await act.conductor.admit(act.call_ref, act.actor)
    return {}


async def refuse(act: Act) -> Answer:
    """The visitor is not who they should be: the call ends before they ever saw the inmate."""
    reason = act.must_know(act.text("reason"), REFUSE_REASONS)
    stage = act.conductor.must_watch(act.call_ref, act.actor)
    if stage.state != "prepared" and "identity" not in stage.holds:
        raise refused("STATE_CHANGED")
    outcome = await act.conductor.end(act.call_ref, act.actor, outcome="visitor_failed_identity", reason=reason)
    return {"outcome": outcome, "recorded": bool(outcome)}


async def pause(act: Act) -> Answer:
    reason = act.must_know(act.text("reason"), PAUSE_REASONS)
    act.conductor.must_watch(act.call_ref, act.actor)
    confirmed, recorded = await act.conductor.pause(act.call_ref, reason, act.actor)
    return {"confirmed": confirmed, "recorded": recorded}


async def resume(act: Act) -> Answer:
    act.conductor.must_watch(act.call_ref, act.actor)
    await act.conductor.resume(act.call_ref, act.actor)
    return {}


async def extend(act: Act) -> Answer:
    reason = act.must_know(act.text("reason"), EXTEND_REASONS)
    minutes = act.body.get("minutes")
    if not isinstance(minutes, int) or isinstance(minutes, bool):
        raise refused("MINUTES_MISSING")
    act.conductor.must_watch(act.call_ref, act.actor)
    await act.conductor.extend(act.call_ref, minutes, reason, act.actor)
    return {}


async def mute(act: Act) -> Answer:
    """One person is seen but not heard."""
    side = _side(act)
    act.conductor.must_watch(act.call_ref, act.actor)
    confirmed, recorded = await act.conductor.mute(act.call_ref, side, act.actor)
    return {"confirmed": confirmed, "recorded": recorded}


async def unmute(act: Act) -> Answer:
    side = _side(act)
    act.conductor.must_watch(act.call_ref, act.actor)
    await act.conductor.unmute(act.call_ref, side, act.actor)
    return {}


async def speak(act: Act) -> Answer:
    """The officer's voice: to the visitor while faces are checked, to both afterwards."""
    stage = act.conductor.must_watch(act.call_ref, act.actor)
    return {"door": await act.conductor.voices.speak(stage, act.actor)}


async def hush(act: Act) -> Answer:
    await act.conductor.voices.hush_own(act.conductor.stage(act.call_ref), act.actor)
    return {}


def _side(act: Act) -> PartyRole:
    side = act.text("side")
    if side not in PARTIES:
        raise refused("FORM_INCOMPLETE")
    return side


async def end(act: Act) -> Answer:
    reason = act.must_know(act.text("reason"), END_REASONS)
    act.conductor.must_watch(act.call_ref, act.actor)
    wish = act.text("outcome") or END_REASONS[reason][1]
    outcome = await act.conductor.end(act.call_ref, act.actor, outcome=wish, reason=reason)
    return {"outcome": outcome, "recorded": bool(outcome)}
