"""How long a site that was set up before takes to its first page, and what the idle tree weighs."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.crowd import crowd
from bench.figures import Figure, figure
from besuk.ground.kernel import clock
from besuk.testing.site import running_demo

TIMES = 5


def measure() -> list[Figure]:
    """The demo's second and later starts (the same tree as `besuk serve`, with its people), and its memory (PSS)."""
    seconds: list[float] = []
    idle: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        with running_demo(Path(folder)):
            pass
        for _ in range(TIMES):
            with running_demo(Path(folder)) as site:
                seconds.append(site.seconds)
                time.sleep(5)
                idle.append(site.memory_mb())
    note = "the demo's later starts, with its re-timing of visits; the goal is that of `besuk serve`"
    return [
        figure("start_up.first_page_s", "s", seconds, goal="<= 3", baseline=_bare_python(), note=note),
        figure("start_up.idle_mb", "MB", idle, goal="<= 350"),
        three_calls(),
    ]


def three_calls() -> Figure:
    """Memory of the whole tree (PSS) while three calls with an officer are live."""
    found: list[float] = []
    with crowd(3, officers=1) as people:
        people.start()
        people.become_live()
        people.must_flow()
        for _ in range(TIMES):
            time.sleep(5)
            found.append(people.site.memory_mb())
    return figure("start_up.three_calls_mb", "MB", found, note="three calls of two sides and one officer each")


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
