"""The call: prepared, live, ended. What stops a live call from passing media are its holds."""

from typing import Literal, get_args

from besuk.ground.kernel.lifecycle import Lifecycle, move

CALL = Lifecycle(
    name="call",
    initial=("prepared",),
    moves={
        "admit": move("prepared", to="live"),
        "end": move("prepared", "live", to="ended"),
    },
)

Cause = Literal["identity", "supervisor", "no_supervisor", "recorder", "technical"]
CAUSES: frozenset[Cause] = frozenset(get_args(Cause))
"""Only its own cause lifts a hold."""
