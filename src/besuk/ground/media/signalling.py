"""What may pass the door: pure judgement on the frames between a browser and the media server.

media.md, "The door", has the reasons. In short: any publisher may shut chosen people out, so a
browser must never speak to the media server freely. Whatever is not on the list ends the connection.

Frames that pass are written anew from what was understood, so nothing rides along that the media
server might read differently.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from besuk.ground.kernel.bucket import Bucket
from besuk.ground.media.grants import Grant, Source

MAX_FRAME = 128 * 1024
"""Bytes. An offer for one call is about 10 KiB."""


class Ruling(StrEnum):
    PASS = "pass"  # noqa: S105  not a password
    HOLD = "hold"
    """Ask again when the server has said something: a track is just being exchanged for another."""
    CLOSE = "close"


@dataclass(frozen=True)
class Verdict:
    """What happens to a frame; `frame` is what passes on in its place."""

    ruling: Ruling
    reason: str = ""
    """Why it did not pass: a code for the record (`no_such_request`, `second_camera`, ...)."""
    frame: bytes = b""


class Notice(StrEnum):
    """What a server frame means to the door itself."""

    JOINED = "joined"
    RESUMED = "resumed"
    LEFT = "left"
    """The media server puts this party out (ejected, room ended, joined elsewhere)."""
    TWICE = "twice"
    """The server shows two cameras or two microphones of this party: it got round the rules."""
    NOTHING = ""


@dataclass(frozen=True)
class ServerVerdict:
    """`frame` is empty when nothing passes."""

    frame: bytes
    notice: Notice = Notice.NOTHING


class NotAllowed(Exception):
    """The frame or request breaks the door's rules; the message is the code for the record."""


class NotYet(NotAllowed):
    """It may be allowed in a moment: what stands in the way is about to go, or it is not."""


@dataclass(frozen=True)
class Flow:
    """How much one connection may send: `burst` at once and `per_s` in the long run."""

    frames_burst: int = 150
    frames_per_s: float = 30
    bytes_burst: int = 1024 * 1024
    bytes_per_s: float = 64 * 1024


