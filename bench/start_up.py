"""How long a site that was set up before takes to its first page, and what the idle tree weighs."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bench.figures import Figure, figure
from besuk.ground.kernel import clock
from besuk.run.plan import free_port
from besuk.testing.site import clean, running_demo

TIMES = 5
MEGABYTE = 1024 * 1024


def measure() -> list[Figure]:
    """The demo's second and later starts (the same tree as `besuk serve`, with its people), and its memory (PSS)."""
    seconds: list[float] = []
    idle: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        with running_demo(Path(folder)):
            pass
        for _ in range(TIMES):
            took, weight = _start(Path(folder))
            seconds.append(took)
            idle.append(weight)
    note = "the demo's later starts, with its re-timing of visits; the goal is that of `besuk serve`"
    return [
        figure("start_up.first_page_s", "s", seconds, goal="<= 3", baseline=_bare_python(), note=note),
        figure("start_up.idle_mb", "MB", idle, goal="<= 350"),
    ]


def _start(folder: Path) -> tuple[float, float]:
    port = free_port()
    command = [sys.executable, "-m", "besuk.run.cli", "demo", "--port", str(port), "--dir", str(folder)]
    began = clock.monotonic()
    process = subprocess.Popen(command, env=clean(), stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd=folder)
    try:
        while not _answers(port):
            time.sleep(0.01)
            if process.poll() is not None or clock.monotonic() - began > 60:
                raise RuntimeError("the site did not start")
        took = clock.monotonic() - began
        time.sleep(5)
        tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        return took, sum(one.memory_full_info().pss for one in tree) / MEGABYTE
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
            return int(answer.status) == 200
    except OSError:
        return False


def _bare_python() -> list[float]:
    """The baseline: a process that imports Django, sets it up, and ends."""
    command = [sys.executable, "-c", "import django; django.setup()"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "besuk.config.settings"}
    found = []
    for _ in range(TIMES):
        began = clock.monotonic()
        subprocess.run(command, env=environment, check=True)
        found.append(clock.monotonic() - began)
    return found
