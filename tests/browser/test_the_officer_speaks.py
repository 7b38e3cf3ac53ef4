"""The officer's voice, told by its tone: to the family while faces are compared, to both afterwards.

One story: each test goes on where the one before it left off.
"""

import pytest

from besuk.testing.browsers import Browsers, Window
from besuk.testing.fake_devices import GREEN
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from besuk.testing.waiting import until

pytestmark = pytest.mark.browser
REMOTE = "[data-testid=remote-video]"


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers) -> Scene:
    site.make_due()
    built = Scene(site, chromium)
    built.officer.close()
    built.officer = chromium.open(GREEN)
    built.gather()
    return built


def hears_the_officer(window: Window) -> bool:
    return any(abs(hertz - GREEN.tone) < 20 for hertz in window.tones())


def nobody_hears_the_officer(scene: Scene) -> None:
    for window in (scene.family, scene.station):
        until(lambda one=window: not hears_the_officer(one))  # type: ignore[misc]
    scene.family.page.wait_for_timeout(1500)
    assert not any(hears_the_officer(one) for one in (scene.family, scene.station))


def test_while_faces_are_compared_the_family_alone_hears_the_officer(scene: Scene) -> None:
    nobody_hears_the_officer(scene)
    scene.officer.press("identity-check")
    scene.officer.page.get_by_test_id("admit").wait_for()
    scene.officer.press("identity-speak")
    until(lambda: hears_the_officer(scene.family))
    assert not hears_the_officer(scene.station)
    assert scene.station.passes(2) == (0, 0)
    assert scene.family.text("voice") == "Petugas berbicara"
    assert scene.station.text("voice") == "Petugas berbicara dengan keluarga"


def test_speaking_has_opened_nothing_between_the_two(scene: Scene) -> None:
    assert scene.family.passes(2)[0] == 0, "no picture"
    assert "blue" not in scene.family.colours(REMOTE)
    assert scene.family.page.get_by_test_id("call-state").get_attribute("data-state") == "identity_check"


def test_with_the_admit_the_microphone_goes_off_by_itself(scene: Scene) -> None:
    scene.officer.page.wait_for_timeout(1000)
    scene.officer.press("admit")
    scene.becomes("live")
    nobody_hears_the_officer(scene)
    assert scene.family.page.get_by_test_id("voice").is_hidden()


def test_in_a_call_both_hear_the_officer_beside_each_other(scene: Scene) -> None:
    scene.officer.press("speak")
    for window in (scene.family, scene.station):
        until(lambda one=window: hears_the_officer(one))  # type: ignore[misc]
        assert window.text("voice") == "Petugas berbicara"
    assert any(abs(hertz - 440) < 15 for hertz in scene.family.tones())
    assert any(abs(hertz - 880) < 15 for hertz in scene.station.tones())
    assert scene.officer.page.get_by_test_id("speak").get_attribute("aria-pressed") == "true"


def test_off_means_off_for_both(scene: Scene) -> None:
    scene.officer.press("speak")
    nobody_hears_the_officer(scene)
    assert scene.officer.page.get_by_test_id("speak").get_attribute("aria-pressed") == "false"


def test_a_reloaded_wall_does_not_go_on_speaking(scene: Scene) -> None:
    scene.officer.press("speak")
    until(lambda: hears_the_officer(scene.family))
    scene.officer.page.reload()
    nobody_hears_the_officer(scene)
    scene.becomes("live", within_s=15)
    until(lambda: scene.family.page.get_by_test_id("voice").is_hidden())
    nobody_hears_the_officer(scene)
