"""The media server in LiveKit's words. The only module that imports `livekit.api`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from weakref import WeakKeyDictionary

import aiohttp
from livekit import api
from livekit.api.room_service import RoomService
from livekit.protocol import models, rtc
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from besuk.ground.media.grants import Grant, Privilege, Source, SupervisedCall, supervisor
from besuk.ground.media.port import (
    Kind,
    MediaCluster,
    MediaUnavailable,
    ParticipantSeen,
    Patience,
    RoomSeen,
    TrackSeen,
)
from besuk.ground.media.rooms import RoomKind, new_room

Answer = TypeVar("Answer")

_PROTO_SOURCE = {
    Source.CAMERA: models.TrackSource.CAMERA,
    Source.MICROPHONE: models.TrackSource.MICROPHONE,
}
_OUR_SOURCE = {proto: ours for ours, proto in _PROTO_SOURCE.items()}


class LiveKitServer:
    """`MediaServer` over LiveKit's room API. One HTTP session for each event loop that uses it."""

    def __init__(self, cluster: MediaCluster, patience: Patience | None = None) -> None:
        self._cluster = cluster
        self._patience = patience or Patience()
        self._sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()

    @property
    def signalling_url(self) -> str:
        return self._cluster.signalling_url

    async def ensure_room(
        self, room: str, *, empty_timeout_s: int, departure_timeout_s: int, max_participants: int
    ) -> None:
        wish = api.CreateRoomRequest(
            name=room,
            empty_timeout=empty_timeout_s,
            departure_timeout=departure_timeout_s,
            max_participants=max_participants,
        )
        await self._ask(lambda rooms: rooms.create_room(wish), self._patience.other_s)

    async def delete_room(self, room: str) -> bool:
        wish = api.DeleteRoomRequest(room=room)
        answer = await self._ask(lambda rooms: rooms.delete_room(wish), self._patience.closing_s)
        return answer is not None

    async def set_permission(self, room: str, identity: str, grant: Grant) -> bool:
        _must_fit(grant, room)
        wish = api.UpdateParticipantRequest(room=room, identity=identity, permission=permission(grant))
        patience = self._patience.other_s if grant.can_subscribe else self._patience.closing_s
        return await self._ask(lambda rooms: rooms.update_participant(wish), patience) is not None

    async def remove(self, room: str, identity: str) -> bool:
        wish = api.RoomParticipantIdentity(room=room, identity=identity)
        answer = await self._ask(lambda rooms: rooms.remove_participant(wish), self._patience.closing_s)
        return answer is not None

    async def rooms(self) -> Sequence[RoomSeen]:
        answer = await self._ask(lambda rooms: rooms.list_rooms(api.ListRoomsRequest()), self._patience.other_s)
        return [_room_seen(room) for room in answer.rooms] if answer else []

    async def participants(self, room: str) -> Sequence[ParticipantSeen]:
        wish = api.ListParticipantsRequest(room=room)
        answer = await self._ask(lambda rooms: rooms.list_participants(wish), self._patience.other_s)
        return [_participant_seen(party) for party in answer.participants] if answer else []

    def token(self, room: str, identity: str, grant: Grant, ttl: timedelta) -> str:
        _must_fit(grant, room)
        maker = api.AccessToken(self._cluster.api_key, self._cluster.api_secret)
        return maker.with_identity(identity).with_ttl(ttl).with_grants(video_grants(room, grant)).to_jwt()

    async def version(self) -> str:
        """Only somebody who joins is told the version, so join an empty room for a moment."""
        room = new_room(RoomKind.VOICE)
        await self.ensure_room(room, empty_timeout_s=5, departure_timeout_s=1, max_participants=1)
        try:
            probe = supervisor(SupervisedCall("version", room, Privilege.NONE))
            return await self._greeting(self.token(room, "probe", probe, timedelta(seconds=10)))
        finally:
            with suppress(MediaUnavailable):
                await self.delete_room(room)

    async def _greeting(self, token: str) -> str:
        url = f"{self.signalling_url}/rtc?protocol=16"
        try:
            async with (
                asyncio.timeout(self._patience.other_s),
                connect(url, additional_headers={"Authorization": f"Bearer {token}"}, proxy=None) as socket,
            ):
                first = rtc.SignalResponse.FromString(await socket.recv(decode=False))
        except (TimeoutError, OSError, WebSocketException) as error:
            raise MediaUnavailable(f"no greeting: {error!r}") from error
        return first.join.server_info.version or first.join.server_version

    async def close(self) -> None:
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()

    async def _ask(self, request: Callable[[RoomService], Awaitable[Answer]], patience_s: float) -> Answer | None:
        """The answer, None for "not found". A connection that the server had closed is tried once more."""
        rooms = RoomService(
            self._session(), self._cluster.url, self._cluster.api_key, self._cluster.api_secret, failover=False
        )
        try:
            async with asyncio.timeout(patience_s):
                try:
                    return await request(rooms)
                except (aiohttp.ServerDisconnectedError, ConnectionResetError):
                    return await request(rooms)
        except api.TwirpError as error:
            if error.code == api.TwirpErrorCode.NOT_FOUND:
                return None
            raise MediaUnavailable(str(error)) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MediaUnavailable(f"{type(error).__name__}: {error}") from error

    def _session(self) -> aiohttp.ClientSession:
        """aiohttp ties a session to its loop, and the keeper has a loop of its own."""
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None or session.closed:
            session = self._sessions[loop] = aiohttp.ClientSession()
        return session


