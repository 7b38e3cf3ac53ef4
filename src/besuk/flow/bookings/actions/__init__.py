"""What can be done with a visit before it takes place, and how it is concluded."""

from besuk.flow.bookings.actions.book import book_by_desk, confirm, hold, let_go
from besuk.flow.bookings.actions.cancel_rest import cancel_rest
from besuk.flow.bookings.actions.close import cancel, cancel_by_facility, conclude, correct, stand_by, stand_by_shown
from besuk.flow.bookings.actions.mark import mark_sensitive
from besuk.flow.bookings.actions.settle import give_saved
from besuk.flow.bookings.actions.shift_rest import Shown, shift_rest
from besuk.flow.bookings.actions.take_station import take_station

__all__ = [
    "Shown",
    "book_by_desk",
    "cancel",
    "cancel_by_facility",
    "cancel_rest",
    "conclude",
    "confirm",
    "correct",
    "give_saved",
    "hold",
    "let_go",
    "mark_sensitive",
    "shift_rest",
    "stand_by",
    "stand_by_shown",
    "take_station",
]
