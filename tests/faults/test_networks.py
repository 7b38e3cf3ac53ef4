"""Officer, station and family lose their line: who falls silent, who reads what, and that all come back.

One story on one call: each test goes on where the one before it left off. Every browser has a line of its own.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass

import pytest

from besuk.ground.kernel import clock
from besuk.testing import faults, needs
from besuk.testing.browsers import Browsers, Window
from besuk.testing.networks import Line, Network, network
from besuk.testing.scene import Scene, lines_of
from besuk.testing.site import Site, running_demo

pytestmark = pytest.mark.browser
SILENT_WITHIN_S = 3.5
NOTICED_S = 2.5
"""Until a side's cut line is known: heartbeats of 1 s, and UNHEARD_S."""
SAID_WITHIN_S = 2.0
BACK_WITHIN_S = 20
AFTER_THE_CUT_S = 0.3
"""What was on its way when the line was cut has arrived after this."""
TELL_APART = """
([selector, words]) => {
  window.__saidAt = 0;
  clearInterval(window.__waiting);
  window.__waiting = setInterval(() => {
    const box = document.querySelector(selector);
    const there = box && box.checkVisibility() && box.innerText.includes(words);
    if (there && !window.__saidAt) window.__saidAt = performance.now();
  }, 20);
}
"""


@pytest.fixture(scope="module")
def net() -> Iterator[Network]:
    needs.root()
    with network() as made:
        yield made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, net: Network) -> Iterator[Site]:
    needs.media_server()
    needs.chromium()
    with running_demo(tmp_path_factory.mktemp("site"), inside=net.inside) as running:
        yield running


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers, net: Network) -> Scene:
    built = Scene.live(site, chromium, lines_of(net))
    faults.seconds_until_passing(built, BACK_WITHIN_S)
    return built


def seconds_left(scene: Scene) -> float:
    """What the station's page shows as a bar."""
    found: float = scene.station.page.evaluate("document.querySelector('[data-part=time-bar]').value")
    return found


@contextmanager
def minutes_kept(scene: Scene, cut_s: float, noticed_s: float = SILENT_WITHIN_S) -> Iterator[None]:
    """Of the block's time, that of the cut is not taken from the call, but for the moment until it was noticed."""
    before, began = seconds_left(scene), clock.monotonic()
    yield
    scene.becomes("live", within_s=BACK_WITHIN_S)
    scene.family.page.wait_for_timeout(500)
    took, used = clock.monotonic() - began, before - seconds_left(scene)
    assert used <= took - cut_s + noticed_s


class Words:
    """When words appeared on a page."""

    def __init__(self, window: Window, selector: str, words: str) -> None:
        self._window, self._words = window, words
        window.page.evaluate(TELL_APART, [selector, words])

    def after(self, began: float) -> float:
        """Seconds from `began` until they were there. Fails when they never were."""
        said: float = self._window.page.evaluate("window.__saidAt")
        assert said, f"nobody read: {self._words}"
        found = (self._window.moment(said) - began) / 1000
        assert found > 0, f"they read it before: {self._words}"
        return found


@contextmanager
def cut_line(line: Line) -> Iterator[None]:
    """Cut for the block, however it ends: the tests after it have a line."""
    line.cut()
    try:
        yield
    finally:
        line.mend()


@contextmanager
def unplugged(line: Line) -> Iterator[None]:
    """The same, and the machine at the line sees it."""
    line.unplug()
    try:
        yield
    finally:
        line.plug_in()


def milliseconds() -> float:
    return clock.monotonic() * 1000


def state(window: Window) -> str | None:
    """What a side's page says of the call."""
    return window.page.get_attribute("[data-testid=call-state]", "data-state")


def not_sending(window: Window) -> bool:
    """Whether its page gives nothing to the network, for a moment."""
    before = window.sent()
    window.page.wait_for_timeout(700)
    return window.sent() == before


def until(what: Callable[[], bool], within_s: float) -> None:
    """Wait for it. Fails when it does not come about in time."""
    began = clock.monotonic()
    while not what():
        assert clock.monotonic() - began < within_s, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def nothing_comes(scene: Scene) -> Iterator[None]:
    """Neither a decoded frame nor a packet of sound at either end, all through the block."""
    before = [(one.frames_decoded, one.audio_packets) for one in map(Window.received, (scene.family, scene.station))]
    yield
    after = [(one.frames_decoded, one.audio_packets) for one in map(Window.received, (scene.family, scene.station))]
    assert after == before


def nothing_passes(scene: Scene, seconds: float) -> None:
    """The same, for so long."""
    with nothing_comes(scene):
        scene.family.page.wait_for_timeout(seconds * 1000)


STATUS = "[data-part=status-title]"
WHY = "[data-part=status-text]"
GONE = "Sambungan terputus"
TECHNICAL = "Sambungan salah satu pihak terputus."
STATION_CUT_S = 20
STOPS_SENDING_WITHIN_S = 8
"""Without a sign of supervision for 5 s it stops; the page looks at itself every quarter of a second."""


