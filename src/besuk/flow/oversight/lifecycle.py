"""What becomes of a request for support (pendampingan), and of a call that one officer hands to another."""

from besuk.ground.kernel.lifecycle import Lifecycle, move

SUPPORT = Lifecycle(
    name="support",
    initial=("asked",),
    moves={
        "receive": move("asked", to="received"),
        "follow_up": move("received", to="followed"),
    },
)

OPEN = ("offered", "accepted")
"""Of a handover: it may still come about."""
HANDOVER = Lifecycle(
    name="handover",
    initial=("offered",),
    moves={
        "accept": move("offered", to="accepted"),
        "decline": move("offered", to="declined"),
        "withdraw": move(*OPEN, to="withdrawn"),
        "complete": move("accepted", to="completed"),
        "lapse": move(*OPEN, to="lapsed"),
    },
)
