"""A party loads the page of a live call again: from the start of loading to the first picture, at both ends."""

from bench.bare import two_bare_windows
from bench.figures import Figure, figure
from bench.site import live_call, scene
from besuk.testing.browsers import Window

TIMES = 15


def measure() -> list[Figure]:
    """Both include loading the page; so does the baseline, a bare page with the media server alone.

    They come from another page of the same site, as families do: coming from nowhere makes the browser start
    a process for a site that keeps others out of its own (COOP), which the bare page does not do.
    """
    with two_bare_windows() as (room, windows):
        room.open_room()
        addresses = [room.address("i-b"), room.address("v-a")]
        windows[1].page.goto(addresses[0])
        bare = [_once(windows[0], windows[1], "about:blank", addresses[1]) for _ in range(TIMES + 1)][1:]
    with scene() as stage:
        live_call(stage)
        address = stage.family.page.url
        before = address.split("/visits/", maxsplit=1)[0] + "/my-visits/"
        ours = [_once(stage.family, stage.station, before, address) for _ in range(TIMES + 1)][1:]
    goal = "<= 1.3x baseline, median <= 400 ms"
    return [
        figure(
            f"join_to_first_frame.{who}", "ms", [one[n] for one in ours], goal=goal, baseline=[one[n] for one in bare]
        )
        for n, who in enumerate(("joiner", "waiting"))
    ]


def _once(joiner: Window, waiting: Window, before: str, address: str) -> tuple[float, float]:
    joiner.page.goto(before)
    waiting.page.wait_for_timeout(1000)
    seen = len(waiting.first_frames())
    joiner.page.evaluate("to => { location.href = to; }", address)
    joiner.page.wait_for_url(address)
    joiner.page.wait_for_function("() => window.__besuk.firstFrames.length > 0")
    waiting.page.wait_for_function("n => window.__besuk.firstFrames.length > n", arg=seen)
    began = joiner.moment(0.0)
    result = joiner.first_frames()[0] - began, waiting.first_frames()[seen] - began
    waiting.page.wait_for_timeout(2000)
    return result
