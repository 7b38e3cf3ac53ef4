"""The wall's acts: one function does them all, in the right order of media and record.

`perform` is for async callers, `perform_blocking` for views in threads. `body` is the JSON that the wall
sent; the answer is JSON as well. Whatever stands in the way is raised as Refused.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from besuk.flow.live import reach
from besuk.flow.live.conductor import Conductor
from besuk.flow.oversight.acts.act import Act, Answer, Body
from besuk.flow.oversight.acts.duty import DUTIES as DUTIES
from besuk.flow.oversight.acts.table import ACTS as ACTS
from besuk.flow.oversight.acts.table import CLOSING as CLOSING
from besuk.ground.accounts.capabilities import WATCH
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse

BY_THEMSELVES = frozenset({"unwatch", "unlisten", "hush"})
"""Acts that a page also sends by itself: they do not show that somebody sits before it."""
MOST_REMEMBERED = 2000

_first: "OrderedDict[tuple[str, str, str, str], tuple[dict[str, object], asyncio.Future[Answer]]]" = OrderedDict()
"""Acts by (who, act, call, key), with the body they came with. Only while this process lives: across a restart
the acts are conditional updates, which a second time changes nothing."""


async def perform(act: str, *, call_ref: str, body: Body, actor: Actor, now: datetime) -> Answer:
    """Do one act. The same key again gets the first answer. Raises Refused; a stranger's call is NOT_FOUND."""
    return await reach.perform(_do(act, which=reach.current(), call_ref=call_ref, body=body, actor=actor, now=now))


def perform_blocking(act: str, *, call_ref: str, body: Body, actor: Actor, now: datetime) -> Answer:
    """The same from a thread."""
    return reach.submit(_do(act, which=reach.current(), call_ref=call_ref, body=body, actor=actor, now=now))


def perform_duty_blocking(act: str, *, body: Body, actor: Actor, now: datetime) -> Answer:
    """Do something about oneself, from a thread. Raises Refused."""
    return reach.submit(perform_duty(act, body=body, actor=actor, now=now))


async def perform_duty(act: str, *, body: Body, actor: Actor, now: datetime) -> Answer:
    """Do one of the duties, in the conductor's loop. The same key again gets the first answer. Raises Refused."""
    if act not in DUTIES or not actor.facilities_with(WATCH):
        raise refuse("NOT_FOUND")
    work = partial(DUTIES[act], Act(reach.current(), "", body, actor, now))
    key, told = str(body.get("key") or ""), {name: value for name, value in body.items() if name != "pin"}
    return await (_once((actor.subject, act, "", key), told, work) if key else work())


async def _do(act: str, *, which: Conductor, call_ref: str, body: Body, actor: Actor, now: datetime) -> Answer:
    if act not in ACTS:
        raise refuse("NOT_FOUND")
    capability, how = ACTS[act]
    stage = which.studio.stages.get(call_ref)
    if stage is not None and not actor.can(capability, stage.facility_id):
        raise refuse("NOT_FOUND" if not actor.can(WATCH, stage.facility_id) else "NOT_ALLOWED")
    work = partial(_attentively, act, how, Act(which, call_ref, body, actor, now))
    key = str(body.get("key") or "")
    return await (_once((actor.subject, act, call_ref, key), body, work) if key else work())


async def _attentively(act: str, how: Callable[[Act], Awaitable[Answer]], one: Act) -> Answer:
    """Whoever acts is there, whatever becomes of the act; a second delivery of the same act does not come here."""
    if act not in BY_THEMSELVES:
        one.conductor.attendants.vigilance.renew(one.actor.pk)
    return await how(one)


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
