"""What officers do with calls, as far as the record goes. `acts` brings media and record together."""

from besuk.flow.oversight.actions.count import count_people
from besuk.flow.oversight.actions.handover import (
    accept_handover,
    complete_handover,
    decline_handover,
    lapse_handover,
    offer_handover,
    withdraw_handover,
)
from besuk.flow.oversight.actions.incident import incident
from besuk.flow.oversight.actions.listen import listen, unlisten
from besuk.flow.oversight.actions.note import note
from besuk.flow.oversight.actions.shift import close_silent, end_shift, start_shift
from besuk.flow.oversight.actions.support import ask_support, follow_up_support, receive_support, view_support
from besuk.flow.oversight.actions.tasks import clear_task, finish_task, raise_task, take_task
from besuk.flow.oversight.actions.warn import warn
from besuk.flow.oversight.actions.watch import unwatch, watch

__all__ = [
    "accept_handover",
    "ask_support",
    "clear_task",
    "close_silent",
    "complete_handover",
    "count_people",
    "decline_handover",
    "end_shift",
    "finish_task",
    "follow_up_support",
    "incident",
    "lapse_handover",
    "listen",
    "note",
    "offer_handover",
    "raise_task",
    "receive_support",
    "start_shift",
    "take_task",
    "unlisten",
    "unwatch",
    "view_support",
    "warn",
    "watch",
    "withdraw_handover",
]
