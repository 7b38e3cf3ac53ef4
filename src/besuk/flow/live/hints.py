"""What an officer's browser measured of one end: how bright, how lively, how loud. Only ever a hint.

No face is looked for: a picture becomes a handful of numbers in the browser, and the numbers become a task
that a person judges. A hint sets no hold and lifts none (promise 7). The browser measures every two
seconds on a picture of 16 by 12 points (`frontend/wall/eye.ts`), so that small noise means nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

HINT_LIFE_S = 5.0
"""A hint that no later one replaces is forgotten after this long: two measurements and a half."""
DARK_LIGHT = 24.0
"""Of 255. A covered camera gives 0 to 10, a face in a badly lit room 40 and more; nine of ten points are darker."""
BLANK_CONTRAST = 6.0
"""Of 255, between dark and bright points: a hand, a paper or a black picture has less, any room has more."""
STILL_MOTION = 0.15
"""Of 255, mean change of a point in two seconds. A still picture measured 0.02 to 0.07 after coding, a small bar
that wanders 0.07 to 0.7; a head that turns is larger. Once in a minute is enough."""
SILENT_SOUND = 0.01
"""Of 1 (40 dB below the loudest): a quiet room stays below, speech rises above with every word."""


@dataclass(frozen=True)
class Hint:
    """None: not measured. `light`, `contrast` and `motion` are of 255, `sound` of 1."""

    light: float | None = None
    contrast: float | None = None
    motion: float | None = None
    sound: float | None = None

    @property
    def dark(self) -> bool:
        """Black, or covered: nothing can be seen."""
        if self.light is None or self.contrast is None:
            return False
        return self.light < DARK_LIGHT or self.contrast < BLANK_CONTRAST

    @property
    def still(self) -> bool:
        """Nothing moves in a picture that is there."""
        return self.motion is not None and self.motion < STILL_MOTION and not self.dark

    @property
    def silent(self) -> bool:
        """No sound worth the name."""
        return self.sound is not None and self.sound < SILENT_SOUND


@dataclass(frozen=True)
class Seen:
    """A hint, and when it came (monotonic)."""

    hint: Hint
    at: float


def fresh(seen: Iterable[Seen], at: float) -> list[Hint]:
    """The hints that still count."""
    return [one.hint for one in seen if at < one.at + HINT_LIFE_S]
