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
    checked = site.verify()
    assert checked.returncode == 0, checked.stdout
    scene.family.press("next")
    scene.family.page.wait_for_url("**/result/**")
    visit = scene.family.page.url.split("/visits/")[1].split("/")[0]
    head = scene.chromium.open()
    head.page.goto(f"{site.base}/demo/")
    head.press("enter-kalapas")
    head.page.goto(f"{site.base}/office/visits/{visit}/")
    story = head.page.inner_text("main")
    assert "mempertemukan mereka" in story
    assert "Panggilan selesai" in story
    assert "menghentikan semua" not in story
