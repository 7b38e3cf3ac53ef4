"""Which acts there are, what each takes, and who does it."""

from collections.abc import Awaitable, Callable, Mapping

from besuk.flow.oversight.acts import meeting, seeing_to, watching, words
from besuk.flow.oversight.acts.act import Act, Answer
from besuk.ground.accounts.capabilities import CONDUCT, LISTEN, WATCH

ACTS: Mapping[str, tuple[str, Callable[[Act], Awaitable[Answer]]]] = {
    "watch": (WATCH, watching.watch),
    "unwatch": (WATCH, watching.unwatch),
    "listen": (LISTEN, watching.listen),
    "unlisten": (LISTEN, watching.unlisten),
    "admit": (CONDUCT, meeting.admit),
    "refuse": (CONDUCT, meeting.refuse),
    "warn": (CONDUCT, words.warn),
    "pause": (CONDUCT, meeting.pause),
    "resume": (CONDUCT, meeting.resume),
    "mute": (CONDUCT, meeting.mute),
    "unmute": (CONDUCT, meeting.unmute),
    "end": (CONDUCT, meeting.end),
    "extend": (CONDUCT, meeting.extend),
    "incident": (CONDUCT, words.incident),
    "speak": (CONDUCT, meeting.speak),
    "hush": (CONDUCT, meeting.hush),
    "support": (CONDUCT, words.support),
    "note": (CONDUCT, words.note),
    "take": (CONDUCT, seeing_to.take),
    "done": (CONDUCT, seeing_to.done),
    "count_people": (CONDUCT, seeing_to.count_people),
}
"""Act -> (capability, how)."""

CLOSING = frozenset({"pause", "end", "refuse", "mute"})
"""What only silences: the wall also says these over its control socket (frontend/wall/acts.ts)."""
