"""Reading a log through: does it still say what was written?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from besuk.ground.audit.chain import START, Break, find_breaks, moment, text_hash
from besuk.ground.audit.models import ChainHead, Checkpoint, Entry, EntryText
from besuk.ground.kernel.models import Facility

CHUNK = 2000
MOST_BREAKS = 100
"""After so many the rest says nothing new."""
COLUMNS = (
    "number", "at", "code", "actor_kind", "actor_subject", "actor_role", "object_kind", "object_ref", "data",
    "purpose", "request_id", "address", "text_hash", "previous", "hash",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What was found in one facility's log."""

    facility: str
    entries: int
    breaks: tuple[Break, ...]
    head_ok: bool
    """Whether the chain ends where its head says; a cut tail does not."""

    @property
    def ok(self) -> bool:
        return self.head_ok and not self.breaks


@dataclass
class _Seen:
    """What the reader remembers while entries stream past."""

    marks: Mapping[int, str]
    number: int = 0
    hash: str = START
    lost: int = 0


def verify(facility: Facility) -> Report:
    """Read the whole chain, its head, its free texts, and the checkpoints kept here. Streams: memory stays flat."""
    seen = _Seen(_checkpointed(facility))
    breaks = list(_first(find_breaks(_watched(stored_entries(facility), seen)), MOST_BREAKS))
    breaks += _changed_texts(facility)
    if seen.lost:
        breaks.append(Break(str(facility.pk), seen.lost, "is not what a signed checkpoint saw"))
    head = ChainHead.objects.filter(facility=facility).first()
    number, last = (head.number, head.hash) if head else (0, START)
    known = max(seen.marks, default=0)
    head_ok = (number, last) == (seen.number, seen.hash) and known <= seen.number
    return Report(facility.code, seen.number, tuple(breaks), head_ok)


def stored_entries(facility: Facility) -> Iterator[dict[str, Any]]:
    """The facility's entries as the chain hashes them, with `previous` and `hash`, in order of number."""
    rows = Entry.objects.filter(facility=facility).order_by("number").values(*COLUMNS)
    for row in rows.iterator(chunk_size=CHUNK):
        yield {**row, "facility": facility.pk, "at": moment(row["at"])}


def _first(found: Iterable[Break], most: int) -> Iterator[Break]:
    for count, one in enumerate(found):
        if count < most:
            yield one


def _watched(entries: Iterable[dict[str, Any]], seen: _Seen) -> Iterator[dict[str, Any]]:
    for entry in entries:
        seen.number, seen.hash = entry["number"], entry["hash"]
        if seen.marks.get(seen.number, seen.hash) != seen.hash and not seen.lost:
            seen.lost = seen.number
        yield entry


def _checkpointed(facility: Facility) -> dict[int, str]:
    """Number -> hash of this facility's head at each checkpoint."""
    marks: dict[int, str] = {}
    for heads in Checkpoint.objects.values_list("heads", flat=True):
        marks.update({head["number"]: head["hash"] for head in heads if head["facility"] == facility.code})
    return {number: value for number, value in marks.items() if number}


def _changed_texts(facility: Facility) -> list[Break]:
    """Free texts that are still there but are not those that were hashed. Deleted ones are fine."""
    texts = EntryText.objects.filter(entry__facility=facility).order_by("entry__number")
    rows = texts.values_list("entry__number", "entry__text_hash", "salt", "words").iterator(chunk_size=CHUNK)
    wrong = (number for number, hashed, salt, words in rows if text_hash(salt, words) != hashed)
    return [Break(str(facility.pk), number, "its text was changed") for number in wrong]
