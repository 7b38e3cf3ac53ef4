"""From the officer's "end" to the last packet at each end. A closed connection counts as its last packet.

And with clients at both ends that ignore the end: what the media server still forwards to each of them.
"""

from pathlib import Path

from bench.bare import two_bare_windows
from bench.figures import Figure, figure
from bench.site import live_call, scene
from besuk.ground.kernel import clock
from besuk.testing.scene import Scene

CALLS = 12
CALLS_IGNORED = 6
IGNORING = Path(__file__).parent / "ignoring.js"
GOAL = "median <= 100 ms, p95 <= 300"


def measure() -> list[Figure]:
    """`.visitor` and `.station` from sending the request (before it arrives), `.click_visitor` from the click."""
    alone = _alone()
    family: list[float] = []
    station: list[float] = []
    click: list[float] = []
    with scene() as stage:
        for _ in range(CALLS):
            live_call(stage)
            for window in (stage.family, stage.station):
                window.look_often()
            clicked = clock.monotonic() * 1000
            stage.end()
            stage.family.page.wait_for_timeout(1000)
            asked = stage.officer.asked_at("/end")
            last = stage.family.received().last_packet_ms
            family.append(last - asked)
            click.append(last - clicked)
            station.append(stage.station.received().last_packet_ms - asked)
            stage.becomes("ended")
        ignoring = _ignoring(stage)
    note = "baseline: DeleteRoom asked of the media server alone"
    return [
        figure("cut_to_silence.visitor", "ms", family, goal=GOAL, baseline=alone, note=note),
        figure("cut_to_silence.station", "ms", station, goal=GOAL, baseline=alone, note=note),
        figure("cut_to_silence.click_visitor", "ms", click, note="with the driver's two clicks and the dialog"),
        figure("cut_to_silence.ignoring_client", "ms", ignoring, goal="<= 500", note="what reaches each of two such"),
    ]


def _ignoring(stage: Scene) -> list[float]:
    """Both ends go on sending and close nothing; the last packet that each still receives of the other."""
    ends = (stage.family, stage.station)
    for window in ends:
        window.context.add_init_script(path=IGNORING)
    found: list[float] = []
    for _ in range(CALLS_IGNORED):
        live_call(stage)
        for window in ends:
            window.page.evaluate("window.ignoreOrders()")
            window.look_often()
        stage.end()
        stage.family.page.wait_for_timeout(1500)
        asked = stage.officer.asked_at("/end")
        found += [window.received().last_packet_ms - asked for window in ends]
    return found


def _alone() -> list[float]:
    with two_bare_windows() as (room, windows):
        found = []
        for _ in range(6):
            room.open_room()
            for window, who in zip(windows, ("v-a", "i-b"), strict=True):
                window.page.goto(room.address(who))
            windows[0].page.wait_for_timeout(2500)
            for window in windows:
                window.look_often()
            windows[0].page.wait_for_timeout(200)
            asked = clock.monotonic() * 1000
            room.delete_room()
            windows[0].page.wait_for_timeout(800)
            found += [window.received().last_packet_ms - asked for window in windows]
        return found
