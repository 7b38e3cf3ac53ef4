"""What officers do about themselves, not about one call: that they are still watching."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from besuk.flow.oversight.acts.act import Act, Answer
from besuk.ground.accounts.actions import prove_own_pin
from besuk.ground.kernel.errors import refuse


async def attention(act: Act) -> Answer:
    """One tap is enough in time; after a missed check the officer's PIN. Raises Refused(ATTENTION_MISSED)."""
    vigilance = act.conductor.attendants.vigilance
    if act.text("pin"):
        await must_know_pin(act)
        vigilance.confirm(act.actor)
    elif not vigilance.renew(act.actor.pk):
        raise refuse("ATTENTION_MISSED")
    act.conductor.tell_wall_of(act.actor)
    return {}


async def must_know_pin(act: Act) -> None:
    """Raises Refused(OWN_PIN_WRONG), (OWN_PIN_MISSING), (TOO_MANY_TRIES)."""
    work = partial(prove_own_pin, pin=act.text("pin"), actor=act.actor, now=act.now)
    await act.conductor.record(work, "an officer's PIN")


DUTIES: Mapping[str, Callable[[Act], Awaitable[Answer]]] = {"attention": attention}
"""Act -> how. All want the capability to watch, somewhere."""
