"""What a browser may say over a control socket: read strictly, numbers within bounds, nothing else kept."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import TypeGuard

from besuk.flow.live.hints import Hint
from besuk.flow.live.presence import Counters, End
from besuk.ground.kernel.bucket import Bucket

MOST_BYTES = 16 * 1024
BURST = 30
PER_SECOND = 5.0
"""A page says one thing a second, and a few words of its own."""
LARGEST = 2**53
LONGEST_NAME = 60
MOST_CALLS = 16
BRIGHTEST, LOUDEST = 255.0, 1.0
SIDES: tuple[End, End] = ("inmate", "visitor")


class Nonsense(Exception):
    """Not a message of ours: the socket is closed."""


def flow() -> Bucket:
    """How much one control socket may say."""
    return Bucket(BURST, PER_SECOND)


def read(text: str | None) -> Mapping[str, object]:
    """The message. Raises Nonsense."""
    if text is None or len(text) > MOST_BYTES:
        raise Nonsense("no text or too long")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Nonsense("not JSON") from error
    if not isinstance(message, dict) or not isinstance(message.get("t"), str):
        raise Nonsense("not a message")
    return message


def number(value: object) -> int:
    """A whole number from nought up. Raises Nonsense."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise Nonsense("not a count")
    return value


def text(message: Mapping[str, object], name: str) -> str:
    """A short text. Raises Nonsense."""
    value = message.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise Nonsense(f"{name} is no short text")
    return value


def part(message: Mapping[str, object], name: str) -> Mapping[str, object]:
    """An object inside the message; empty when missing. Raises Nonsense."""
    value = message.get(name, {})
    if not isinstance(value, dict):
        raise Nonsense("not an object")
    return value


def beats(message: Mapping[str, object]) -> dict[str, dict[End, Counters]]:
    """The counters of a wall's heartbeat, by call and end. Raises Nonsense."""
    calls = part(message, "calls")
    if len(calls) > MOST_CALLS:
        raise Nonsense("too many calls")
    return {ref: _ends(calls, ref) for ref in calls}


def _ends(calls: Mapping[str, object], ref: str) -> dict[End, Counters]:
    ends = part(calls, ref)
    found: dict[End, Counters] = {}
    for side in SIDES:
        if side in ends:
            seen = part(ends, side)
            found[side] = Counters(number(seen.get("frames", 0)), number(seen.get("audio", 0)))
    return found


def hints(message: Mapping[str, object]) -> dict[str, dict[End, Hint]]:
    """What the wall measured of the ends, by call; nothing when it measured nothing since. Raises Nonsense."""
    calls = part(message, "hints")
    if len(calls) > MOST_CALLS:
        raise Nonsense("too many calls")
    return {ref: _hints_of(part(calls, ref)) for ref in calls}


def _hints_of(ends: Mapping[str, object]) -> dict[End, Hint]:
    return {side: _hint(part(ends, side)) for side in SIDES if side in ends}


def _hint(said: Mapping[str, object]) -> Hint:
    return Hint(
        light=measure(said.get("light"), BRIGHTEST),
        contrast=measure(said.get("contrast"), BRIGHTEST),
        motion=measure(said.get("motion"), BRIGHTEST),
        sound=measure(said.get("sound"), LOUDEST),
    )


def measure(value: object, most: float) -> float | None:
    """A number from nought to `most`; None where nothing was measured. Raises Nonsense."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise Nonsense("not a measure")
    return float(value)


def sample(message: Mapping[str, object]) -> dict[str, int | float | str | bool | None]:
    """A party's heartbeat as flat numbers and short words, for the record. Unknown things are left out."""
    kept: dict[str, int | float | str | bool | None] = {"visible": message.get("visible") is True}
    for group, names in _KEPT.items():
        values = part(message, group)
        for name in names:
            value = values.get(name)
            if _is_sample(value):
                kept[f"{group}_{name}"] = value
    return kept


def _is_sample(value: object) -> TypeGuard[int | float | str]:
    if isinstance(value, str):
        return len(value) <= 20 and value.isascii() and value.isprintable()
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= LARGEST
    return isinstance(value, float) and isfinite(value)


_KEPT = {
    "sent": ("audio", "video"),
    "received": ("audio", "video"),
    "quality": ("line", "rtt_ms", "concealed", "loss", "fps", "jitter_ms", "width", "height", "bytes"),
}
