"""Leases: the keeper vouches for a room, the guard believes only that. Files, and no Django.

A lease says until when somebody vouches for a room. It is one small file per room in a directory that
only this machine's processes share (`BESUK_LEASES_DIR`), replaced whole, so a reader sees the old one or
the new one. Time is the machine's monotonic clock: the same for all processes, untouched by
corrections, and starting again at boot, which is why a lease too far in the future counts for nothing.
"""

import errno
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from besuk.ground.media.rooms import RoomKind, is_ours, kind_of

GRACE_S: Mapping[RoomKind, float] = {RoomKind.SUPERVISED: 4.0, RoomKind.VOICE: 4.0, RoomKind.PRIVILEGED: 120.0}
"""How long a room may go on after the keeper last vouched for it (media.md, The guard)."""

_SLACK_S = 0.5
_LENGTH = 200
"""Every lease is as long as every other, so one can be written over another where a disk has no space for a new one."""
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True)
class Lease:
    """`valid_until` in seconds on the machine's monotonic clock."""

    room: str
    kind: RoomKind
    valid_until: float

    def holds(self, now: float) -> bool:
        """Whether the lease still counts; one further ahead than any lease can be is from before a boot."""
        return now < self.valid_until <= now + GRACE_S[self.kind] + _SLACK_S


class LeaseWriter:
    """The keeper's side. Writing takes well under a millisecond and may be done on the event loop."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def renew(self, room: str, now: float) -> None:
        """Vouch for the room, from `now` (monotonic) for as long as its kind may go without.

        Only for a room that was just verified: presence fresh, or floor closed and confirmed.
        """
        if not is_ours(room):
            raise ValueError(f"not a room of ours: {room!r}")
        kind = kind_of(room)
        lease = {"room": room, "kind": kind.value, "valid_until": now + GRACE_S[kind]}
        content, kept = json.dumps(lease).ljust(_LENGTH).encode(), self._directory / f"{room}.json"
        fresh = self._directory / f".{room}.{os.getpid()}"
        try:
            fresh.write_bytes(content)
            fresh.replace(kept)
        except OSError as error:
            if error.errno not in _NO_SPACE:
                raise
            fresh.unlink(missing_ok=True)
            _overwrite(kept, content)

    def drop(self, room: str) -> None:
        """The call is over: nobody vouches for the room any more. Harmless when there is no lease."""
        drop_lease(self._directory, room)


def read_leases(directory: Path) -> dict[str, Lease]:
    """All leases by room. What cannot be read is no lease."""
    leases: dict[str, Lease] = {}
    for path in directory.glob("*.json"):
        lease = _read(path)
        if lease is not None:
            leases[lease.room] = lease
    return leases


def drop_lease(directory: Path, room: str) -> None:
    """Remove the lease of a room that is gone."""
    if is_ours(room):
        with suppress(FileNotFoundError):
            (directory / f"{room}.json").unlink()


def _overwrite(path: Path, content: bytes) -> None:
    """A watched call must not end because the disk is full. Raises FileNotFoundError for a room without a lease."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.pwrite(descriptor, content, 0)
    finally:
        os.close(descriptor)


def _read(path: Path) -> Lease | None:
    """The kind is the name's word, not the file's: a file cannot make a room privileged."""
    try:
        content = json.loads(path.read_text())
        room, until = content["room"], content["valid_until"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(room, str) or not is_ours(room) or path.stem != room or not isinstance(until, int | float):
        return None
    return Lease(room, kind_of(room), float(until))
