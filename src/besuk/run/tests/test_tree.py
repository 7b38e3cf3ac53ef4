"""A tree of processes: kept running, ended in order, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from besuk.ground.media.child import start_child, stop_child
from besuk.run.tree import ProcessTree, Program

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until(what: Callable[[], bool], seconds: float = 5) -> bool:
    for _ in range(int(seconds * 50)):
        if what():
            return True
        await asyncio.sleep(0.02)
    return what()


def _looks_dead(tree: ProcessTree) -> bool:
    tree.look()
    return tree.pid("web") is None


async def test_what_dies_is_started_again_after_a_pause() -> None:
    deaths: list[tuple[str, int]] = []
    tree = ProcessTree([Program("web", SLEEP)], on_death=lambda name, code: deaths.append((name, code)))
    tree.start()
    stop = asyncio.Event()
    running = asyncio.create_task(tree.run(stop))
    first = tree.pid("web")
    tree.kill("web")
    assert await until(lambda: tree.pid("web") not in (first, None))
    assert deaths == [("web", -signal.SIGKILL)]
    stop.set()
    await running


async def test_the_pause_doubles_while_a_program_keeps_dying() -> None:
    now = [0.0]
    tree = ProcessTree([Program("web", [sys.executable, "-c", ""])], monotonic=lambda: now[0])
    tree.start()
    pauses = []
    for _ in range(3):
        assert await until(lambda: _looks_dead(tree))
        ticks = 0
        while tree.pid("web") is None:
            ticks += 1
            now[0] += 0.05
            tree.look()
        pauses.append(ticks * 0.05)
    assert pauses == pytest.approx([0.2, 0.4, 0.8], abs=0.06)
    await tree.stop()


async def test_stopping_ends_every_child_and_kills_what_does_not_obey() -> None:
    tree = ProcessTree([Program("web", SLEEP), Program("media", STUBBORN, stop_patience_s=0.3)])
    tree.start()
    await asyncio.sleep(0.3)
    pids = [tree.pid("web"), tree.pid("media")]
    started = time.monotonic()
    await tree.stop()
    assert time.monotonic() - started < 2
    assert [alive(pid) for pid in pids if pid] == [False, False]


def test_children_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = (
        "import sys, time, pathlib; from besuk.ground.media.child import start_child;"
        "child = start_child([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"pathlib.Path({str(told)!r}).write_text(str(child.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])
    assert asyncio.run(until(lambda: told.exists() and told.read_text() != ""))
    child = int(told.read_text())
    assert alive(child)
    parent.kill()
    parent.wait()
    assert asyncio.run(until(lambda: not alive(child)))


def test_ctrl_c_in_the_terminal_does_not_reach_the_children_themselves() -> None:
    child = start_child(SLEEP)
    assert os.getpgid(child.pid) != os.getpgid(0)
    assert stop_child(child, patience_s=2) == -signal.SIGTERM


def test_a_child_that_ignores_every_signal_is_killed() -> None:
    child = start_child(STUBBORN)
    time.sleep(0.3)
    assert stop_child(child, patience_s=0.2, signals=(signal.SIGTERM, signal.SIGTERM)) == -signal.SIGKILL


def test_what_children_say_is_kept(tmp_path: Path) -> None:
    child = start_child([sys.executable, "-c", "print('hello')"], output=tmp_path / "log")
    assert child.wait() == 0
    assert (tmp_path / "log").read_text() == "hello\n"
