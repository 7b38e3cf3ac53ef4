"""The head of prison looks at a running call on a phone: sees and hears both, is told to both, and supervises nothing.

One story: each test goes on where the one before it left off.
"""

import pytest

from besuk.testing.browsers import Browsers, Window
from besuk.testing.scene import Scene
from besuk.testing.site import Site

pytestmark = pytest.mark.browser
PICTURES = "[data-testid=video-inmate], [data-testid=video-visitor]"
FORGE = """
async ([wall, look, seconds]) => {
  const opened = [], codes = [];
  const frames = () => Math.floor(performance.now());
  for (const path of [wall, look]) {
    const socket = new WebSocket(location.origin.replace("http", "ws") + path);
    socket.onopen = () => {
      opened.push(path);
      socket.send(JSON.stringify({ t: "hello", gen: 7 }));
      setInterval(() => {
        if (socket.readyState !== 1) return;
        const end = { frames: frames(), audio: frames() };
        const calls = Object.fromEntries(window.__calls.map((ref) => [ref, { inmate: end, visitor: end }]));
        socket.send(JSON.stringify({ t: "beat", gen: 7, visible: true, calls }));
      }, 300);
    };
    socket.onclose = (event) => codes.push(event.code);
  }
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return { opened, codes };
}
"""


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers) -> Scene:
    return Scene.live(site, chromium)


@pytest.fixture(scope="module")
def head(scene: Scene) -> Window:
    window = scene.chromium.open(phone=True)
    window.page.goto(f"{scene.site.base}/demo/")
    window.press("enter-kalapas")
    window.page.wait_for_url("**/office/board/**")
    return window


def signs(scene: Scene) -> list[str | None]:
    return [one.page.get_by_test_id("sign").get_attribute("data-onlooker") for one in (scene.family, scene.station)]


def test_without_a_purpose_there_is_nothing_to_see(scene: Scene, head: Window) -> None:
    head.page.locator("[data-testid^=look-]").first.click()
    head.page.get_by_test_id("purpose").fill(" ")
    head.press("look")
    head.page.get_by_text("Tujuan belum ditulis.").wait_for()
    assert signs(scene) == ["no", "no"]


def test_with_a_purpose_the_head_sees_and_hears_both_and_both_read_it(scene: Scene, head: Window) -> None:
    head.page.get_by_test_id("purpose").fill("Memeriksa keluhan keluarga")
    head.press("look")
    head.page.locator("[data-testid=look-state][data-state=live]").wait_for()
    head.page.wait_for_timeout(3000)
    assert head.colours(PICTURES) == ["blue", "red"]
    head.press("look-sound")
    head.page.wait_for_timeout(1500)
    assert sorted(abs(hertz - wanted) < 15 for hertz, wanted in zip(sorted(head.tones()), (440, 880), strict=True)) == [
        True,
        True,
    ]
    assert signs(scene) == ["yes", "yes"]
    assert "Kepala ikut melihat dan dapat mendengar" in scene.family.text("sign")


def test_a_pause_closes_the_heads_eyes_too(scene: Scene, head: Window) -> None:
    scene.officer.press("pause")
    scene.becomes("paused")
    head.page.locator("[data-testid=look-state][data-state=paused]").wait_for()
    assert head.passes(1.5) == (0, 0)
    scene.officer.press("resume")
    scene.becomes("live")
    head.page.wait_for_timeout(1000)
    assert head.passes(1.5)[0] > 5


def test_without_the_supervisor_all_fall_silent_and_no_forged_heartbeat_helps(scene: Scene, head: Window) -> None:
    data = head.page.evaluate("JSON.parse(document.getElementById('page-data').textContent)")
    ref = head.page.url.split("/calls/")[1].split("/")[0]
    head.page.evaluate("ref => { window.__calls = [ref]; }", ref)
    scene.officer.close()
    scene.becomes("paused", within_s=5)
    told = head.page.evaluate(FORGE, ["/control/wall", data["control"], 5])
    assert told["opened"] == [data["control"]], "a wall opens for whoever may watch, and the head may not"
    assert 1008 in told["codes"], "an onlooker only listens"
    assert scene.passing(2) == (False, False)
    assert head.passes(1.5) == (0, 0)
    assert scene.family.page.get_by_test_id("call-state").get_attribute("data-state") == "paused"


def test_when_the_supervisor_is_back_all_go_on(scene: Scene, head: Window) -> None:
    scene.reopen_officer()
    scene.becomes("live", within_s=15)
    head.page.reload()
    head.page.locator("[data-testid=look-state][data-state=live]").wait_for()
    head.page.wait_for_timeout(2500)
    assert head.colours(PICTURES) == ["blue", "red"]


def test_once_the_head_stops_nobody_reads_it_any_more(scene: Scene, head: Window) -> None:
    head.press("look-leave")
    head.page.wait_for_url("**/office/board/**")
    scene.family.page.wait_for_selector("[data-testid=sign][data-onlooker=no]")
    scene.station.page.wait_for_selector("[data-testid=sign][data-onlooker=no]")
    assert all(scene.passing())


def test_the_purpose_is_on_record_and_the_log_holds(scene: Scene, head: Window) -> None:
    verdict = scene.site.verify()
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    scene.end()
    scene.becomes("ended")
    visit = scene.family.page.locator("[data-testid=next]").get_attribute("href") or ""
    head.page.goto(f"{scene.site.base}/office/visits/{visit.split('/')[2]}/")
    story = head.page.inner_text("main")
    assert "mulai melihat langsung" in story
    assert "Memeriksa keluhan keluarga" not in story.split("Entri dalam catatan")[0]
