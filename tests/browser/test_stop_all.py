"""Stop all, pressed at a real wall: both ends fall silent within a second and read why, without the cause."""

import time

import pytest

from besuk.testing.browsers import Browsers
from besuk.testing.scene import Scene
from besuk.testing.site import Site

pytestmark = pytest.mark.browser
WORDS = "Kunjungan dihentikan karena keadaan di UPT. Yang hilang kami ganti."


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers) -> Scene:
    site.make_due()  # the timetable's next slot is some minutes away shortly before midnight
    built = Scene(site, chromium)
    built.gather()
    built.admit()
    built.family.page.wait_for_timeout(1500)
    return built


def test_stop_all_takes_two_steps_and_is_silent_within_a_second(scene: Scene) -> None:
    assert scene.passing() == (True, True)
    scene.officer.press("stop-all")
    scene.officer.page.get_by_test_id("stop-all-confirm").wait_for()
    assert scene.passing() == (True, True)
    begun = time.monotonic()
    scene.officer.press("stop-all-confirm")
    scene.family.page.wait_for_timeout(max(0.0, 1 - (time.monotonic() - begun)) * 1000)
    assert scene.passing() == (False, False)
    for window in (scene.family, scene.station):
        window.page.get_by_text(WORDS).first.wait_for(timeout=500)


def test_the_wall_says_so_until_an_officer_opens_it_again(scene: Scene) -> None:
    scene.officer.page.get_by_test_id("stopped").wait_for()
    scene.officer.press("reopen")
    scene.officer.page.get_by_test_id("reopen-reason").fill("Keadaan sudah aman")
    scene.officer.press("reopen-confirm")
    scene.officer.page.get_by_test_id("stopped").wait_for(state="hidden")
    scene.officer.page.get_by_test_id("stop-all").wait_for()