def test_the_officers_line_is_cut_and_both_ends_are_silent(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    officer = scene.lines.officer
    assert officer is not None
    with minutes_kept(scene, cut_s=6):
        wall = Words(scene.officer, "[data-testid=lost]", GONE)
        told = [Words(one, WHY, "Petugas sedang tidak melihat") for one in (scene.family, scene.station)]
        began = milliseconds()
        with ExitStack() as until_mended:
            family, station = faults.silence(scene, lambda: until_mended.enter_context(cut_line(officer)), 4.5)
            record_property("silent_after_s", max(family, station))
            assert max(family, station) <= SILENT_WITHIN_S
            assert [words.after(began) <= SILENT_WITHIN_S + 0.5 for words in told] == [True, True]
            assert wall.after(began) <= SAID_WITHIN_S
            nothing_passes(scene, 1.5)
        faults.seconds_until_passing(scene, BACK_WITHIN_S)


@dataclass(frozen=True)
class Side:
    """One of the two ends: its window and line, the other end's window, and where the wall shows its line."""

    window: Window
    line: Line
    other: Window
    on_the_wall: str


def family_of(scene: Scene) -> Side:
    assert scene.lines.family is not None
    return Side(scene.family, scene.lines.family, scene.station, "visitor")


def station_of(scene: Scene) -> Side:
    assert scene.lines.station is not None
    return Side(scene.station, scene.lines.station, scene.family, "inmate")


def lost_for(scene: Scene, side: Side, seconds: float, cut: AbstractContextManager[None]) -> float:
    """A side is cut off, everybody reads it, it is mended; seconds until pictures and sound pass again."""
    here = Words(side.window, STATUS, GONE)
    there = Words(side.other, WHY, TECHNICAL)
    wall = Words(scene.officer, f"[data-testid=line-{side.on_the_wall}]", GONE)
    began = milliseconds()
    with cut:
        scene.family.page.wait_for_timeout(AFTER_THE_CUT_S * 1000)
        nothing_passes(scene, seconds - AFTER_THE_CUT_S - 0.2)
        if seconds > SILENT_WITHIN_S:
            assert here.after(began) <= SAID_WITHIN_S
            assert wall.after(began) <= SAID_WITHIN_S
            assert there.after(began) <= SILENT_WITHIN_S + 0.5
    return faults.seconds_until_passing(scene, BACK_WITHIN_S)


@pytest.mark.parametrize(
    ("side_of", "seconds"), [(family_of, 1), (family_of, 5), (family_of, 20), (station_of, 1), (station_of, 5)]
)
def test_a_sides_line_is_cut_and_the_call_comes_back_alone(
    scene: Scene, side_of: Callable[[Scene], Side], seconds: int
) -> None:
    side = side_of(scene)
    # a cut shorter than the moment until it is noticed keeps no minutes
    with minutes_kept(scene, seconds, NOTICED_S) if seconds > NOTICED_S else nullcontext():
        back = lost_for(scene, side, seconds, cut_line(side.line))
    print(f"cut for {seconds} s: back after {back:.1f} s")


def test_a_station_without_a_line_is_silent_by_itself_and_comes_back_to_no_unwatched_call(scene: Scene) -> None:
    """20 s: soon it sends nothing any more; and when it has a line again, it is the officer who has none."""
    station, officer = station_of(scene), scene.lines.officer
    assert officer is not None
    with minutes_kept(scene, STATION_CUT_S, NOTICED_S):
        with ExitStack() as officer_back, cut_line(station.line):
            ends_at = clock.monotonic() + STATION_CUT_S
            until(lambda: not_sending(scene.station), STOPS_SENDING_WITHIN_S)
            assert state(scene.station) in {"reconnecting", "unsupervised"}
            nothing_passes(scene, max(1.0, ends_at - 4 - clock.monotonic()))
            assert not_sending(scene.station)
            officer_back.enter_context(cut_line(officer))
            nothing_passes(scene, max(1.0, ends_at - clock.monotonic()))
            with nothing_comes(scene):
                station.line.mend()
                until(lambda: state(scene.station) == "paused", BACK_WITHIN_S)
                scene.family.page.wait_for_timeout(4000)
            assert state(scene.family) == "paused"
        faults.seconds_until_passing(scene, BACK_WITHIN_S)


def test_the_familys_phone_sees_that_it_has_no_network(scene: Scene) -> None:
    family = family_of(scene)
    with minutes_kept(scene, 5, NOTICED_S):
        back = lost_for(scene, family, 5, unplugged(family.line))
    print(f"unplugged for 5 s: back after {back:.1f} s")


def test_from_wi_fi_to_mobile_in_the_middle_of_a_call(scene: Scene) -> None:
    family_of(scene).line.move()
    scene.family.page.wait_for_timeout(AFTER_THE_CUT_S * 1000)
    print(f"another address: back after {faults.seconds_until_passing(scene, BACK_WITHIN_S):.1f} s")
    scene.becomes("live", within_s=BACK_WITHIN_S)


def test_after_the_end_nothing_passes_and_the_record_is_whole(scene: Scene, site: Site) -> None:
    scene.end()
    scene.becomes("ended")
    with nothing_comes(scene):
        scene.family.page.wait_for_timeout(1200)
    verdict = site.verify()
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
