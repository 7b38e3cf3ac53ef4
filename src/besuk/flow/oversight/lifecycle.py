"""What becomes of a request for support (pendampingan)."""

from besuk.ground.kernel.lifecycle import Lifecycle, move

SUPPORT = Lifecycle(
    name="support",
    initial=("asked",),
    moves={
        "receive": move("asked", to="received"),
        "follow_up": move("received", to="followed"),
    },
)
