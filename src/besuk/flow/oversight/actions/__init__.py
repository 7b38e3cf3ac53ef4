"""What officers do with calls, as far as the record goes. `acts` brings media and record together."""

from besuk.flow.oversight.actions.answer import answer_help
from besuk.flow.oversight.actions.incident import incident
from besuk.flow.oversight.actions.listen import listen, unlisten
from besuk.flow.oversight.actions.note import note
from besuk.flow.oversight.actions.warn import warn
from besuk.flow.oversight.actions.watch import unwatch, watch

__all__ = ["answer_help", "incident", "listen", "note", "unlisten", "unwatch", "warn", "watch"]
