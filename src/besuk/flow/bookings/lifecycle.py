"""A visit from hold to conclusion. A held visit past its time is lapsed: a predicate, not a state."""

from besuk.ground.kernel.lifecycle import Lifecycle, move

VISIT = Lifecycle(
    name="visit",
    initial=("held",),
    moves={
        "confirm": move("held", to="booked"),
        "let_go": move("held", to="cancelled"),
        "shift": move("booked", to="booked"),
        "cancel": move("booked", to="cancelled"),
        "conclude": move("booked", to="concluded"),
        "stand_by": move("concluded", to="concluded"),
        "correct": move("concluded", to="concluded"),
    },
)
