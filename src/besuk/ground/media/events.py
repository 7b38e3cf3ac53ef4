"""What the media server reports by webhook, verified and said in our words.

These reports come late (a killed browser is reported after 21 seconds), so presence never rests on
them. They are evidence for the timeline and a hint to look again.
"""

import base64
import hashlib
import hmac
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import jwt
from google.protobuf.json_format import Parse, ParseError
from livekit.protocol import models, webhook

from besuk.ground.media.grants import Source
from besuk.ground.media.port import Kind, MediaCluster

LEEWAY_S = 60
MAX_BODY = 256 * 1024


class BadWebhook(Exception):
    """A report that the media server did not sign, or that is no report. Nothing may follow from it."""


@dataclass(frozen=True)
class MediaEvent:
    """Something happened in a room. `event_id` is the same when the server sends it again."""

    event_id: str
    room: str
    at: datetime


@dataclass(frozen=True)
class RoomOpened(MediaEvent):
    pass


@dataclass(frozen=True)
class RoomClosed(MediaEvent):
    pass


@dataclass(frozen=True)
class PartyJoined(MediaEvent):
    identity: str
    hidden: bool


@dataclass(frozen=True)
class PartyLeft(MediaEvent):
    identity: str
    hidden: bool


@dataclass(frozen=True)
class TrackStarted(MediaEvent):
    identity: str
    track_sid: str
    kind: Kind
    source: Source | None


@dataclass(frozen=True)
class TrackStopped(MediaEvent):
    identity: str
    track_sid: str


def verify_and_read(body: bytes, authorization: str | None, cluster: MediaCluster) -> MediaEvent | None:
    """The event in `body`, once its signature is proven; None for events we have no word for.

    Raises BadWebhook for anything the cluster did not sign: LiveKit sends a JWT of its API key whose
    `sha256` claim is the hash of the body.
    """
    verify(body, authorization, cluster)
    return read(body)


def verify(body: bytes, authorization: str | None, cluster: MediaCluster) -> None:
    """Raise BadWebhook unless `cluster` signed exactly this body within the last minutes."""
    if len(body) > MAX_BODY:
        raise BadWebhook("too large")
    try:
        claims = jwt.decode(
            (authorization or "").removeprefix("Bearer "),
            cluster.api_secret,
            algorithms=["HS256"],
            issuer=cluster.api_key,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iss"]},
        )
    except jwt.InvalidTokenError as error:
        raise BadWebhook(f"token: {error}") from error
    if not hmac.compare_digest(_signed_hash(claims.get("sha256")), hashlib.sha256(body).digest()):
        raise BadWebhook("the body is not the one that was signed")


def read(body: bytes) -> MediaEvent | None:
    """The event in a body that was verified before (also for reading a kept one again)."""
    try:
        report = Parse(body.decode(), webhook.WebhookEvent(), ignore_unknown_fields=True)
    except (ParseError, UnicodeDecodeError) as error:
        raise BadWebhook(f"not a report: {error}") from error
    if not report.id or not report.room.name:
        return None
    maker = _MAKERS.get(report.event)
    return maker(report) if maker else None


def _signed_hash(claim: object) -> bytes:
    try:
        return base64.b64decode(claim, validate=True) if isinstance(claim, str) else b""
    except NotBase64:
        return b""


def _at(report: webhook.WebhookEvent) -> datetime:
    return datetime.fromtimestamp(report.created_at, UTC)


def _room_opened(report: webhook.WebhookEvent) -> MediaEvent:
    return RoomOpened(report.id, report.room.name, _at(report))


def _room_closed(report: webhook.WebhookEvent) -> MediaEvent:
    return RoomClosed(report.id, report.room.name, _at(report))


def _party_joined(report: webhook.WebhookEvent) -> MediaEvent:
    party = report.participant
    return PartyJoined(report.id, report.room.name, _at(report), party.identity, party.permission.hidden)


def _party_left(report: webhook.WebhookEvent) -> MediaEvent:
    party = report.participant
    return PartyLeft(report.id, report.room.name, _at(report), party.identity, party.permission.hidden)


def _track_started(report: webhook.WebhookEvent) -> MediaEvent:
    track = report.track
    kind = Kind.AUDIO if track.type == models.TrackType.AUDIO else Kind.VIDEO
    return TrackStarted(
        report.id, report.room.name, _at(report), report.participant.identity, track.sid, kind, _source(track)
    )


def _track_stopped(report: webhook.WebhookEvent) -> MediaEvent:
    return TrackStopped(report.id, report.room.name, _at(report), report.participant.identity, report.track.sid)


def _source(track: models.TrackInfo) -> Source | None:
    known = {models.TrackSource.CAMERA: Source.CAMERA, models.TrackSource.MICROPHONE: Source.MICROPHONE}
    return known.get(track.source)


_MAKERS: dict[str, Callable[[webhook.WebhookEvent], MediaEvent]] = {
    "room_started": _room_opened,
    "room_finished": _room_closed,
    "participant_joined": _party_joined,
    "participant_left": _party_left,
    "participant_connection_aborted": _party_left,
    "track_published": _track_started,
    "track_unpublished": _track_stopped,
}
