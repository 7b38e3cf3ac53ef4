"""The door: asks whether this person may be in this call now, then lets the signalling through.

The browser's own token is dropped; nobody outside ever holds one. media.md, "The door".
"""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable
from django.db.utils import OperationalError

from besuk.flow.live import reach
from besuk.flow.live.conductor import Conductor
from besuk.flow.live.doors import Doors, Passage
from besuk.flow.live.voices import Voices
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.media.door import Upstream, proxy
from besuk.ground.media.port import MediaUnavailable
from besuk.ground.media.signalling import DoorPolicy
from besuk.web.door import who
from besuk.web.door.socket import AsgiSocket

Scope = MutableMapping[str, Any]
Gate = Doors | Voices
Enter = Callable[[Conductor, Scope, str, Actor], Awaitable[tuple[Gate, Passage]]]


async def door(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """`/door/<participation>/rtc/v1`."""
    await _let_in(scope, receive, send, _to_the_call)


async def voice(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """`/door/<participation>/voice/rtc/v1`: the call's second room, while an officer speaks."""
    await _let_in(scope, receive, send, _to_the_voice)


async def nowhere(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Any other address: refused like a closed door, without a word in the log for each try."""
    with suppress(ConnectionError):
        await AsgiSocket(receive, send).refuse()


async def _let_in(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable, enter: Enter) -> None:
    client = AsgiSocket(receive, send)
    ref = str(scope["url_route"]["kwargs"]["participation"])
    try:
        here = reach.current()
        actor = await here.studio.records.read(partial(who.acting, scope, ref))
    except (Refused, OperationalError):
        await client.refuse()
        return
    try:
        if actor is NOBODY:
            raise Refused(["SIGN_IN_NEEDED"])
        gate, passage = await enter(here, scope, ref, actor)
    except Refused as refused:
        here.doors.turned_away(ref, refused, actor)
        await client.refuse()
        return
    except OperationalError:  # nobody can be asked whether they may be here: the library tries again
        await client.refuse()
        return
    await _pass(here, passage, client, scope, actor, gate=gate)


async def _to_the_call(here: Conductor, scope: Scope, ref: str, actor: Actor) -> tuple[Gate, Passage]:
    browser = who.browser_of(scope, ref)
    again = partial(_again, scope, ref)
    return here.doors, await here.doors.enter(ref, actor, browser=browser, again=again)


def _again(scope: Scope, ref: str) -> Actor:
    return who.acting(who.again(scope), ref)


async def _to_the_voice(here: Conductor, scope: Scope, ref: str, actor: Actor) -> tuple[Gate, Passage]:
    """Their place in the call's own room is asked about again and again; this one goes with it."""
    return here.voices, await here.voices.enter(ref, actor)


async def _pass(
    here: Conductor, passage: Passage, client: AsgiSocket, scope: Scope, actor: Actor, *, gate: Gate
) -> None:
    async def answering(resumed: bool) -> bool:
        return await gate.answering(passage, resumed)

    async def joined(resumed: bool) -> None:
        await gate.joined(passage)

    async def broke_rule(code: str) -> None:
        """Their media would go on without signalling: out first, on record after. They may come again."""
        with suppress(MediaUnavailable):
            await here.studio.media.remove(passage.room, passage.participation_ref)
        gate.broke_rule(passage, code, actor)

    why = "cut"
    try:
        passed = await proxy(
            client,
            query=dict(parse_qsl(scope["query_string"].decode("ascii", "replace"))),
            upstream=Upstream(passage.url, passage.token),
            policy=DoorPolicy(passage.participation_ref, passage.grant),
            before_join=answering,
            on_join=joined,
            on_reject=broke_rule,
            monotonic=here.studio.monotonic,
            shut=passage.shut,
        )
        why = str(passed.ending)
    finally:
        gate.left(passage, why)
