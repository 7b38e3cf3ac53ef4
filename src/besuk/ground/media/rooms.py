"""Names of rooms: random, and telling the guard how long a room may go without a lease.

The guard sees nothing but names, so the kind is part of the name. It imports this file: no Django.
"""

import re
import secrets
from enum import StrEnum


class RoomKind(StrEnum):
    """Who has to vouch for a room, and how often."""

    SUPERVISED = "supervised"
    """Somebody watches; nobody vouching for it for 4 seconds means it must go."""
    PRIVILEGED = "privileged"
    """Nobody may watch; the keeper vouches only that the call should exist."""
    VOICE = "voice"
    """The second room of a call, where an officer speaks (media.md, Holds and the floor)."""


_PREFIX = {RoomKind.SUPERVISED: "sv", RoomKind.PRIVILEGED: "pv", RoomKind.VOICE: "vo"}
_NAME = re.compile(r"(?P<prefix>sv|pv|vo)-[0-9a-f]{32}")


def new_room(kind: RoomKind) -> str:
    """A room name that nobody can guess (128 bits) and that says nothing about the call."""
    return f"{_PREFIX[kind]}-{secrets.token_hex(16)}"


def kind_of(room: str) -> RoomKind:
    """The kind that the name tells; a name that is not ours is held to the strictest rule."""
    match = _NAME.fullmatch(room)
    if match is None:
        return RoomKind.SUPERVISED
    return next(kind for kind, prefix in _PREFIX.items() if prefix == match["prefix"])


def is_ours(room: str) -> bool:
    """Whether the name was made by `new_room` (it is then safe as a file name)."""
    return _NAME.fullmatch(room) is not None
