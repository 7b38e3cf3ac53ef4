"""A wall with eight calls in one browser: time to all pictures, what comes in over the line, what the page costs."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil  # type: ignore[import-untyped]

from bench.crowd import Crowd, crowd
from bench.figures import Figure, figure
from besuk.ground.kernel import clock
from besuk.testing.browsers import Window, browsers

CALLS = 8
TIMES = 6
WINDOWS = 4
WINDOW_MS = 8000
SETTLE_MS = 8000


def measure() -> list[Figure]:
    """The officer of the wall has a real browser; another officer keeps the calls open meanwhile."""
    with TemporaryDirectory() as folder, crowd(CALLS, officers=1, spare_officers=1) as people:
        people.start()
        people.become_live()
        with browsers(Path(folder)) as opened:
            wall = opened.open(width=1920, height=1080)
            watch_all(people, wall)
            pictures = [_to_all_pictures(wall) for _ in range(TIMES)]
            wall.page.wait_for_timeout(SETTLE_MS)
            windows = [_window(wall) for _ in range(WINDOWS)]
    line = "everything the browser received, RTP headers included, without UDP and IP (28 bytes a packet)"
    sound = "16 streams of sound, of which each is silent half of the time"
    return [
        figure("wall_8.all_pictures_ms", "ms", pictures, goal="<= 1500", note="loading the page to the 16th picture"),
        figure("wall_8.kbit_s", "kbit/s", [one["all"] for one in windows], goal="<= 1200", note=line),
        figure("wall_8.audio_kbit_s", "kbit/s", [one["audio"] for one in windows], note=sound),
        figure("wall_8.on_wire_kbit_s", "kbit/s", [one["wire"] for one in windows], note="with UDP and IP headers"),
        figure("wall_8.cpu_percent", "%", [one["cpu"] for one in windows], note="all processes of the browser"),
    ]


def watch_all(people: Crowd, wall: Window, officer: int = 1, *, most: int = CALLS) -> None:
    """Sign the window in as a spare officer, and watch the first calls there are."""
    refs = [call["ref"] for call in people.told["calls"]][:most]
    site = people.site
    name, _, value = people.as_officer(officer).cookie.partition("=")
    wall.context.add_cookies([{"name": name, "value": value, "url": site.base}])
    wall.page.goto(f"{site.base}/wall/")
    for ref in refs:
        wall.page.get_by_test_id(f"tile-{ref}").get_by_test_id("watch").click()
    wall.page.wait_for_function("n => window.__besuk.firstFrames.length >= n", arg=2 * len(refs), timeout=30_000)


def _to_all_pictures(wall: Window) -> float:
    wall.page.reload(wait_until="commit")
    wall.page.wait_for_function("n => window.__besuk?.firstFrames.length >= n", arg=2 * CALLS, timeout=30_000)
    began = wall.moment(0.0)
    frames = wall.first_frames()
    wall.page.wait_for_timeout(3000)
    return sorted(frames)[2 * CALLS - 1] - began


def _window(wall: Window) -> dict[str, float]:
    """Kilobits a second and percent of a core, over some seconds."""
    began, line, cpu = clock.monotonic(), _line(wall), _cpu(wall)
    wall.page.wait_for_timeout(WINDOW_MS)
    passed, line_after, cpu_after = clock.monotonic() - began, _line(wall), _cpu(wall)
    moved = {name: (line_after[name] - line[name]) * 8 / 1000 / passed for name in ("all", "audio", "wire")}
    return {**moved, "cpu": 100 * (cpu_after - cpu) / passed}


def _line(wall: Window) -> dict[str, float]:
    rows: list[dict[str, Any]] = wall.page.evaluate("window.__besuk.inbound()")
    total = sum(row["bytes"] for row in rows if row["kind"] == "transport")
    packets = sum(row["packets"] for row in rows if row["kind"] == "transport")
    audio = sum(row["bytes"] for row in rows if row["kind"] == "audio")
    return {"all": total, "audio": audio, "wire": total + 28 * packets}


def _cpu(wall: Window) -> float:
    processes = [one for pid in wall.pids for one in (psutil.Process(pid), *psutil.Process(pid).children(True))]
    return sum(float(one.cpu_times().user + one.cpu_times().system) for one in processes)
