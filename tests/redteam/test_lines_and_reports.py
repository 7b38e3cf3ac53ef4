"""Somebody without a wall wants one, floods the lines, or forges reports of the media server: the call goes on."""

import base64
import hashlib
import json
import time
import urllib.error
import urllib.request
from contextlib import suppress

import jwt
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from besuk.ground.media.server import new_secret
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from besuk.testing.waiting import within
from tests.redteam.attack import Media, Record, cookies, refused, socket

pytestmark = pytest.mark.browser


def closes_with(line: ClientConnection, seconds: float = 5) -> int:
    """The code with which the site closes; 0 when it does not."""
    deadline = time.monotonic() + seconds
    with suppress(TimeoutError):
        while time.monotonic() < deadline:
            try:
                line.recv(timeout=max(0.01, deadline - time.monotonic()))
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006
    return 0


# --- reports ----------------------------------------------------------------------------------------


def report(room: str, event: str, identity: str, number: str = "EV_forged") -> bytes:
    party = {"identity": identity, "sid": "PA_x"}
    return json.dumps(
        {"event": event, "id": number, "room": {"name": room}, "participant": party, "createdAt": str(int(time.time()))}
    ).encode()


def signed(body: bytes, media: Media, secret: str, *, life_s: int = 300, algorithm: str = "HS256") -> str:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    claims = {"iss": media.key, "exp": int(time.time()) + life_s, "sha256": digest}
    return jwt.encode(claims, secret if algorithm != "none" else "", algorithm=algorithm)


def send(site: Site, body: bytes, signature: str) -> int:
    request = urllib.request.Request(f"{site.base}/hooks/media", body)
    request.add_header("Content-Type", "application/webhook+json")
    request.add_header("Authorization", signature)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_forged_reports_are_turned_away_and_change_nothing(
    site: Site, scene: Scene, record: Record, media: Media
) -> None:
    room = record.call()[1]
    body = report(room, "participant_left", record.place("supervisor"))
    other = report(room, "room_finished", "")
    for signature in (
        "",
        signed(body, media, new_secret()),
        signed(body, media, "", algorithm="none"),
        signed(other, media, media.secret),
        signed(body, media, media.secret, life_s=-600),
    ):
        assert send(site, body, signature) == 401
    assert record.ask("SELECT count(*) FROM media_rawmediaevent WHERE event_id = 'EV_forged'") == [(0,)]
    assert scene.passing() == (True, True)
    log = "".join(path.read_text() for path in (site.directory / "logs").glob("*") if path.is_file())
    log += (site.directory / "terminal.txt").read_text()
    assert "did not sign" in log


def test_a_report_sent_again_is_handled_once_and_believed_in_nothing(
    site: Site, scene: Scene, record: Record, media: Media
) -> None:
    """Signed as the media server does: even true reports say nothing about presence, nor end a call."""
    room = record.call()[1]
    for event, who in (("participant_left", record.place("supervisor")), ("room_finished", "")):
        body = report(room, event, who, f"EV_{event}")
        signature = signed(body, media, media.secret)
        assert [send(site, body, signature) for _ in range(3)] == [200, 200, 200]
        kept = record.ask("SELECT count(*) FROM media_rawmediaevent WHERE event_id = ?", f"EV_{event}")
        assert kept == [(1,)]
    assert scene.passing() == (True, True)


# --- floods -----------------------------------------------------------------------------------------

GARBAGE: list[str | bytes] = [
    "nonsense",
    "[]",
    "[" * 8000,
    b"\x00\xff" * 100,
    "x" * 20_000,
    '{"t":1}',
    '{"t":"hello","gen":-1}',
]
GARBAGE += ['{"t":"hello","gen":9' + "9" * 5000 + "}", '{"t":"hello","gen":1e400}', '{"t":"hello"']


def test_garbage_closes_the_line_it_came_by(site: Site, record: Record, scene: Scene) -> None:
    for what in GARBAGE:
        with socket(site, f"/control/{record.place('visitor')}", cookies(scene.family)) as line:
            line.send(what)
            assert closes_with(line) == 1008, what[:30]
    assert scene.passing() == (True, True)
    assert record.shows("control", "not JSON", "visitor")


def test_floods_cost_nobody_else_anything_and_leave_a_few_lines(site: Site, record: Record, scene: Scene) -> None:
    path, cookie = f"/control/{record.place('visitor')}", cookies(scene.family)
    before = len(record.attempts())
    begun = time.monotonic()
    while time.monotonic() - begun < 4:
        with socket(site, path, cookie) as line, suppress(ConnectionClosed):
            for _ in range(200):
                line.send('{"t":"beat"}')
    with socket(site, path, cookie) as line, suppress(ConnectionClosed):
        line.send("x" * 2_000_000)
        assert closes_with(line) in {1009, 1006}
    assert scene.passing() == (True, True)
    assert within(4, lambda: ("control", "too many messages", "visitor") in record.attempts())
    assert len(record.attempts()) - before <= 5


# --- presence ---------------------------------------------------------------------------------------


def test_neither_family_nor_station_has_a_wall(site: Site, scene: Scene) -> None:
    for cookie in (cookies(scene.family), cookies(scene.station), ""):
        assert refused(site, "/control/wall", cookie) == 403


def test_a_partys_line_knows_no_word_of_an_officer(site: Site, scene: Scene, record: Record) -> None:
    for word in ('{"t":"stop_all","facility":1}', '{"t":"admit"}', '{"t":"resume"}'):
        with socket(site, f"/control/{record.place('visitor')}", cookies(scene.family)) as line:
            line.send('{"t":"hello","gen":77}')
            line.send(word)
            assert closes_with(line) == 1008, word
    assert record.ask("SELECT count(*) FROM audit_entry WHERE code = 'service.stopped'") == [(0,)]
    assert record.shows("control", "unknown word", "visitor")
