"""Rooms without somebody who vouches for them end; with the real media server, in time."""

import asyncio
import errno
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from besuk.ground.media.leases import GRACE_S, LeaseWriter, drop_lease, read_leases
from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.port import MediaCluster
from besuk.ground.media.rooms import RoomKind, kind_of, new_room
from besuk.ground.media.server import MediaProcess
from besuk.ground.media.tests.conftest import start_media
from besuk.run.guard import Guard, NoAnswer, TwirpRooms


class Server:
    """A media server of lists, which can stop answering."""

    def __init__(self, *rooms: str) -> None:
        self.open = list(rooms)
        self.silent = False

    async def names(self) -> list[str]:
        self._answer()
        return list(self.open)

    async def delete(self, room: str) -> None:
        self._answer()
        self.open.remove(room)

    def _answer(self) -> None:
        if self.silent:
            raise NoAnswer("silent")


class Watch:
    """A clock set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Case:
    """A guard over a server of lists, with a clock set by hand."""

    def __init__(self, leases: Path, *kinds: RoomKind) -> None:
        self.rooms = [new_room(kind) for kind in kinds]
        self.server, self.watch, self.kills = Server(*self.rooms), Watch(), 0
        self.writer = LeaseWriter(leases)
        self.guard = Guard(self.server, leases, self._kill, self.watch)

    def _kill(self) -> None:
        self.kills += 1

    async def after(self, seconds: float) -> list[str]:
        self.watch.now += seconds
        await self.guard.tick()
        return self.server.open


async def test_a_supervised_room_without_a_lease_ends_after_four_seconds(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.SUPERVISED)
    assert await case.after(0) == case.rooms
    assert await case.after(3.9) == case.rooms
    assert await case.after(0.2) == []


async def test_a_privileged_room_may_go_two_minutes_without_a_lease(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.PRIVILEGED)
    await case.after(0)
    assert await case.after(119) == case.rooms
    assert await case.after(2) == []


async def test_a_room_that_is_vouched_for_stays(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.SUPERVISED, RoomKind.VOICE)
    for _ in range(20):
        for room in case.rooms:
            case.writer.renew(room, case.watch.now)
        assert await case.after(1) == case.rooms


async def test_a_room_ends_four_seconds_after_the_last_lease(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.SUPERVISED)
    case.writer.renew(case.rooms[0], case.watch.now)
    assert await case.after(3.9) == case.rooms
    assert await case.after(0.2) == []
    assert read_leases(tmp_path) == {}


async def test_a_dropped_lease_leaves_the_room_its_grace(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.SUPERVISED)
    case.writer.renew(case.rooms[0], case.watch.now)
    await case.after(1)
    case.writer.drop(case.rooms[0])
    assert await case.after(1) == case.rooms
    assert await case.after(4) == []


async def test_a_room_with_a_strange_name_is_held_to_the_strictest_rule(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.server.open.append("pv-but-not-ours")
    await case.after(0)
    assert await case.after(4.1) == []


async def test_a_silent_server_is_killed_only_when_a_supervised_room_is_overdue(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.SUPERVISED)
    case.writer.renew(case.rooms[0], case.watch.now)
    case.server.silent = True
    await case.after(3)
    assert case.kills == 0
    await case.after(1.1)
    assert case.kills == 1
    await case.after(10)
    assert case.kills == 1, "the room died with the server: no reason to kill the next one"


async def test_a_silent_server_with_privileged_rooms_alone_is_left_in_peace(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.PRIVILEGED)
    case.writer.renew(case.rooms[0], case.watch.now)
    case.server.silent = True
    await case.after(1000)
    assert case.kills == 0


async def test_a_room_that_was_seen_counts_without_any_lease(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.SUPERVISED)
    await case.after(0)
    case.server.silent = True
    await case.after(4.1)
    assert case.kills == 1


async def test_an_old_lease_of_a_room_that_is_gone_is_no_reason_to_kill(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.writer.renew(new_room(RoomKind.SUPERVISED), case.watch.now)
    await case.after(5)
    case.server.silent = True
    await case.after(5)
    assert case.kills == 0


async def test_a_server_that_is_not_ours_to_kill_is_not_killed(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.SUPERVISED)
    case.guard.kill = None
    await case.after(0)
    case.server.silent = True
    await case.after(5)
    assert case.kills == 0


async def test_a_lease_from_before_a_boot_counts_for_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path, RoomKind.SUPERVISED)
    case.writer.renew(case.rooms[0], case.watch.now + 50_000)
    assert await case.after(0) == []


def test_what_is_no_lease_is_not_read(tmp_path: Path) -> None:
    room = new_room(RoomKind.SUPERVISED)
    for content in ("", "[]", "{}", '{"room": "x", "valid_until": 1}', f'{{"room": "{room}", "valid_until": "1"}}'):
        (tmp_path / f"{room}.json").write_text(content)
        assert read_leases(tmp_path) == {}
    with pytest.raises(ValueError, match="not a room"):
        LeaseWriter(tmp_path).renew("../../etc/passwd", 1.0)
    drop_lease(tmp_path, "../../etc/passwd")


def test_a_full_disk_takes_no_lease_from_a_room_that_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known, new, writer = new_room(RoomKind.SUPERVISED), new_room(RoomKind.SUPERVISED), LeaseWriter(tmp_path)
    writer.renew(known, 9.0)

    def no_space(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_space)
    writer.renew(known, 1234.5)
    assert read_leases(tmp_path)[known].valid_until == 1234.5 + GRACE_S[RoomKind.SUPERVISED]
    with pytest.raises(FileNotFoundError):
        writer.renew(new, 1234.5)
    assert [path.stem for path in tmp_path.iterdir()] == [known]


def test_names_tell_the_kind() -> None:
    for kind in RoomKind:
        assert kind_of(new_room(kind)) is kind
    assert set(GRACE_S) == set(RoomKind)


async def test_a_tick_that_fails_does_not_end_the_guard(tmp_path: Path) -> None:
    class Stumbling(Server):
        ticks = 0

        async def names(self) -> list[str]:
            self.ticks += 1
            raise ZeroDivisionError

    server, stop = Stumbling(), asyncio.Event()
    running = asyncio.create_task(Guard(server, tmp_path).run(stop))
    await asyncio.sleep(0.6)
    stop.set()
    await running
    assert server.ticks >= 2


def test_the_guard_is_light_and_knows_no_django() -> None:
    script = (
        "import sys, besuk.run.guard, besuk.run.tree, besuk.ground.media.server;"
        "sys.exit(any(name.split('.')[0] in {'django', 'aiohttp', 'livekit'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


async def test_a_server_that_is_not_there_gives_no_answer() -> None:
    rooms = TwirpRooms(MediaCluster("http://127.0.0.1:9", "besuk", "x" * 40))
    with pytest.raises(NoAnswer):
        await rooms.names()
    with pytest.raises(NoAnswer):
        await rooms.delete("r")


@pytest.fixture
def process(tmp_path: Path) -> Iterator[MediaProcess]:
    started = start_media(tmp_path)
    yield started
    started.kill()


async def _make(process: MediaProcess, *kinds: RoomKind) -> list[str]:
    server = LiveKitServer(process.plan.cluster)
    rooms = [new_room(kind) for kind in kinds]
    for room in rooms:
        await server.ensure_room(room, empty_timeout_s=60, departure_timeout_s=60, max_participants=8)
    await server.close()
    return rooms


@pytest.mark.media
@pytest.mark.slow
async def test_the_real_server_loses_the_room_nobody_vouches_for(process: MediaProcess, tmp_path: Path) -> None:
    kept, lost, privileged = await _make(process, RoomKind.SUPERVISED, RoomKind.SUPERVISED, RoomKind.PRIVILEGED)
    rooms, writer, stop = TwirpRooms(process.plan.cluster), LeaseWriter(tmp_path / "leases"), asyncio.Event()
    for room in (kept, lost):
        writer.renew(room, time.monotonic())
    vouched = time.monotonic()
    running = asyncio.create_task(Guard(rooms, tmp_path / "leases", process.kill).run(stop))
    while lost in await rooms.names():
        writer.renew(kept, time.monotonic())
        await asyncio.sleep(0.1)
        assert time.monotonic() - vouched < 5
    assert time.monotonic() - vouched >= 4
    assert set(await rooms.names()) == {kept, privileged}
    stop.set()
    await running


@pytest.mark.media
@pytest.mark.slow
async def test_a_frozen_server_is_killed_when_a_supervised_room_is_overdue(
    process: MediaProcess, tmp_path: Path
) -> None:
    (room,) = await _make(process, RoomKind.SUPERVISED)
    writer, stop = LeaseWriter(tmp_path / "leases"), asyncio.Event()
    writer.renew(room, time.monotonic())
    vouched = time.monotonic()
    running = asyncio.create_task(Guard(TwirpRooms(process.plan.cluster), tmp_path / "leases", process.kill).run(stop))
    os.kill(process.pid or 0, signal.SIGSTOP)
    await asyncio.sleep(2)
    assert process.exit_code() is None, "the lease still holds"
    while process.exit_code() is None:
        await asyncio.sleep(0.05)
        assert time.monotonic() - vouched < 6
    stop.set()
    await running


class _Other(http.server.BaseHTTPRequestHandler):
    """Some other server on the media server's port."""

    answer: tuple[int, bytes] = (404, b"not here")

    def do_POST(self) -> None:
        self.send_response(self.answer[0])
        self.end_headers()
        self.wfile.write(self.answer[1])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the base class
        """Say nothing."""


@pytest.mark.parametrize("answer", [(404, b"not here"), (200, b'{"rooms": [{"sid": "RM_x"}]}'), (200, b"[]")])
async def test_a_server_that_is_not_the_media_server_is_no_answer(answer: tuple[int, bytes]) -> None:
    """That there are no rooms, only a media server can say: anything else makes the guard fail towards silence."""
    _Other.answer = answer
    other = http.server.HTTPServer(("127.0.0.1", 0), _Other)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        rooms = TwirpRooms(MediaCluster(f"http://127.0.0.1:{other.server_port}", "besuk", "s" * 40))
        with pytest.raises(NoAnswer):
            await rooms.names()
    finally:
        other.shutdown()
