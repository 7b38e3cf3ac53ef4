"""The family's page is changed: what it sends or wants beyond the rules reaches nobody, and is on record.

One story on one call: each test goes on where the one before it left off. Red and 880 Hz is the family's own
camera and microphone; whatever is green or 1320 Hz at the station got round the rules.
"""

import pytest

from besuk.testing.browsers import Browsers
from besuk.testing.fake_devices import GREEN
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from besuk.testing.waiting import within
from tests.redteam.attack import Changed, Record, act

pytestmark = pytest.mark.browser
A_LETTER_OF_OUR_OWN = """async () => {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => one.addIceCandidate(candidate);
  const channel = one.createDataChannel("letters");
  const before = window.__letters;
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription);
  for (let n = 0; channel.readyState !== "open" && n < 100; n += 1) await new Promise((r) => setTimeout(r, 50));
  channel.send("a letter");
  for (let n = 0; window.__letters === before && n < 100; n += 1) await new Promise((r) => setTimeout(r, 50));
  one.close();
  other.close();
  return window.__letters > before;
}"""


def hears_a_second_tone(scene: Scene) -> bool:
    return any(abs(tone - 1320) < 30 for tone in scene.station.tones())


def sees_green(scene: Scene) -> bool:
    return "green" in scene.station.colours("video")


def test_the_changed_page_is_seen_and_heard_like_any_other(scene: Scene, changed: Changed) -> None:
    changed.meet()
    assert within(5, lambda: "red" in scene.station.colours("video"))
    assert within(3, lambda: any(abs(tone - 880) < 15 for tone in scene.station.tones()))


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("screen", "screenSound"), "track_not_allowed"),
        (("secondCamera",), "second_camera"),
        (("secondMicrophone",), "second_microphone"),
        (("name", "metadata"), "no_such_request:update_metadata"),
        (("shutOut",), "shutting_out"),
    ],
)
def test_what_the_door_forbids_costs_the_connection(
    *, scene: Scene, changed: Changed, record: Record, names: tuple[str, ...], why: str
) -> None:
    for name in names:
        changed.meet()
        changed.tries(name)
        assert within(4, lambda: scene.station.passes(0.5) == (0, 0)), name
    assert record.shows("door_rule", why, "visitor")
    changed.meet()
    assert not sees_green(scene)
    assert not hears_a_second_tone(scene)


def test_tracks_smuggled_into_an_offer_reach_nobody(scene: Scene, changed: Changed) -> None:
    changed.meet()
    changed.tries("smuggled")
    scene.station.page.wait_for_timeout(1500)
    assert within(6, lambda: "red" in scene.station.colours("video"))
    assert not sees_green(scene)
    assert not hears_a_second_tone(scene)


@pytest.mark.parametrize("name", ["data", "chat"])
def test_data_beside_the_call_reaches_nobody(scene: Scene, changed: Changed, name: str) -> None:
    changed.meet()
    assert scene.station.page.evaluate(A_LETTER_OF_OUR_OWN), "the station's page counts letters"
    before = scene.station.page.evaluate("window.__letters")
    changed.tries(name)
    scene.station.page.wait_for_timeout(500)
    assert scene.station.page.evaluate("window.__letters") == before


def test_media_without_signalling_is_silenced(scene: Scene, changed: Changed) -> None:
    """The media server would go on for 21 seconds; our own socket tells at once."""
    changed.meet()
    changed.window.page.evaluate("changed.dropSignalling()")
    scene.station.page.wait_for_timeout(3000)
    assert scene.passing(1.0) == (False, False)
    changed.window.page.evaluate("changed.deaf = false")
    assert within(10, lambda: changed.join() == "")


def test_a_muted_page_that_publishes_again_is_not_heard(scene: Scene, changed: Changed, call: str) -> None:
    changed.meet()
    assert act(scene, call, "mute", side="visitor")["confirmed"]
    try:
        for again in ("changed.speakAgain()", "changed.tries.secondMicrophone().catch(() => 0)"):
            changed.window.page.evaluate(f"Promise.race([{again}, new Promise(r => setTimeout(r, 2500))])")
            assert scene.station.passes(1.0)[1] == 0
        changed.join()
        assert within(20, lambda: scene.station.passes(0.5)[0] > 0), "muted, not gone"
        assert scene.station.passes(1.0)[1] == 0
    finally:
        act(scene, call, "unmute", side="visitor")
    changed.join()


def test_a_paused_page_that_asks_for_everything_again_gets_nothing(scene: Scene, changed: Changed, call: str) -> None:
    changed.meet()
    assert act(scene, call, "pause", reason="rules")["confirmed"]
    changed.window.page.wait_for_timeout(300)
    before = changed.window.received()
    for _ in range(10):
        changed.window.page.evaluate("changed.listenAgain()")
        changed.window.page.wait_for_timeout(100)
    assert changed.join() == ""
    changed.window.page.wait_for_timeout(1500)
    changed.window.page.evaluate("changed.listenAgain()")
    assert changed.window.passes(1.0) == (0, 0)
    assert changed.window.received().frames_decoded == before.frames_decoded
    act(scene, call, "resume")


def test_who_joins_twice_is_there_once(scene: Scene, changed: Changed) -> None:
    changed.meet()
    changed.window.page.evaluate("changed.first = changed.room")
    assert changed.join() == ""
    assert within(5, lambda: changed.window.page.evaluate("changed.first.state") == "disconnected")
    assert within(5, lambda: scene.station.colours("video").count("red") == 1), "their picture takes a moment"
    scene.station.page.wait_for_timeout(1000)
    assert scene.station.colours("video").count("red") == 1, "one picture of theirs; the own one is blue"


def test_a_second_device_sees_nobody_until_an_officer_has_looked(
    *, site: Site, scene: Scene, changed: Changed, chromium: Browsers, record: Record, call: str
) -> None:
    changed.meet()
    other = chromium.open(GREEN, phone=True)
    site.enter(other, "family")
    second = Changed(site, scene, changed.ref, other)
    assert second.join() == ""
    other.page.wait_for_timeout(500)
    assert other.passes(1.0) == (0, 0)
    assert scene.station.passes(1.0) == (0, 0)
    held = "SELECT count(*) FROM audit_entry WHERE code = 'call.hold' AND data LIKE '%other_device%'"
    assert within(3, lambda: record.ask(held) == [(1,)])
    other.close()
    assert changed.join() == ""
    assert scene.passing() == (False, False), "coming back is not being looked at"
    act(scene, call, "admit")
    changed.meet()
