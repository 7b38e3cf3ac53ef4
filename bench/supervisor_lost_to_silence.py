"""From losing the officer to the last packet at each end: browser killed, page frozen, line cut, and under load."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.figures import Figure, figure
from bench.site import live_call, scene
from besuk.testing import faults
from besuk.testing.networks import network
from besuk.testing.scene import Scene
from besuk.testing.site import Site

TIMES = 6
TIMES_UNDER_LOAD = 3
WATCH_S = 4.5
FROZEN, CLOSED = "<= 3500", "<= 1200 when the socket closes"


def measure() -> list[Figure]:
    """Each loss within one call, the officer coming back in between."""
    with scene() as stage:
        live_call(stage)
        killed, frozen = _each_killed(stage, TIMES), _each_frozen(stage, TIMES)
        with _rush(stage.site) as told:
            loaded_killed = _each_killed(stage, TIMES_UNDER_LOAD)
            loaded = _each_frozen(stage, TIMES_UNDER_LOAD)
    did = told()
    if not did.get("booked"):
        raise RuntimeError(f"there was no load: {did}")
    note = f"during {did.get('imports', 0)} imports of 1,500 inmates in one transaction"
    note += f" each, {did.get('booked', 0)} bookings and {did.get('asked', 0)} looks for free slots (bench/rush.py)"
    return [
        figure("supervisor_lost_to_silence.killed", "ms", killed, goal=CLOSED),
        figure("supervisor_lost_to_silence.frozen", "ms", frozen, goal=FROZEN),
        _network(),
        figure("supervisor_lost_to_silence.under_load", "ms", loaded, goal=FROZEN, note=f"frozen, {note}"),
        figure("supervisor_lost_to_silence.under_load_killed", "ms", loaded_killed, goal=CLOSED, note=note),
    ]


def _network() -> Figure:
    name = "supervisor_lost_to_silence.network"
    if os.geteuid() != 0:
        return Figure(name, "ms", goal=FROZEN, error="cutting a line needs root")
    cut: list[float] = []
    with network() as net, scene(net) as stage:
        live_call(stage)
        line = stage.lines.officer
        assert line is not None
        for _ in range(TIMES):
            cut += _silence(stage, line.cut)
            line.mend()
            _is_live_again(stage)
    return figure(name, "ms", cut, goal=FROZEN, note="packets lost both ways without a word to either end")


def _each_killed(stage: Scene, times: int) -> list[float]:
    found: list[float] = []
    for _ in range(times):
        found += _silence(stage, lambda: _kill(stage))
        stage.reopen_officer()
        _is_live_again(stage)
    return found


def _each_frozen(stage: Scene, times: int) -> list[float]:
    found: list[float] = []
    for _ in range(times):
        debugger = stage.officer.context.new_cdp_session(stage.officer.page)
        debugger.send("Debugger.enable")
        found += _silence(stage, lambda: debugger.send("Debugger.pause"))  # noqa: B023  called at once
        debugger.send("Debugger.resume")
        debugger.detach()
        _is_live_again(stage)
    return found


def _is_live_again(stage: Scene) -> None:
    stage.becomes("live", within_s=30)
    faults.seconds_until_passing(stage, 30)
    stage.family.page.wait_for_timeout(1500)


def _kill(stage: Scene) -> None:
    for pid in stage.officer.pids:
        os.kill(pid, signal.SIGKILL)


def _silence(stage: Scene, lose: Callable[[], object]) -> list[float]:
    return [1000 * seconds for seconds in faults.silence(stage, lose, WATCH_S)]


@contextmanager
def _rush(site: Site) -> Iterator[Callable[[], dict[str, int]]]:
    """Heavy work on the site's database for the block; the function tells afterwards how much it was."""
    process = site.spawn("bench.rush")
    said: list[str] = []
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError("the load did not begin")
        yield lambda: dict(json.loads(said[-1])) if said else {}
    finally:
        process.kill()
        said += process.communicate()[0].splitlines()