def permission(grant: Grant) -> models.ParticipantPermission:
    """The grant as a complete LiveKit permission (an update replaces all of it)."""
    return models.ParticipantPermission(
        can_subscribe=grant.can_subscribe,
        can_publish=grant.can_publish,
        can_publish_data=grant.can_publish_data,
        can_publish_sources=[_PROTO_SOURCE[source] for source in sorted(grant.can_publish_sources)],
        hidden=grant.hidden,
        recorder=grant.recorder,
        agent=grant.agent,
        can_update_metadata=grant.can_update_metadata,
        can_subscribe_metrics=False,
    )


def video_grants(room: str, grant: Grant) -> api.VideoGrants:
    """The grant as the claims of a token for `room`. Everything is said: LiveKit's defaults are wide."""
    return api.VideoGrants(
        room_join=True,
        room=room,
        can_publish=grant.can_publish,
        can_subscribe=grant.can_subscribe,
        can_publish_data=grant.can_publish_data,
        can_publish_sources=sorted(grant.can_publish_sources),
        can_update_own_metadata=grant.can_update_metadata,
        hidden=grant.hidden,
        recorder=grant.recorder,
        agent=grant.agent,
        can_subscribe_metrics=False,
    )


def _must_fit(grant: Grant, room: str) -> None:
    if not grant.fits(room):
        raise ValueError(f"a {grant.role} grant for another room")


def _room_seen(room: models.Room) -> RoomSeen:
    return RoomSeen(room.name, datetime.fromtimestamp(room.creation_time, UTC))


def _participant_seen(party: models.ParticipantInfo) -> ParticipantSeen:
    return ParticipantSeen(
        identity=party.identity,
        hidden=party.permission.hidden,
        can_subscribe=party.permission.can_subscribe,
        can_publish=party.permission.can_publish,
        can_publish_sources=_sources(party.permission),
        tracks=tuple(_track_seen(track) for track in party.tracks),
        joined_at=datetime.fromtimestamp(party.joined_at, UTC),
    )


def _sources(permission: models.ParticipantPermission) -> frozenset[Source]:
    """What may be published. The server says "all of it" by naming nothing."""
    if not permission.can_publish:
        return frozenset()
    named = permission.can_publish_sources or list(_OUR_SOURCE)
    return frozenset(_OUR_SOURCE[source] for source in named if source in _OUR_SOURCE)


def _track_seen(track: models.TrackInfo) -> TrackSeen:
    kind = Kind.AUDIO if track.type == models.TrackType.AUDIO else Kind.VIDEO
    return TrackSeen(track.sid, kind, _OUR_SOURCE.get(track.source), track.muted)
