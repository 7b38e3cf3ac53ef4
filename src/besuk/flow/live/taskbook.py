"""The task list in memory: what is to be done now, since when, by whom. The wall shows this, the record follows.

Which facts there are, `tasks.py` says. `oversight` hears of every change and writes it down; it also gives
back what a process before this one had written.

The rules:
- A fact becomes a task once it has stood for its patience; a task whose fact is gone closes itself.
- One task a fact at a time. A task that an officer ticked off does not come back for the same lasting fact,
  however long that lasts; it stays in the list as done, with whose word ended it.
- The fact is a new one when it had been gone for `afresh_s` (ten seconds for most: a lens uncovered for a
  moment and covered again is the same). A new request for help and a new count of people are always new.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from besuk.flow.live.hub import Message
from besuk.flow.live.stage import Stage
from besuk.flow.live.tasks import KINDS, Fact, facts

SETTLE_S = 10.0
"""What a process before this one left open has this long to show that it is still so: browsers come back in it."""
ORDER = {"high": 0, "normal": 1, "low": 2}
RANK = {kind: (ORDER[one.urgency], place) for place, (kind, one) in enumerate(KINDS.items())}
"""Most urgent first; among equals as the table of kinds has them."""

Key = tuple[str, Fact]
"""Ref of the call, and what is to be done."""


@dataclass(frozen=True)
class Officer:
    """Who sees to a task, or saw to it."""

    pk: int
    code: str


@dataclass
class Entry:
    """One task."""

    raised_at: datetime
    seen_at: float
    """Monotonic, when its fact was last so."""
    owner: Officer | None = None
    done_by: Officer | None = None


@dataclass(frozen=True)
class Change:
    """A task was raised, or its fact is gone."""

    call_ref: str
    fact: Fact
    raised: bool
    at: datetime


@dataclass(frozen=True)
class Reader:
    """For whom the list is written: who, where they may act, and who else is at a wall."""

    pk: int
    acts_in: Collection[int]
    at_walls: Collection[int]


class TaskBook:
    """All tasks of all calls of this process."""

    def __init__(self) -> None:
        self.entries: dict[Key, Entry] = {}
        self.on_change: Callable[[Change], None] | None = None
        self._since: dict[Key, float] = {}

    def look(self, stages: Iterable[Stage], now: datetime, at: float) -> bool:
        """Raise what is to be done, close what is so no more. Whether anything changed."""
        standing = {(stage.ref, fact) for stage in stages for fact in facts(stage, now, at)}
        self._since = {key: self._since.get(key, at) for key in standing}
        gone = [key for key, entry in self.entries.items() if key not in standing and _may_go(key, entry, at)]
        for key in gone:
            self._close(key, now)
        for key in standing & self.entries.keys():
            self.entries[key].seen_at = max(self.entries[key].seen_at, at)
        new = [key for key in standing - self.entries.keys() if at - self._since[key] >= KINDS[key[1].kind].patience_s]
        for key in new:
            self.entries[key] = Entry(now, at)
            self._tell(Change(*key, True, now))
        return bool(gone or new)

    def remember(self, key: Key, before: Entry) -> None:
        """Take what the record still has from before this process; what is known here already keeps its freshness."""
        known = self.entries.get(key)
        if known is None:
            self.entries[key] = before
        else:
            known.raised_at, known.owner, known.done_by = before.raised_at, before.owner, before.done_by

    def open(self, key: Key) -> Entry | None:
        """The task, if somebody still has to see to it."""
        entry = self.entries.get(key)
        return entry if entry is not None and entry.done_by is None else None

    def begin_anew(self, key: Key, now: datetime) -> None:
        """The fact is another one from now on, although it looks the same."""
        if key in self.entries:
            self._close(key, now)

    def listed(self, stages: Iterable[Stage], reader: Reader) -> list[Message]:
        """The list for one officer: what is open first, most urgent first, among equals the oldest."""
        by_ref = {stage.ref: stage for stage in stages}
        shown = [(key, entry) for key, entry in self.entries.items() if key[0] in by_ref]
        shown.sort(key=_place_of)
        return [_message(by_ref[ref], fact, entry, reader) for (ref, fact), entry in shown]

    def _close(self, key: Key, now: datetime) -> None:
        del self.entries[key]
        self._tell(Change(*key, False, now))

    def _tell(self, change: Change) -> None:
        if self.on_change is not None:
            self.on_change(change)


def _may_go(key: Key, entry: Entry, at: float) -> bool:
    kind = KINDS[key[1].kind]
    return at >= entry.seen_at + (kind.afresh_s if entry.done_by else kind.linger_s)


def _place_of(row: tuple[Key, Entry]) -> tuple[bool, tuple[int, int], datetime, str, str]:
    (ref, fact), entry = row
    return (entry.done_by is not None, RANK[fact.kind], entry.raised_at, ref, fact.code)


def _message(stage: Stage, fact: Fact, entry: Entry, reader: Reader) -> Message:
    mine = entry.owner is not None and entry.owner.pk == reader.pk
    may, is_open = stage.facility_id in reader.acts_in, entry.done_by is None
    is_free = entry.owner is None or entry.owner.pk not in reader.at_walls
    watches = any(seat.role == "supervisor" and seat.owner == ("staff", reader.pk) for seat in stage.seats.values())
    return {
        "id": f"{stage.ref}:{fact.code}",
        "kind": fact.kind,
        "title": fact.title,
        "detail": f"{stage.station} · {stage.inmate_name} – {stage.visitor_name}",
        "urgency": KINDS[fact.kind].urgency,
        "call": stage.ref,
        "owner": entry.owner.code if entry.owner else None,
        "mine": mine,
        "done_by": entry.done_by.code if entry.done_by else None,
        "can_take": may and is_open and is_free and not mine,
        "can_finish": may and is_open and KINDS[fact.kind].by_hand and (mine or watches),
    }
