"""The wall's acts: one function does them all, in the right order of media and record.

`perform` is for async callers, `perform_blocking` for views in threads. `body` is the JSON that the wall
sent; the answer is JSON as well. Whatever stands in the way is raised as Refused.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast

from besuk.flow.live import conductor
from besuk.flow.live.conductor import Conductor
from besuk.flow.live.stage import PartyRole
from besuk.flow.oversight import actions, rules
from besuk.flow.oversight.actions.warn import Addressed
from besuk.flow.oversight.warnings import END_REASONS, PAUSE_REASONS, REFUSE_REASONS, WARNINGS, message_of
from besuk.ground.accounts.capabilities import CONDUCT, LISTEN, WATCH
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.refs import new_ref

Body = Mapping[str, object]
Answer = dict[str, object]
MOST_REMEMBERED = 2000
HELP: Mapping[str, PartyRole] = {"help_visitor": "visitor", "help_inmate": "inmate"}
"""Tasks of the wall that an officer ticks off; the others go by themselves."""


@dataclass(frozen=True)
class Act:
    """One act under way."""

    conductor: Conductor
    call_ref: str
    body: Body
    actor: Actor
    now: datetime

    def text(self, name: str) -> str:
        """A text of the body, "" when missing."""
        value = self.body.get(name, "")
        return value if isinstance(value, str) else ""

    def must_know(self, code: str, known: Mapping[str, object]) -> str:
        """The code, if it is one of the list. Raises Refused(REASON_MISSING)."""
        if reasons := rules.known_reason(code, known):
            raise Refused(reasons)
        return code


async def _watch(act: Act) -> Answer:
    act.conductor.stage(act.call_ref)
    work = partial(actions.watch, call_ref=act.call_ref, actor=act.actor, now=act.now)
    place = await act.conductor.record(work, f"watch {act.call_ref}")
    act.conductor.officer_came(act.call_ref, place)
    return {"participation": place.ref, "door": f"/door/{place.ref}"}


async def _unwatch(act: Act) -> Answer:
    """Giving up closes first: presence ends, then the record says so."""
    await act.conductor.officer_left(act.call_ref, act.actor)
    work = partial(actions.unwatch, call_ref=act.call_ref, actor=act.actor, now=act.now)
    act.conductor.record_later(work, f"unwatch {act.call_ref}")
    return {}


async def _listen(act: Act) -> Answer:
    """Recorded before the first sound: a look that leaves no mark does not happen."""
    act.conductor.must_watch(act.call_ref, act.actor)
    work = partial(actions.listen, call_ref=act.call_ref, actor=act.actor, now=act.now)
    await act.conductor.record(work, f"listen {act.call_ref}")
    act.conductor.listens_only_to(act.call_ref, act.actor)
    return {}


async def _unlisten(act: Act) -> Answer:
    act.conductor.listening(act.call_ref, act.actor, False)
    work = partial(actions.unlisten, call_ref=act.call_ref, actor=act.actor, now=act.now)
    act.conductor.record_later(work, f"unlisten {act.call_ref}")
    return {}


async def _admit(act: Act) -> Answer:
    act.conductor.must_watch(act.call_ref, act.actor)
    await act.conductor.admit(act.call_ref, act.actor)
    return {}


async def _refuse(act: Act) -> Answer:
    """The visitor is not who they should be: the call ends before they ever saw the inmate."""
    reason = act.must_know(act.text("reason"), REFUSE_REASONS)
    stage = act.conductor.must_watch(act.call_ref, act.actor)
    if stage.state != "prepared" and "identity" not in stage.holds:
        raise refuse("STATE_CHANGED")
    outcome = await act.conductor.end(act.call_ref, act.actor, outcome="visitor_failed_identity", reason=reason)
    return {"outcome": outcome, "recorded": bool(outcome)}


async def _warn(act: Act) -> Answer:
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


async def _pause(act: Act) -> Answer:
    reason = act.must_know(act.text("reason"), PAUSE_REASONS)
    act.conductor.must_watch(act.call_ref, act.actor)
    confirmed, recorded = await act.conductor.pause(act.call_ref, reason, act.actor)
    return {"confirmed": confirmed, "recorded": recorded}


async def _resume(act: Act) -> Answer:
    act.conductor.must_watch(act.call_ref, act.actor)
    await act.conductor.resume(act.call_ref, act.actor)
    return {}


async def _end(act: Act) -> Answer:
    reason = act.must_know(act.text("reason"), END_REASONS)
    act.conductor.must_watch(act.call_ref, act.actor)
    wish = act.text("outcome") or END_REASONS[reason][1]
    outcome = await act.conductor.end(act.call_ref, act.actor, outcome=wish, reason=reason)
    return {"outcome": outcome, "recorded": bool(outcome)}


async def _note(act: Act) -> Answer:
    work = partial(actions.note, call_ref=act.call_ref, text=act.text("text"), actor=act.actor, now=act.now)
    await act.conductor.record(work, f"note {act.call_ref}")
    return {}


async def _done(act: Act) -> Answer:
    """Help was given: the task goes, so that the next request is a new one."""
    side = HELP.get(act.text("task"))
    if side is None:
        raise refuse("FORM_INCOMPLETE")
    stage = act.conductor.must_watch(act.call_ref, act.actor)
    seat = stage.side(side)
    if seat is not None and seat.help_wanted:
        work = partial(actions.answer_help, call_ref=act.call_ref, side=side, actor=act.actor, now=act.now)
        await act.conductor.record(work, f"help {act.call_ref}")
        seat.help_wanted = False
        act.conductor.studio.touch(stage)
    return {}


ACTS: Mapping[str, tuple[str, Callable[[Act], Awaitable[Answer]]]] = {
    "watch": (WATCH, _watch),
    "unwatch": (WATCH, _unwatch),
    "listen": (LISTEN, _listen),
    "unlisten": (LISTEN, _unlisten),
    "admit": (CONDUCT, _admit),
    "refuse": (CONDUCT, _refuse),
    "warn": (CONDUCT, _warn),
    "pause": (CONDUCT, _pause),
    "resume": (CONDUCT, _resume),
    "end": (CONDUCT, _end),
    "note": (CONDUCT, _note),
    "done": (CONDUCT, _done),
}
"""Act -> (capability, how)."""

_first: "OrderedDict[tuple[str, str, str, str], tuple[dict[str, object], asyncio.Future[Answer]]]" = OrderedDict()
"""Acts by (who, act, call, key), with the body they came with. Only while this process lives: across a restart
the acts are conditional updates, which a second time changes nothing."""


async def perform(act: str, *, call_ref: str, body: Body, actor: Actor, now: datetime) -> Answer:
    """Do one act. The same key again gets the first answer. Raises Refused; a stranger's call is NOT_FOUND."""
    return await conductor.perform(
        _do(act, which=conductor.current(), call_ref=call_ref, body=body, actor=actor, now=now)
    )


