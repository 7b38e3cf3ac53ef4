"""Whether each side of a visit has come."""

from besuk.ground.kernel.lifecycle import Lifecycle, move

ATTENDANCE = Lifecycle(
    name="attendance",
    initial=("expected",),
    moves={
        "arrive": move("expected", "absent", to="present"),
        "get_ready": move("present", to="ready"),
        "leave": move("present", "ready", to="expected"),
        "miss": move("expected", "present", to="absent"),
        "turn_away": move("expected", "present", "ready", to="refused"),
    },
)
