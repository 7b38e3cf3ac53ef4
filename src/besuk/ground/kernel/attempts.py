"""Attempts to get round a rule, each kind put on record once in a while with a count: a flood does not fill the disk.

Lives in one process and forgets with it, so a restart writes a kind once more.
"""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from besuk.ground.kernel.bucket import Bucket

AGAIN_AFTER_S = 600.0
"""The same kind is written again after this long at the earliest."""
MOST_KINDS = 200
"""So many kinds are told apart within that time; whatever comes beyond counts as one more."""
BEYOND = "beyond"
BURST, BACK_AFTER_S = 30, 1.0


@dataclass
class Attempts:
    """What was put on record lately."""

    monotonic: Callable[[], float]
    _written: dict[Hashable, float] = field(default_factory=dict)
    _kept_back: Counter[Hashable] = field(default_factory=Counter)

    def take(self, kind: Hashable) -> int:
        """How many of this kind are to be put on record now, with those kept back before; 0: none now."""
        at = self.monotonic()
        if kind not in self._written and len(self._written) >= MOST_KINDS:
            self._forget_old(at)
            kind = kind if len(self._written) < MOST_KINDS else BEYOND
        if kind in self._written and at < self._written[kind] + AGAIN_AFTER_S:
            self._kept_back[kind] += 1
            return 0
        self._written[kind] = at
        return self._kept_back.pop(kind, 0) + 1

    def _forget_old(self, at: float) -> None:
        for kind in [kind for kind, since in self._written.items() if at >= since + AGAIN_AFTER_S]:
            del self._written[kind]
            self._kept_back.pop(kind, None)


def knocks() -> Bucket:
    """How often one may knock: `BURST` times at once, one more every `BACK_AFTER_S`."""
    return Bucket(BURST, 1 / BACK_AFTER_S)
