"""How much somebody may do: so much at once, and so much in the long run. Pure: whoever asks says what time it is."""

from dataclasses import dataclass, field


@dataclass
class Bucket:
    """Full at first with `burst` tokens, `per_s` come back each second, never more than `burst`.

    For one process; tries that must hold over all of them are in `rate.py`.
    """

    burst: float
    per_s: float
    _left: float = field(init=False, repr=False)
    _at: float | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._left = self.burst

    def take(self, now: float, tokens: float = 1.0) -> bool:
        """Whether so many are left at `now` (monotonic seconds); then they are used up. A refusal costs nothing.

        Time that stands still or goes back brings nothing.
        """
        passed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._at = now if self._at is None else max(self._at, now)
        self._left = min(self.burst, self._left + passed * self.per_s)
        may = self._left >= tokens
        self._left -= tokens if may else 0.0
        return may