def perform_blocking(act: str, *, call_ref: str, body: Body, actor: Actor, now: datetime) -> Answer:
    """The same from a thread."""
    return conductor.submit(_do(act, which=conductor.current(), call_ref=call_ref, body=body, actor=actor, now=now))


async def _do(act: str, *, which: Conductor, call_ref: str, body: Body, actor: Actor, now: datetime) -> Answer:
    if act not in ACTS:
        raise refuse("NOT_FOUND")
    capability, how = ACTS[act]
    stage = which.studio.stages.get(call_ref)
    if stage is not None and not actor.can(capability, stage.facility_id):
        raise refuse("NOT_FOUND" if not actor.can(WATCH, stage.facility_id) else "NOT_ALLOWED")
    work = partial(how, Act(which, call_ref, body, actor, now))
    key = str(body.get("key") or "")
    return await (_once((actor.subject, act, call_ref, key), body, work) if key else work())


async def _once(key: tuple[str, str, str, str], body: Body, work: Callable[[], Awaitable[Answer]]) -> Answer:
    """The same act sent again waits for the first, also while that is under way. A refused one may be tried again.

    Raises Refused(SENT_BEFORE_DIFFERENTLY) for the same key with another body.
    """
    known = _first.get(key)
    if known is not None and known[0] != dict(body):
        raise refuse("SENT_BEFORE_DIFFERENTLY")
    if known is None:
        known = _first[key] = (dict(body), asyncio.ensure_future(work()))
        known[1].add_done_callback(partial(_forget_failure, key))
        while len(_first) > MOST_REMEMBERED:
            _first.popitem(last=False)
    return await asyncio.shield(known[1])


def _forget_failure(key: tuple[str, str, str, str], done: "asyncio.Future[Answer]") -> None:
    if done.cancelled() or done.exception() is not None:
        _first.pop(key, None)
