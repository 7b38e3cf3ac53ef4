"""A media server without media, for tests and for a demo of everything but the picture.

It keeps rooms, parties and permissions as the real one does. Parties enter by `put`, because nobody
can really join; the shared contract test holds both to the same behaviour.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from besuk.ground.media.grants import Grant
from besuk.ground.media.port import MediaUnavailable, ParticipantSeen, RoomSeen, TrackSeen

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class _Room:
    opened_at: datetime
    max_participants: int
    parties: dict[str, ParticipantSeen] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)


class StubServer:
    """`MediaServer` in memory. `acts` is what was done to it, in order, for tests to read."""

    signalling_url = "ws://stub.invalid"

    def __init__(self) -> None:
        self.acts: list[tuple[str, ...]] = []
        self.broken = False
        """While True every request fails, as when the media server is down."""
        self.tokens: dict[str, Grant] = {}
        """What each token that was made is good for."""
        self._rooms: dict[str, _Room] = {}

    def put(
        self, room: str, identity: str, grant: Grant, *, tracks: Sequence[TrackSeen] = (), at: datetime = LONG_AGO
    ) -> None:
        """Somebody joins with a token of `grant`. Fails where the real server would."""
        here = self._rooms[room]
        if not grant.fits(room):
            raise ValueError(f"a {grant.role} grant for another room")
        seen = sum(1 for party in here.parties.values() if not party.hidden)
        if not grant.hidden and identity not in here.parties and seen >= here.max_participants:
            raise MediaUnavailable("the room is full")
        here.grants[identity] = grant
        taken = tuple(track for track in tracks if track.source in grant.can_publish_sources)
        here.parties[identity] = _party(identity, grant, taken, at)

    def leave(self, room: str, identity: str) -> None:
        """Somebody goes by themselves."""
        self._rooms[room].parties.pop(identity, None)

    def grant_of(self, room: str, identity: str) -> Grant:
        """What somebody may do now."""
        return self._rooms[room].grants[identity]

    async def ensure_room(
        self, room: str, *, empty_timeout_s: int, departure_timeout_s: int, max_participants: int
    ) -> None:
        self._note("ensure_room", room)
        self._rooms.setdefault(room, _Room(LONG_AGO, max_participants))

    async def delete_room(self, room: str) -> bool:
        self._note("delete_room", room)
        return self._rooms.pop(room, None) is not None

    async def set_permission(self, room: str, identity: str, grant: Grant) -> bool:
        if not grant.fits(room):
            raise ValueError(f"a {grant.role} grant for another room")
        self._note("set_permission", room, identity, "open" if grant.can_subscribe else "closed")
        here = self._rooms.get(room)
        if here is None or identity not in here.parties:
            return False
        here.grants[identity] = grant
        before = here.parties[identity]
        after = _party(identity, grant, before.tracks, before.joined_at)
        kept = tuple(track for track in before.tracks if track.source in grant.can_publish_sources)
        here.parties[identity] = replace(after, tracks=kept)
        return True

    async def remove(self, room: str, identity: str) -> bool:
        self._note("remove", room, identity)
        here = self._rooms.get(room)
        return here is not None and here.parties.pop(identity, None) is not None

    async def rooms(self) -> Sequence[RoomSeen]:
        self._note("rooms")
        return [RoomSeen(name, room.opened_at) for name, room in self._rooms.items()]

    async def participants(self, room: str) -> Sequence[ParticipantSeen]:
        self._note("participants", room)
        here = self._rooms.get(room)
        return list(here.parties.values()) if here else []

    def token(self, room: str, identity: str, grant: Grant, ttl: timedelta) -> str:
        if not grant.fits(room):
            raise ValueError(f"a {grant.role} grant for another room")
        made = {"room": room, "identity": identity, "role": grant.role, "open": grant.can_subscribe}
        token = json.dumps({**made, "sources": sorted(grant.can_publish_sources)})
        self.tokens[token] = grant
        return token

    async def version(self) -> str:
        self._note("version")
        return "stub"

    async def close(self) -> None:
        return

    def _note(self, *act: str) -> None:
        if self.broken:
            raise MediaUnavailable("the stub is broken")
        self.acts.append(act)


def _party(identity: str, grant: Grant, tracks: tuple[TrackSeen, ...], at: datetime) -> ParticipantSeen:
    sources = grant.can_publish_sources
    return ParticipantSeen(identity, grant.hidden, grant.can_subscribe, grant.can_publish, sources, tracks, at)
