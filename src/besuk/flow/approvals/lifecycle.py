"""The tie between a visitor and an inmate. Expiry is a predicate, not a state."""

from besuk.ground.kernel.lifecycle import Lifecycle, move

TIE = Lifecycle(
    name="tie",
    initial=("draft", "submitted"),
    moves={
        "submit": move("draft", "needs_more", to="submitted"),
        "ask_for_more": move("submitted", to="needs_more"),
        "approve": move("submitted", to="approved"),
        "refuse": move("submitted", "needs_more", to="refused"),
        "suspend": move("approved", to="suspended"),
        "restore": move("suspended", to="approved"),
        "revoke": move("approved", "suspended", to="revoked"),
    },
)
"""A refused or revoked pair may apply again: that is a new tie."""
