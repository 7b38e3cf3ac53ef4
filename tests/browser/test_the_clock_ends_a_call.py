"""The slot's end ends a call by itself: both ends fall silent, read why, and the record tells the same."""

import pytest

from besuk.testing.browsers import Browsers
from besuk.testing.scene import Scene
from besuk.testing.site import Site

pytestmark = pytest.mark.browser
SLOT_S = 90
"""From making the visit to the end of its slot: enough for three people to come together on a slow machine."""


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers) -> Scene:
    site.make_due(soon_over_s=SLOT_S)
    built = Scene(site, chromium)
    built.gather()
    built.admit()
    built.family.page.wait_for_timeout(1500)
    return built


def test_when_the_next_visit_begins_the_call_is_over_for_both(scene: Scene) -> None:
    assert scene.passing() == (True, True)
    scene.becomes("ended", within_s=SLOT_S)
    assert scene.passing() == (False, False)


def test_the_timeline_says_so_and_the_record_is_whole(scene: Scene, site: Site) -> None:
    scene.family.page.wait_for_timeout(1000)
    checked = site.verify()
    assert checked.returncode == 0, checked.stdout
    window = scene.chromium.open()
    site.enter(window, "officer")
    assert window.page.locator("[data-testid=call-state][data-state=live]").count() == 0
