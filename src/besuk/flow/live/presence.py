"""Whether an officer is really watching a call. Pure: every moment is an argument, in monotonic seconds.

A watch hangs on two sockets (the wall's control socket and the door of the officer's media), each with
a generation, and on heartbeats that count only while the page is visible and the picture and sound of
everybody who publishes go on. media.md, "Presence", has the figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

GRACE_S = 0.7
"""A closed socket gives a newer one this long."""
STALE_S = 2.5
"""A heartbeat that counted is good for this long."""
WARN_S = 60.0
"""So long before the attention check is due, the officer is asked."""

End = Literal["inmate", "visitor"]
Which = Literal["control", "door"]


@dataclass(frozen=True)
class Line:
    """One of the two sockets. `generation` grows with each new socket; 0: there was none yet."""

    generation: int = 0
    is_open: bool = False
    closed_at: float = 0.0

    def holds(self, at: float) -> bool:
        """Whether the socket is open, or closed so lately that a newer one may still come."""
        return self.is_open or (self.generation > 0 and at < self.closed_at + GRACE_S)


@dataclass(frozen=True)
class Counters:
    """What the officer's browser has decoded of one end so far."""

    frames: int = 0
    audio: int = 0


@dataclass(frozen=True)
class Publishing:
    """What one end sends and has not muted, as the media server says."""

    camera: bool = False
    microphone: bool = False

    @property
    def anything(self) -> bool:
        return self.camera or self.microphone


@dataclass(frozen=True)
class Watch:
    """One officer's watch over one call."""

    control: Line = Line()
    door: Line = Line()
    good_at: float | None = None
    """When the last heartbeat that counted came."""
    seen: tuple[tuple[End, Counters], ...] = field(default=())


@dataclass(frozen=True)
class Attention:
    """That an officer, not only their page, is there: a tap or any act of theirs, every `every_s` seconds."""

    renewed_at: float
    every_s: float
    missed: bool = False
    """Nothing came in time: from then on only the officer's PIN helps."""

    @property
    def due_at(self) -> float:
        return self.renewed_at + self.every_s


def is_overdue(attention: Attention, at: float) -> bool:
    """Whether the check was missed: heartbeats from the due moment on do not count."""
    return attention.missed or at >= attention.due_at


def is_asked(attention: Attention, at: float) -> bool:
    """Whether the officer should tap now."""
    return not is_overdue(attention, at) and at >= attention.due_at - WARN_S


def renewed(attention: Attention, at: float) -> Attention:
    """The officer did something. After a missed check that is not enough."""
    return replace(attention, missed=True) if is_overdue(attention, at) else replace(attention, renewed_at=at)


def confirmed(attention: Attention, at: float) -> Attention:
    """The officer gave their PIN."""
    return replace(attention, renewed_at=at, missed=False)


def opened(watch: Watch, which: Which, generation: int, at: float) -> Watch:
    """A socket opened. One that is older than the newest changes nothing.

    A socket that comes after the grace begins anew: only a fresh heartbeat makes the watch count.
    """
    line = _line(watch, which)
    if generation <= line.generation:
        return watch
    fresh = _with(watch, which, Line(generation, True))
    return fresh if line.holds(at) else replace(fresh, good_at=None)


def closed(watch: Watch, which: Which, generation: int, at: float) -> Watch:
    """A socket closed. The close of an old one means nothing."""
    line = _line(watch, which)
    if generation != line.generation or not line.is_open:
        return watch
    return _with(watch, which, replace(line, is_open=False, closed_at=at))


def beat(
    watch: Watch,
    generation: int,
    *,
    visible: bool,
    counters: Mapping[End, Counters],
    publishing: Mapping[End, Publishing],
    at: float,
    attentive: bool = True,
) -> Watch:
    """A heartbeat came over the control socket. It counts if the officer can have seen and heard all of it."""
    if not watch.control.is_open or generation != watch.control.generation:
        return watch
    before = dict(watch.seen)
    goes_on = all(_goes_on(before.get(end), counters.get(end), what) for end, what in publishing.items())
    after = replace(watch, seen=tuple(sorted({**before, **counters}.items())))
    return replace(after, good_at=at) if visible and goes_on and attentive else after


def is_fresh(watch: Watch, at: float) -> bool:
    """Whether the officer is there now: both sockets hold, and the last good heartbeat is young enough."""
    both = watch.control.holds(at) and watch.door.holds(at)
    return both and watch.good_at is not None and at < watch.good_at + STALE_S


def runs_out_at(watch: Watch) -> float | None:
    """The moment at which the watch stops being fresh if nothing more comes; None when nothing runs."""
    if watch.good_at is None:
        return None
    ends = [watch.good_at + STALE_S]
    ends += [line.closed_at + GRACE_S for line in (watch.control, watch.door) if not line.is_open]
    return min(ends)


def anybody(watches: Iterable[Watch], at: float) -> bool:
    """Whether any of the officers is there."""
    return any(is_fresh(watch, at) for watch in watches)


def enough(watches: Iterable[tuple[int, Watch]], at: float, needed: int) -> bool:
    """Whether as many *different* officers are there as the call needs. Watches come with their officer."""
    return len({officer for officer, watch in watches if is_fresh(watch, at)}) >= needed


def enough_until(watches: Iterable[tuple[int, Watch]], at: float, needed: int) -> float | None:
    """The moment at which they become too few if nothing more comes; None when they are too few now."""
    ends: dict[int, float] = {}
    for officer, watch in watches:
        end = runs_out_at(watch) if is_fresh(watch, at) else None
        if end is not None:
            ends[officer] = max(end, ends.get(officer, end))
    return sorted(ends.values(), reverse=True)[needed - 1] if len(ends) >= needed else None


def _line(watch: Watch, which: Which) -> Line:
    return watch.control if which == "control" else watch.door


def _with(watch: Watch, which: Which, line: Line) -> Watch:
    return replace(watch, control=line) if which == "control" else replace(watch, door=line)


def _goes_on(before: Counters | None, now: Counters | None, what: Publishing) -> bool:
    """Whether every counter that should move has moved. A new track counts from nought again."""
    if now is None:
        return not what.anything
    old = before or Counters()
    picture = not what.camera or (now.frames > 0 and now.frames != old.frames)
    sound = not what.microphone or (now.audio > 0 and now.audio != old.audio)
    return picture and sound
