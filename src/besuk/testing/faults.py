"""Faults done to a running demo's own processes, and how long people still get packets after them."""

import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from besuk.ground.kernel import clock
from besuk.testing.scene import Scene
from besuk.testing.site import Site

NO_SIGN = """
const parse = JSON.parse;
JSON.parse = (...given) => {
  const value = parse(...given);
  if (value && value.signKey) value.signKey = null;
  return value;
};
"""
"""A page with this never falls silent by itself: its own guard believes that no sign is asked of it."""


def kill(site: Site, name: str) -> None:
    """End one part as a crash would; the tree starts it again."""
    site.part(name).kill()


@contextmanager
def dying_again_and_again(site: Site, name: str) -> Iterator[None]:
    """Kill the part, and each successor as soon as it is there, until the block ends."""
    over = threading.Event()

    def keep_killing() -> None:
        while not over.wait(0.05):
            try:
                kill(site, name)
            except (LookupError, psutil.Error):
                continue

    kill(site, name)
    killer = threading.Thread(target=keep_killing)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """The process does nothing for the block, as if the machine had no time for it."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def database_gone(site: Site) -> Iterator[None]:
    """The database's file cannot be opened for the block; what had it open finds no way to write."""
    away = site.database.with_name("away")
    site.database.rename(away)
    site.database.mkdir()
    try:
        yield
    finally:
        site.database.rmdir()
        away.rename(site.database)


@contextmanager
def disk_full(disk: Path) -> Iterator[None]:
    """Not a byte is left on the disk for the block. Only for a small disk of its own."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        for size in (2**20, 2**12, 1):
            with suppress(OSError):
                while True:
                    stream.write(b"x" * size)
    try:
        yield
    finally:
        filler.unlink()


def recorded(site: Site, code: str) -> int:
    """How often something stands in the calls' record."""
    return int(site.ask("SELECT count(*) FROM live_happening WHERE code = ?", code)[0][0])


def until_recorded(site: Site, code: str, times: int, within_s: float) -> None:
    """Wait until it is on record so often. Raises TimeoutError."""
    began = clock.monotonic()
    while recorded(site, code) < times:
        if clock.monotonic() - began > within_s:
            raise TimeoutError(f"{code} is not recorded {times} times within {within_s} s")
        time.sleep(0.1)


def silence(stage: Scene, lose: Callable[[], object], watch_s: float) -> tuple[float, float]:
    """Lose something, watch for `watch_s`: seconds to the last packet at the family's and the station's end.

    Infinite for an end that still received when the watch was over. Raises LookupError where nothing ever came.
    """
    windows = (stage.family, stage.station)
    for window in windows:
        window.look_often()
    began = clock.monotonic() * 1000
    lose()
    stage.family.page.wait_for_timeout(watch_s * 1000)
    over = clock.monotonic() * 1000
    last = [window.received().last_packet_ms for window in windows]
    for window in windows:
        window.look_often(on=False)
    if not all(last):
        raise LookupError("nothing had ever come to one end")
    family, station = (math.inf if over - one < STILL_COMING_MS else (one - began) / 1000 for one in last)
    return family, station


def seconds_until_passing(stage: Scene, within_s: float) -> float:
    """Seconds until decoded pictures and sound reach both ends again. Raises TimeoutError when they do not."""
    began = clock.monotonic()
    before = [one.received() for one in (stage.family, stage.station)]
    while clock.monotonic() - began < within_s:
        after = [one.received() for one in (stage.family, stage.station)]
        pairs = list(zip(before, after, strict=True))
        if all(b.frames_decoded > a.frames_decoded + 2 and b.audio_packets > a.audio_packets + 5 for a, b in pairs):
            return clock.monotonic() - began
        time.sleep(0.05)
    raise TimeoutError(f"nothing passes again within {within_s} s")


STILL_COMING_MS = 300
"""A last packet this shortly before the end of the watch was not the last."""
STEADY_S = 3.0


def seconds_until_steady(stage: Scene, within_s: float) -> float:
    """Seconds until both ends begin to receive for good: `STEADY_S` without a gap. Raises TimeoutError."""
    began = last_gap = clock.monotonic()
    before = [one.received() for one in (stage.family, stage.station)]
    while clock.monotonic() - last_gap < STEADY_S:
        if clock.monotonic() - began > within_s:
            raise TimeoutError(f"nothing passes again for good within {within_s} s")
        stage.family.page.wait_for_timeout(300)
        after = [one.received() for one in (stage.family, stage.station)]
        pairs = zip(before, after, strict=True)
        if not all(b.frames_decoded > a.frames_decoded and b.audio_packets > a.audio_packets for a, b in pairs):
            last_gap = clock.monotonic()
        before = after
    return last_gap - began
