"""From losing the officer to the last packet at each end: browser killed, and page frozen."""

import os
import signal
from collections.abc import Callable
from functools import partial

from bench.figures import Figure, figure
from bench.site import live_call, scene
from besuk.ground.kernel import clock
from besuk.testing.scene import Scene

TIMES = 6


def measure() -> list[Figure]:
    """Each loss within one call, the officer coming back in between. Network cut and load are not measured here yet."""
    killed: list[float] = []
    frozen: list[float] = []
    with scene() as stage:
        live_call(stage)
        for _ in range(TIMES):
            killed += _silence(stage, lambda: _kill(stage))
            stage.reopen_officer()
            stage.becomes("live", within_s=20)
            stage.family.page.wait_for_timeout(1500)
        for _ in range(TIMES):
            debugger = stage.officer.context.new_cdp_session(stage.officer.page)
            debugger.send("Debugger.enable")
            frozen += _silence(stage, partial(debugger.send, "Debugger.pause"))
            debugger.send("Debugger.resume")
            debugger.detach()
            stage.becomes("live", within_s=20)
            stage.family.page.wait_for_timeout(1500)
    return [
        figure("supervisor_lost_to_silence.killed", "ms", killed, goal="<= 1200 when the socket closes"),
        figure("supervisor_lost_to_silence.frozen", "ms", frozen, goal="<= 3500"),
    ]


def _kill(stage: Scene) -> None:
    for pid in stage.officer.pids:
        os.kill(pid, signal.SIGKILL)


def _silence(stage: Scene, lose: Callable[[], object]) -> list[float]:
    windows = (stage.family, stage.station)
    for window in windows:
        window.look_often()
    began = clock.now().timestamp() * 1000
    lose()
    stage.family.page.wait_for_timeout(4500)
    found = [window.received().last_packet_ms - began for window in windows]
    for window in windows:
        window.look_often(on=False)
    return found
