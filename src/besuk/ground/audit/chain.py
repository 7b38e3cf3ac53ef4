"""The hash chain, pure: canonical bytes, linking, Merkle root, verification."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = "0" * 64
FIELDS = (
    "facility", "number", "at", "code", "actor_kind", "actor_subject", "actor_role", "object_kind",
    "object_ref", "data", "purpose", "request_id", "address", "text_hash",
)  # fmt: skip


def moment(at: datetime) -> str:
    """A moment as the chain writes it: UTC, microseconds, always the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The one byte string of an entry: its fields in order, JSON with sorted keys and no spaces."""
    row = [entry[name] for name in FIELDS]
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(previous: str, entry: Mapping[str, Any]) -> str:
    """hash = SHA-256(previous || canonical(entry)), hex."""
    return hashlib.sha256(previous.encode() + canonical(entry)).hexdigest()


def text_hash(salt: str, words: str) -> str:
    """The salted hash that stands in the chain for free text."""
    return hashlib.sha256(f"{salt}:{words}".encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """Where a chain is not what was written."""

    facility: str
    number: int
    what: str


def find_breaks(entries: Iterable[Mapping[str, Any]]) -> Iterable[Break]:
    """Everything wrong in one facility's entries, in order of number: changed, removed, reordered."""
    previous, expected = START, 1
    for entry in entries:
        where = (str(entry["facility"]), int(entry["number"]))
        if entry["number"] != expected:
            yield Break(*where, f"expected entry {expected}: something was removed, inserted or reordered")
        if entry["previous"] != previous:
            yield Break(*where, "does not follow the entry before it")
        if link(entry["previous"], entry) != entry["hash"]:
            yield Break(*where, "its content was changed")
        previous, expected = entry["hash"], int(entry["number"]) + 1


def merkle_root(leaves: Sequence[str]) -> str:
    """Root over hex leaves: SHA-256 of pairs, an odd one carried up; domain-separated; START if empty."""
    if not leaves:
        return START
    level = [hashlib.sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex()
