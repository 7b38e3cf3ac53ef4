"""A running call goes from one officer's wall to another's: both ends hear and see each other all the time.

One story: each test goes on where the one before it left off.
"""

import sqlite3
from contextlib import closing

import pytest

from besuk.testing.browsers import Browsers, Window
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from tests.browser.test_the_task_list import sign_in

pytestmark = pytest.mark.browser
OTHER = "W-202"
BOUND_MS = 1000
"""No end is without picture or sound for longer: a hold and its lifting would take more."""

WATCH_THE_FLOW = """
() => {
  const gap = (window.__gap = { frames: 0, sound: 0 });
  const last = { frames: [-1, performance.now()], sound: [-1, performance.now()] };
  const look = async () => {
    const told = await window.__besuk.received();
    const at = performance.now(), now = { frames: told.frames_decoded, sound: told.audio_packets };
    for (const kind of ["frames", "sound"]) {
      gap[kind] = Math.max(gap[kind], at - last[kind][1]);
      if (now[kind] !== last[kind][0]) last[kind] = [now[kind], at];
    }
    if (window.__gap === gap) setTimeout(look, 30);
  };
  return look();
}
"""


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers) -> Scene:
    return Scene.live(site, chromium)


@pytest.fixture(scope="module")
def other(scene: Scene) -> Window:
    window = scene.chromium.open()
    sign_in(window, scene.site, "pengawas2")
    scene.start_shift(window)
    return window


def pin(scene: Scene) -> str:
    found: str = scene.site.window("officer")["sign_in"]["by_hand"]["pin"]
    return found


def holds(site: Site) -> int:
    with closing(sqlite3.connect(f"file:{site.database}?mode=ro", uri=True, timeout=10)) as database:
        count: int = database.execute("SELECT count(*) FROM live_hold WHERE cause = 'no_supervisor'").fetchone()[0]
    return count


def test_it_is_offered_to_the_officer_on_duty(scene: Scene, other: Window) -> None:
    scene.act("handover")
    scene.officer.press(f"choose-{OTHER}")
    waiting = scene.officer.page.get_by_test_id("handover-row")
    waiting.get_by_text(f"Menunggu {OTHER} menerima.").wait_for()
    other.page.get_by_test_id("handover-pin").wait_for()
    assert scene.passing() == (True, True)


def test_a_wrong_pin_takes_nothing_over(scene: Scene, other: Window) -> None:
    other.page.get_by_test_id("handover-pin").fill("000000")
    other.press("handover-accept")
    other.page.get_by_text("PIN").filter(visible=True).first.wait_for()
    assert other.page.get_by_test_id("video-inmate").evaluate_all("all => all.every(one => one.videoWidth === 0)")
    assert scene.officer.page.get_by_test_id("handover-row").is_visible()


def test_accepted_the_other_watches_and_the_first_is_let_go_without_a_gap(scene: Scene, other: Window) -> None:
    before = holds(scene.site)

    ends = (scene.family, scene.station)
    for end in ends:
        end.page.evaluate(WATCH_THE_FLOW)
    other.page.get_by_test_id("handover-pin").fill(pin(scene))
    other.press("handover-accept")
    scene.sees_both(other)
    scene.officer.page.get_by_test_id("handover-row").wait_for(state="detached")
    scene.family.page.wait_for_timeout(1000)
    gaps = [end.page.evaluate("() => { const gap = window.__gap; window.__gap = null; return gap; }") for end in ends]
    assert all(0 < gap[kind] < BOUND_MS for gap in gaps for kind in ("frames", "sound")), f"family, station: {gaps}"
    assert holds(scene.site) == before
    assert scene.officer.page.get_by_test_id("watching").inner_text().startswith("Anda mengawasi 0")
    assert other.page.get_by_test_id("watching").inner_text().startswith("Anda mengawasi 1")
    first = scene.officer.received().frames_decoded
    scene.officer.page.wait_for_timeout(1500)
    assert scene.officer.received().frames_decoded == first, "who handed over sees nothing any more"


def test_the_first_ones_shift_can_end_and_their_wall_close(scene: Scene, other: Window) -> None:
    scene.officer.press("shift-end")
    scene.officer.page.get_by_test_id("shift-form").wait_for()
    scene.officer.close()
    scene.family.page.wait_for_timeout(4000)
    assert scene.passing() == (True, True), "the other's presence alone carries the call"
    other.press("pause")
    scene.becomes("paused")
