"""The first request of a browser, which rides in the query of the door's address.

`join_request` = base64url of `WrappedJoinRequest{compression, join_request}`, and inside a
`JoinRequest`: who the browser is, its first offer, perhaps tracks. It is read, held to the same
rules as the frames after it, and written anew. Everything else in the query is dropped, the
browser's own token first of all.
"""

import base64
import zlib
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.message import DecodeError
from livekit.protocol import rtc

from besuk.ground.media.signalling import MAX_FRAME, DoorPolicy, NotAllowed

MAX_QUERY = 64 * 1024
"""Characters of the packed request; a real one is 2 to 4 KiB."""

_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class CleanJoin:
    """What may be sent on to the media server."""

    query: Mapping[str, str]
    resuming: bool
    """The party says that it is still in the room and only lost its signalling."""


def check_join_request(query: Mapping[str, str], policy: DoorPolicy) -> CleanJoin:
    """The cleaned query for the media server. Raises NotAllowed with a code for the record.

    `query` is the decoded query string of the door's address. `policy` remembers the tracks asked for.
    """
    request = _unpack(query.get("join_request", ""))
    request.DiscardUnknownFields()
    request.ClearField("metadata")
    request.ClearField("participant_attributes")
    request.client_info.ClearField("address")
    request.connection_settings.auto_subscribe_data_track = False
    if request.reconnect:
        policy.expect_resume()
    for wish in request.add_track_requests:
        policy.check_track(wish)
    return CleanJoin({"join_request": _pack(request)}, request.reconnect)


def _unpack(packed: str) -> rtc.JoinRequest:
    """Raises NotAllowed. Never unpacks more than `MAX_FRAME` bytes, whatever was packed."""
    if not packed or len(packed) > MAX_QUERY:
        raise NotAllowed("join_request_missing" if not packed else "join_request_too_large")
    try:
        wrapped = rtc.WrappedJoinRequest.FromString(base64.b64decode(_padded(packed), b"-_", validate=True))
        return rtc.JoinRequest.FromString(_inflate(wrapped))
    except (NotBase64, DecodeError, ValueError, zlib.error) as error:
        raise NotAllowed("join_request_unreadable") from error


def _padded(text: str) -> str:
    return text + "=" * (-len(text) % 4)


def _inflate(wrapped: rtc.WrappedJoinRequest) -> bytes:
    if wrapped.compression == rtc.WrappedJoinRequest.NONE:
        plain = bytes(wrapped.join_request)
    elif wrapped.compression == rtc.WrappedJoinRequest.GZIP:
        plain = zlib.decompressobj(_GZIP).decompress(wrapped.join_request, MAX_FRAME + 1)
    else:
        raise NotAllowed("join_request_unreadable")
    if len(plain) > MAX_FRAME:
        raise NotAllowed("join_request_too_large")
    return plain


def _pack(request: rtc.JoinRequest) -> str:
    squeeze = zlib.compressobj(wbits=_GZIP)
    packed = squeeze.compress(request.SerializeToString()) + squeeze.flush()
    wrapped = rtc.WrappedJoinRequest(compression=rtc.WrappedJoinRequest.GZIP, join_request=packed)
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()
