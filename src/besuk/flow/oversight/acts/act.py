"""One act under way: who, at which call, with what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from besuk.flow.live.conductor import Conductor
from besuk.flow.oversight import rules
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused

Body = Mapping[str, object]
Answer = dict[str, object]


@dataclass(frozen=True)
class Act:
    """One act under way."""

    conductor: Conductor
    call_ref: str
    body: Body
    actor: Actor
    now: datetime

    def text(self, name: str) -> str:
        """A text of the body, "" when missing."""
        value = self.body.get(name, "")
        return value if isinstance(value, str) else ""

    def must_know(self, code: str, known: Mapping[str, object]) -> str:
        """The code, if it is one of the list. Raises Refused(REASON_MISSING)."""
        if reasons := rules.known_reason(code, known):
            raise Refused(reasons)
        return code