@dataclass
class DoorPolicy:
    """The rules for one connection of one party; it remembers what the party publishes.

    `grant` says what may be published at all. `encrypted` is for privileged calls, where media is
    sealed end to end; in a supervised call sealed media would blind the supervisor.
    """

    identity: str
    grant: Grant
    encrypted: bool = False
    flow: Flow = field(default_factory=Flow)
    _frames: Bucket = field(init=False, repr=False)
    _bytes: Bucket = field(init=False, repr=False)
    _asked: dict[str, Source] = field(default_factory=dict, init=False, repr=False)
    """Tracks announced by the browser, by its own id for them."""
    _named: dict[str, Source] = field(default_factory=dict, init=False, repr=False)
    """Tracks that the server took note of and gave a sid, but that do not run yet."""
    _live: dict[str, Source] = field(default_factory=dict, init=False, repr=False)
    """Tracks that run, by sid, as the server last told."""
    _tracks_known: bool = field(default=True, init=False, repr=False)
    _answered: bool = field(default=False, init=False, repr=False)
    """The media server's answer to the join has come by."""

    def __post_init__(self) -> None:
        self._frames = Bucket(self.flow.frames_burst, self.flow.frames_per_s)
        self._bytes = Bucket(self.flow.bytes_burst, self.flow.bytes_per_s)

    def check_client_frame(self, frame: bytes | str, now: float) -> Verdict:
        """Judge a frame from the browser. `now` in seconds, monotonic."""
        if isinstance(frame, str):
            return Verdict(Ruling.CLOSE, "text_frame")
        if len(frame) > MAX_FRAME:
            return Verdict(Ruling.CLOSE, "frame_too_large")
        if not (self._frames.take(now) and self._bytes.take(now, len(frame))):
            return Verdict(Ruling.CLOSE, "flood")
        return self.judge(frame)

    def judge(self, frame: bytes) -> Verdict:
        """As `check_client_frame`, for a frame that was counted before (one on hold)."""
        try:
            request = rtc.SignalRequest.FromString(frame)
            request.DiscardUnknownFields()
            self._check_request(request)
        except DecodeError:
            return Verdict(Ruling.CLOSE, "not_a_request")
        except NotYet as waiting:
            return Verdict(Ruling.HOLD, str(waiting))
        except NotAllowed as broken:
            return Verdict(Ruling.CLOSE, str(broken))
        return Verdict(Ruling.PASS, frame=request.SerializeToString())

    def _check_request(self, request: rtc.SignalRequest) -> None:
        """Raise NotAllowed, or change what must not pass as it is."""
        name = request.WhichOneof("message")
        if name in _HARMLESS:
            return
        rule = _WATCHED.get(name or "")
        if rule is None:
            raise NotAllowed(f"no_such_request:{name or 'unknown'}")
        rule(self, request)

    def check_track(self, wish: rtc.AddTrackRequest) -> None:
        """One camera and one microphone at a time, plainly labelled and in the clear."""
        source = _SOURCE.get((wish.type, wish.source))
        if source is None or source not in self.grant.can_publish_sources:
            raise NotAllowed("track_not_allowed")
        if not self._tracks_known:
            raise NotAllowed("track_before_resume")
        if wish.sid or len(wish.simulcast_codecs) > 1:
            raise NotAllowed("second_encoding")
        if wish.packet_trailer_features or (wish.encryption != models.Encryption.NONE and not self.encrypted):
            raise NotAllowed("sealed_track")
        if source in self._asked.values():
            raise NotAllowed(f"second_{source}")
        if source in self._named.values() or source in self._live.values():
            raise NotYet(f"second_{source}")
        self._asked[wish.cid] = source
        wish.name = wish.stream = ""

    def expect_resume(self) -> None:
        """The party resumes a session: what it publishes is known once the server has told it."""
        self._tracks_known = False

    def check_server_frame(self, frame: bytes) -> ServerVerdict:
        """Judge a frame from the media server, and learn from it what this party publishes.

        A frame that we do not understand passes: the media server is ours, and may be newer.
        """
        try:
            answer = rtc.SignalResponse.FromString(frame)
        except DecodeError:
            return ServerVerdict(frame)
        name = answer.WhichOneof("message") or ""
        self._answered = self._answered or name in _ANSWERS
        if name in _SECRET or (name in _OF_MEDIA and not self._answered):
            return ServerVerdict(b"")
        learn = _LEARNING.get(name)
        if learn is not None:
            learn(self, answer)
        if len(set(self._live.values())) < len(self._live):
            return ServerVerdict(b"", Notice.TWICE)
        return ServerVerdict(frame, _NOTICES.get(name, Notice.NOTHING))

    def _learn_joined(self, answer: rtc.SignalResponse) -> None:
        """A new session: nothing is published yet but what rode in with the join request."""
        self._tracks_known = True

    def _learn_published(self, answer: rtc.SignalResponse) -> None:
        source = self._asked.pop(answer.track_published.cid, None)
        if source is not None:
            self._named[answer.track_published.track.sid] = source

    def _learn_unpublished(self, answer: rtc.SignalResponse) -> None:
        for known in (self._named, self._live):
            known.pop(answer.track_unpublished.track_sid, None)

    def _learn_refused(self, answer: rtc.SignalResponse) -> None:
        response = answer.request_response
        if response.reason != rtc.RequestResponse.QUEUED:
            self._asked.pop(response.add_track.cid, None)

    def _learn_own_tracks(self, answer: rtc.SignalResponse) -> None:
        """The server tells a party's tracks whenever they change, and after a resume.

        This is how a track that the browser took away is missed: there is no message for it.
        """
        for party in answer.update.participants:
            if party.identity == self.identity:
                self._live = {track.sid: _of(track) for track in party.tracks}
                self._named = {sid: source for sid, source in self._named.items() if sid not in self._live}
                self._tracks_known = True

    def check_permission(self, request: rtc.SignalRequest) -> None:
        """Everybody may see what I publish: nothing else can be said about it."""
        wish = request.subscription_permission
        if not wish.all_participants or wish.track_permissions:
            raise NotAllowed("shutting_out")


def _of(track: models.TrackInfo) -> Source:
    return _SOURCE.get((track.type, track.source), Source.CAMERA)


_SOURCE: dict[tuple[int, int], Source] = {
    (models.TrackType.VIDEO, models.TrackSource.CAMERA): Source.CAMERA,
    (models.TrackType.AUDIO, models.TrackSource.MICROPHONE): Source.MICROPHONE,
}

_HARMLESS = frozenset(
    {
        "offer",
        "answer",
        "trickle",
        "mute",
        "subscription",
        "track_setting",
        "leave",
        "sync_state",
        "ping",
        "ping_req",
        "update_audio_track",
        "update_video_track",
    }
)

_WATCHED: dict[str, Callable[[DoorPolicy, rtc.SignalRequest], None]] = {
    "add_track": lambda policy, request: policy.check_track(request.add_track),
    "subscription_permission": lambda policy, request: policy.check_permission(request),
}

_SECRET = frozenset({"refresh_token", "room_moved"})
"""Both carry a token."""

_ANSWERS = frozenset({"join", "reconnect"})
_OF_MEDIA = frozenset({"answer", "offer", "trickle"})
"""What media needs to flow: nothing of it passes before the answer that the door looks at."""

_NOTICES: dict[str, Literal[Notice.JOINED, Notice.RESUMED, Notice.LEFT]] = {
    "join": Notice.JOINED,
    "reconnect": Notice.RESUMED,
    "leave": Notice.LEFT,
}

_LEARNING: dict[str, Callable[[DoorPolicy, rtc.SignalResponse], None]] = {
    "join": DoorPolicy._learn_joined,
    "track_published": DoorPolicy._learn_published,
    "track_unpublished": DoorPolicy._learn_unpublished,
    "request_response": DoorPolicy._learn_refused,
    "update": DoorPolicy._learn_own_tracks,
}
