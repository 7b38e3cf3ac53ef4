"""What people notice of a fault: seconds until pages answer and both ends see and hear for good, and what was lost.

Counted from the death of what was killed, from the end of what lasts (a frozen process, a database that is away),
and for the officer's browser and the whole site from when they are there again: nobody else brings those back.
`.unsupervised_s` is media beyond the guard's five seconds, `.lost` what the officer read as kept and is not on record.
"""

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from functools import partial
from urllib.request import urlopen

from playwright.sync_api import TimeoutError as NoAnswer

from bench.crowd import pause
from bench.figures import Figure, figure
from bench.site import live_call, scene
from besuk.ground.kernel import clock
from besuk.testing import faults
from besuk.testing.scene import Scene
from besuk.testing.site import start

TIMES = 2
LASTS_S = 6.0
BOUND_S = 5.0
BACK_WITHIN_S = 45.0
KILLED = ("web", "worker", "media")


class Tally:
    """What was measured so far, over all faults."""

    def __init__(self) -> None:
        self.back: dict[str, list[float]] = {}
        self.beyond: list[float] = []
        self.kept = 0


def measure() -> list[Figure]:
    """One call; each fault a few times, the next one when all is well again."""
    tally = Tally()
    with scene() as stage:
        live_call(stage)
        for _ in range(TIMES):
            for name, fault in _deaths(stage).items():
                _one(stage, tally, name, fault)
            for name, lasting in _lasting(stage).items():
                _one(stage, tally, name, partial(_last, tally, stage, name, lasting))
        lost = tally.kept - _kept(stage)
        whole = stage.site.verify()
    note = "" if whole.returncode == 0 else f"the record does not verify: {whole.stdout[:200]}"
    return [
        *(figure(f"faults.{name}_back_s", "s", seconds, goal="stated") for name, seconds in tally.back.items()),
        figure("faults.unsupervised_s", "s", tally.beyond, goal="0", note="while the web process stands still"),
        figure("faults.lost", "records", [float(lost)], goal="0", note=note or f"of {tally.kept}; the record verifies"),
    ]


def _one(stage: Scene, tally: Tally, name: str, fault: Callable[[], object]) -> None:
    """The officer keeps something, and the fault comes in the next moment."""
    tally.kept += _keep_something(stage)
    fault()
    tally.back.setdefault(name, []).append(
        _seconds_until_answering(stage) + faults.seconds_until_steady(stage, BACK_WITHIN_S)
    )


def _seconds_until_answering(stage: Scene) -> float:
    """A call goes on while the web process is away, and is held for a moment when it is back: so first that."""
    began = clock.monotonic()
    while clock.monotonic() - began < BACK_WITHIN_S:
        with suppress(OSError), urlopen(f"{stage.site.base}/demo/", timeout=2):
            return clock.monotonic() - began
        pause(0.05)
    raise TimeoutError(f"no page answers within {BACK_WITHIN_S} s")


def _deaths(stage: Scene) -> dict[str, Callable[[], object]]:
    killed = {f"{part}_killed": partial(faults.kill, stage.site, part) for part in KILLED}
    return {**killed, "officers_browser_killed": partial(_kill_officer, stage), "all_killed": partial(_kill_all, stage)}


def _lasting(stage: Scene) -> dict[str, Callable[[], AbstractContextManager[None]]]:
    return {
        "web_frozen": lambda: faults.frozen(stage.site.part("web").pid),
        "database_gone": lambda: faults.database_gone(stage.site),
    }


def _last(tally: Tally, stage: Scene, name: str, fault: Callable[[], AbstractContextManager[None]]) -> None:
    with fault():
        last = faults.silence(stage, lambda: None, LASTS_S)
    if name == "web_frozen":
        tally.beyond += [max(0.0, seconds - BOUND_S) for seconds in last]


def _kill_officer(stage: Scene) -> None:
    for pid in stage.officer.pids:
        os.kill(pid, signal.SIGKILL)
    stage.reopen_officer()


def _kill_all(stage: Scene) -> None:
    """As when the power fails, and is there again at once."""
    site = stage.site
    site.process.kill()
    site.process.wait(5)
    site.process = start(site.directory, site.port).process


def _keep_something(stage: Scene) -> int:
    """The officer keeps an incident and is answered that it is kept. Where no answer comes it is tried again."""
    for _ in range(5):
        stage.act("incident")
        try:
            with stage.officer.page.expect_response("**/incident", timeout=4000) as answer:
                stage.officer.press("choose-threat")
        except NoAnswer:
            continue
        told = answer.value.json()
        return int(told["ok"] and told.get("recorded", True))
    raise RuntimeError("the officer's page gets no answer")


def _kept(stage: Scene) -> int:
    with closing(sqlite3.connect(f"file:{stage.site.database}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM oversight_incident").fetchone()[0])
