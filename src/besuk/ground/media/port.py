"""What Besuk asks of a media server, in Besuk's words. LiveKit and the stub both answer to it.

A *room* is named by us (`rooms.new_room`), a *party* is known by its participation ref. Nothing
here knows a visit, a prison or a browser.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from besuk.ground.media.grants import Grant, Source


class MediaUnavailable(Exception):
    """The media server did not do what was asked: no answer in time, or an error of its own."""


class Kind(StrEnum):
    """What a track carries."""

    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True)
class MediaCluster:
    """One media server, or several that act as one: where it is and the key to it."""

    url: str
    """`http://host:port` of its API; browsers never learn it."""
    api_key: str
    api_secret: str

    def __repr__(self) -> str:
        return f"MediaCluster({self.url!r}, key {self.api_key!r})"

    @property
    def signalling_url(self) -> str:
        """The same place for WebSockets (`ws://` or `wss://`), without a trailing slash."""
        return "ws" + self.url.removeprefix("http").rstrip("/")


@dataclass(frozen=True)
class Patience:
    """How long to wait for an answer, in seconds.

    Closing acts are short: whoever waits longer should try something harsher (media.md, the guard).
    """

    closing_s: float = 0.5
    other_s: float = 2.0


@dataclass(frozen=True)
class RoomSeen:
    """A room that exists at the media server. Who is in it, `participants` tells."""

    room: str
    opened_at: datetime


@dataclass(frozen=True)
class TrackSeen:
    """A track that somebody publishes. `source` is None for what nobody here may publish."""

    sid: str
    kind: Kind
    source: Source | None
    muted: bool


@dataclass(frozen=True)
class ParticipantSeen:
    """Somebody in a room, hidden ones included, and what the server lets them do."""

    identity: str
    hidden: bool
    can_subscribe: bool
    can_publish: bool
    can_publish_sources: frozenset[Source]
    tracks: tuple[TrackSeen, ...]
    joined_at: datetime


@runtime_checkable
class MediaServer(Protocol):
    """Every method raises `MediaUnavailable` when the server does not answer or fails."""

    @property
    def signalling_url(self) -> str:
        """Where the door connects to, for instance `ws://127.0.0.1:7880`."""
        ...

    async def ensure_room(
        self, room: str, *, empty_timeout_s: int, departure_timeout_s: int, max_participants: int
    ) -> None:
        """Make the room exist. Doing it again is harmless (and is done before each join)."""
        ...

    async def delete_room(self, room: str) -> bool:
        """End the room for everybody in it. False when there was no such room, which is fine."""
        ...

    async def set_permission(self, room: str, identity: str, grant: Grant) -> bool:
        """Give somebody exactly `grant` (all of it, not a change). False when they are not there."""
        ...

    async def remove(self, room: str, identity: str) -> bool:
        """Put somebody out. False when they are not there. Only the door keeps them out."""
        ...

    async def rooms(self) -> Sequence[RoomSeen]:
        """All rooms of the server."""
        ...

    async def participants(self, room: str) -> Sequence[ParticipantSeen]:
        """Everybody in the room, hidden ones included; empty when there is no such room."""
        ...

    def token(self, room: str, identity: str, grant: Grant, ttl: timedelta) -> str:
        """A key to one room for one party; only the door may hold it."""
        ...

    async def version(self) -> str:
        """The version of the server that answers, for the start-up check."""
        ...

    async def close(self) -> None:
        """Let go of connections. The server itself goes on."""
        ...


def publishes_twice(party: ParticipantSeen) -> bool:
    """Whether somebody shows more than one camera or microphone, or something else entirely.

    The door refuses a second one, but a party that drops its signalling between two requests could
    slip one past; then the wall might show another picture than the other end sees. The keeper asks
    this on its rounds and puts such a party out.
    """
    sources = [track.source for track in party.tracks]
    return None in sources or len(sources) != len(set(sources))
