"""Reports of the media server: only what it signed, in our words, handled once."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import jwt
import pytest

from besuk.ground.media import inbox
from besuk.ground.media.events import (
    BadWebhook,
    MediaEvent,
    PartyJoined,
    PartyLeft,
    RoomClosed,
    RoomOpened,
    TrackStarted,
    TrackStopped,
    verify_and_read,
)
from besuk.ground.media.grants import Source
from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.models import RawMediaEvent
from besuk.ground.media.port import Kind, MediaCluster
from besuk.ground.media.rooms import RoomKind, new_room
from besuk.ground.media.tests.conftest import start_media

CLUSTER = MediaCluster("http://media.invalid", "besuk", "a secret of at least thirty-two characters")
NOW = datetime(2026, 12, 3, 2, 20, tzinfo=UTC)


def report(event: str = "participant_joined", **more: object) -> bytes:
    content: dict[str, object] = {
        "event": event,
        "id": "EV_1",
        "createdAt": "1796000000",
        "room": {"name": "sv-1", "sid": "RM_1"},
        "participant": {"identity": "v-1", "permission": {"hidden": False}},
        "track": {"sid": "TR_1", "type": "VIDEO", "source": "CAMERA"},
        "aFieldOfTomorrow": 1,
    }
    return json.dumps(content | more).encode()


def signed(body: bytes, **claims: object) -> str:
    proper: dict[str, object] = {
        "iss": "besuk",
        "exp": int(time.time()) + 60,
        "sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
    }
    wanted = {name: value for name, value in (proper | claims).items() if value is not None}
    return jwt.encode(wanted, CLUSTER.api_secret, algorithm="HS256")


def read(body: bytes) -> MediaEvent | None:
    return verify_and_read(body, signed(body), CLUSTER)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("room_started", RoomOpened),
        ("room_finished", RoomClosed),
        ("participant_joined", PartyJoined),
        ("participant_left", PartyLeft),
        ("track_published", TrackStarted),
        ("track_unpublished", TrackStopped),
    ],
)
def test_each_report_becomes_our_word_for_it(name: str, kind: type[MediaEvent]) -> None:
    event = read(report(name))
    assert type(event) is kind
    assert event is not None
    assert (event.event_id, event.room, event.at) == ("EV_1", "sv-1", datetime.fromtimestamp(1796000000, UTC))


def test_who_and_what_is_told() -> None:
    started = read(report("track_published"))
    assert isinstance(started, TrackStarted)
    assert (started.identity, started.kind, started.source) == ("v-1", Kind.VIDEO, Source.CAMERA)
    joined = read(report(participant={"identity": "s-1", "permission": {"hidden": True}}))
    assert isinstance(joined, PartyJoined)
    assert (joined.identity, joined.hidden) == ("s-1", True)


def test_what_we_have_no_word_for_is_nothing() -> None:
    assert read(report("egress_started")) is None
    assert read(report(id="")) is None
    assert read(b"[]") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "another"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sha256": None},
        {"sha256": "not base64!"},
        {"sha256": base64.b64encode(hashlib.sha256(b"another body").digest()).decode()},
    ],
)
def test_a_bad_signature_is_refused(claims: dict[str, object]) -> None:
    body = report()
    with pytest.raises(BadWebhook):
        verify_and_read(body, signed(body, **claims), CLUSTER)


@pytest.mark.parametrize("authorization", [None, "", "home-made", "Bearer x.y.z"])
def test_no_signature_is_refused(authorization: str | None) -> None:
    with pytest.raises(BadWebhook):
        verify_and_read(report(), authorization, CLUSTER)


def test_another_key_or_algorithm_is_refused() -> None:
    body = report()
    claims = jwt.decode(signed(body), options={"verify_signature": False})
    for forged in (
        jwt.encode(claims, "another secret of at least thirty-two characters", algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
    ):
        with pytest.raises(BadWebhook):
            verify_and_read(body, forged, CLUSTER)


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"x" * 300_000])
def test_what_is_no_report_is_refused_even_when_signed(body: bytes) -> None:
    with pytest.raises(BadWebhook):
        read(body)


@pytest.mark.django_db
def test_a_report_is_kept_once_and_handled_once() -> None:
    event, body = _event(), report()
    assert inbox.keep(event, body, now=NOW) is True
    assert inbox.keep(event, body, now=NOW) is False
    handled: list[MediaEvent] = []
    assert inbox.handle(event, handled.append, now=NOW) is True
    assert inbox.handle(event, handled.append, now=NOW) is False
    assert handled == [event]
    assert inbox.unhandled() == []


@pytest.mark.django_db
def test_a_report_whose_handling_failed_stays_open_with_the_reason() -> None:
    event = _event()
    inbox.keep(event, report(), now=NOW)

    def fail(_: MediaEvent) -> None:
        raise ZeroDivisionError("seen")

    with pytest.raises(ZeroDivisionError):
        inbox.handle(event, fail, now=NOW)
    (left,) = inbox.unhandled()
    assert "seen" in left.error
    assert inbox.handle(event, lambda _: None, now=NOW) is True
    assert RawMediaEvent.objects.get().error == ""


def _event() -> MediaEvent:
    event = read(report())
    assert event is not None
    return event


@pytest.fixture
def mailbox() -> Iterator[tuple[str, list[tuple[bytes, str | None]]]]:
    got: list[tuple[bytes, str | None]] = []

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.rfile.read(int(self.headers["Content-Length"])), self.headers["Authorization"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Keeper)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hooks/media", got
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.media
async def test_the_real_server_signs_what_it_reports(
    tmp_path: Path, mailbox: tuple[str, list[tuple[bytes, str | None]]]
) -> None:
    url, got = mailbox
    process = start_media(tmp_path, webhook_url=url)
    server, room = LiveKitServer(process.plan.cluster), new_room(RoomKind.SUPERVISED)
    await server.ensure_room(room, empty_timeout_s=60, departure_timeout_s=60, max_participants=8)
    await server.delete_room(room)
    await server.close()
    deadline = time.monotonic() + 5
    while len(got) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)  # noqa: ASYNC251  nothing else runs on this loop
    process.kill()
    events = [verify_and_read(body, signature, process.plan.cluster) for body, signature in got]
    assert [type(event) for event in events] == [RoomOpened, RoomClosed]
    assert {event.room for event in events if event} == {room}
    with pytest.raises(BadWebhook):
        verify_and_read(got[0][0] + b" ", got[0][1], process.plan.cluster)
