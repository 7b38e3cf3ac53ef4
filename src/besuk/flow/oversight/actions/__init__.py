"""What officers do with calls, as far as the record goes. `acts` brings media and record together."""

from besuk.flow.oversight.actions.answer import answer_help
from besuk.flow.oversight.actions.incident import incident
from besuk.flow.oversight.actions.listen import listen, unlisten
from besuk.flow.oversight.actions.note import note
from besuk.flow.oversight.actions.support import ask_support, follow_up_support, receive_support, view_support
from besuk.flow.oversight.actions.warn import warn
from besuk.flow.oversight.actions.watch import unwatch, watch

__all__ = [
    "answer_help",
    "ask_support",
    "follow_up_support",
    "incident",
    "listen",
    "note",
    "receive_support",
    "unlisten",
    "unwatch",
    "view_support",
    "warn",
    "watch",
]
