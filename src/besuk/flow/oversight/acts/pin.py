"""An officer's own PIN, asked again where it counts that it is really them."""

from functools import partial

from besuk.flow.oversight.acts.act import Act
from besuk.ground.accounts.actions import prove_own_pin


async def must_know_pin(act: Act) -> None:
    """Raises Refused(OWN_PIN_WRONG), (OWN_PIN_MISSING), (TOO_MANY_TRIES)."""
    work = partial(prove_own_pin, pin=act.text("pin"), actor=act.actor, now=act.now)
    await act.conductor.record(work, "an officer's PIN")
