"""The call: prepared, live, ended; put off when its visit begins later. What stops a live call are its holds."""

from typing import Literal, get_args

from besuk.ground.kernel.lifecycle import Lifecycle, move

CALL = Lifecycle(
    name="call",
    initial=("prepared",),
    moves={
        "admit": move("prepared", to="live"),
        "put_off": move("prepared", to="put_off"),
        "prepare_again": move("put_off", to="prepared"),
        "end": move("prepared", "live", "put_off", to="ended"),
    },
)

Cause = Literal["identity", "supervisor", "no_supervisor", "recorder", "technical"]
CAUSES: frozenset[Cause] = frozenset(get_args(Cause))
"""Only its own cause lifts a hold."""
