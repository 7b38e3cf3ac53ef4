"""From the death of the web process, keeper and all, to the last packet at each end: by the guard, by the station.

`.guard`: web killed again and again, the station's own eye made blind. `.station`: the tree that holds the guard
stands still, so nobody but the station itself can stop anything.
"""

from bench.figures import Figure, figure
from bench.site import live_call, scene
from besuk.testing import faults
from besuk.testing.scene import Scene

TIMES = 3
WATCH_S = 9.0
BACK_WITHIN_S = 45.0


def measure() -> list[Figure]:
    """Both within one call, which comes back by itself in between."""
    with scene() as stage:
        live_call(stage)
        station = [_by_the_station(stage) for _ in range(2 * TIMES)]
        stage.station.context.add_init_script(faults.NO_SIGN)
        stage.station.page.reload()
        faults.seconds_until_passing(stage, BACK_WITHIN_S)
        guard = [seconds for _ in range(TIMES) for seconds in _by_the_guard(stage)]
    return [
        figure("app_dead_to_silence.guard", "s", guard, goal="<= 5"),
        figure("app_dead_to_silence.station", "s", station, goal="<= 6"),
    ]


def _by_the_station(stage: Scene) -> float:
    """At the family: the station stops sending and playing. What the family sends still reaches it, unplayed."""
    with faults.frozen(stage.site.process.pid):
        family, _ = faults.silence(stage, lambda: faults.kill(stage.site, "web"), WATCH_S)
    faults.seconds_until_steady(stage, BACK_WITHIN_S)
    return family


def _by_the_guard(stage: Scene) -> tuple[float, float]:
    with faults.dying_again_and_again(stage.site, "web"):
        found = faults.silence(stage, lambda: None, WATCH_S)
    faults.seconds_until_steady(stage, BACK_WITHIN_S)
    return found
