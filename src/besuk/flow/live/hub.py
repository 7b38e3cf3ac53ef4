"""Who is on the line: one control socket a person, the newest wins."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from besuk.ground.kernel.actor import Actor

log = logging.getLogger(__name__)
Message = Mapping[str, object]
REPLACED = 4001
"""Close code: this page was opened elsewhere."""
OVER = 4000
"""Close code: there is nothing more to say."""
NOT_YOURS = 4003
"""Close code: whoever is at the other end has no place here (any more)."""
MOST_RETIRED = 50


class Line(Protocol):
    """The sending half of a control socket. Neither method waits: a slow browser delays nobody."""

    language: str

    def say(self, message: Message) -> None:
        """Send, in order; a line that cannot keep up is closed."""
        ...

    def shut(self, code: int) -> None:
        """Close after what was said."""
        ...


@dataclass
class Caller:
    """Somebody's newest page."""

    actor: Actor
    line: Line
    page: int
    """The number that the page drew when it was loaded."""
    generation: int
    said: int = 0
    """States sent so far."""
    heard_at: float = 0.0
    """Monotonic, when this page last said that it is in sight; walls only."""
    again: Callable[[], Actor] | None = None
    """Finds out afresh who is at the other end; runs where the database may be asked."""


@dataclass
class Hub:
    """Callers by key: a participation's ref, or `wall:<staff pk>`."""

    callers: dict[str, Caller] = field(default_factory=dict)
    _newest: int = 0
    _retired: dict[str, list[int]] = field(default_factory=dict)

    def join(self, key: str, actor: Actor, line: Line, page: int) -> tuple[Caller | None, Caller | None]:
        """Put a page on the line: (the new caller or None, whoever it replaced).

        A page that was replaced before does not come back. The same page on a new socket replaces nobody.
        """
        if page in self._retired.get(key, ()):
            return None, None
        before = self.callers.get(key)
        self._newest += 1
        self.callers[key] = caller = Caller(actor, line, page, self._newest)
        if before is None or before.page == page:
            if before is not None:
                before.line.shut(OVER)
            return caller, None
        self._retired[key] = [*self._retired.get(key, ()), before.page][-MOST_RETIRED:]
        return caller, before

    def leave(self, key: str, generation: int) -> bool:
        """Take a closed socket off; False when it was not the newest, which means nothing."""
        caller = self.callers.get(key)
        if caller is None or caller.generation != generation:
            return False
        del self.callers[key]
        return True

    def say(self, key: str, message: Message) -> bool:
        """Say something to one, if they are on the line."""
        caller = self.callers.get(key)
        if caller is not None:
            caller.line.say(message)
        return caller is not None

    def drop(self, keys: Iterable[str], code: int = OVER) -> None:
        """End the lines of these and forget them."""
        for key in keys:
            caller = self.callers.pop(key, None)
            if caller is not None:
                caller.line.shut(code)
            self._retired.pop(key, None)

    def walls(self) -> list[Caller]:
        """All officers at their walls."""
        return [caller for key, caller in self.callers.items() if key.startswith("wall:")]


def wall_key(actor: Actor) -> str:
    """One active wall an account."""
    return f"wall:{actor.pk}"
