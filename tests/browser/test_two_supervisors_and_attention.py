"""A visit that the desk marks is watched by two officers, and an officer who does not answer watches nobody.

One story: each test goes on where the one before it left off. The prison asks its officers every minute, the
shortest there is, whether they are still watching.
"""

import pytest
from playwright.sync_api import Locator

from besuk.ground.kernel import clock
from besuk.testing import faults
from besuk.testing.browsers import Browsers, Window
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from tests.browser.test_the_task_list import sign_in

pytestmark = pytest.mark.browser
EVERY_S = 60
ASK_EVERY_MINUTE = """
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.kernel.models import Facility
for facility in Facility.objects.all():
    FacilityPolicy.objects.update_or_create(facility=facility, defaults={"values": {"attention_minutes": 1}})
"""
SILENT_WITHIN_S = 3.5
BACK_WITHIN_S = 20
NOT_THE_PIN = "730416"
TWO_NEEDED = "Perlu dua pengawas"
WAITS_FOR_ANOTHER = "Menunggu petugas pengawas lain."


class Watched:
    """The scene of a marked visit, its desk, and the second officer once there is one."""

    def __init__(self, site: Site, chromium: Browsers, visit: str) -> None:
        self.desk = chromium.open()
        site.enter(self.desk, "desk")
        self.desk.page.goto(f"{site.base}/desk/day/{visit}/")
        self.mark("sensitive", "two")
        self.scene = Scene(site, chromium)
        self.scene.gather()
        self.second: Window | None = None
        self.answered_at = 0.0

    def mark(self, act: str, becomes: str) -> None:
        """The desk says how many officers have to watch."""
        self.desk.page.get_by_test_id("sensitive-words").fill("Permintaan blok")
        self.desk.press(act)
        self.desk.page.locator(f"[data-testid=sensitive-box][data-state={becomes}]").wait_for()


@pytest.fixture(scope="module")
def watched(site: Site, chromium: Browsers) -> Watched:
    done = site.run("besuk.run.cli", "manage", "shell", "-c", ASK_EVERY_MINUTE)
    assert done.returncode == 0, done.stderr
    return Watched(site, chromium, site.make_due())


def banner(window: Window, state: str) -> Locator:
    """The question to an officer, once it is in that state."""
    found = window.page.locator(f"[data-testid=attention-banner][data-state={state}]")
    found.wait_for(state="visible")
    return found


def two_needed(officer: Window) -> Locator:
    """What the officer's tile says as long as there are too few."""
    return officer.page.get_by_text(TWO_NEEDED).filter(visible=True).first


def test_with_one_officer_nothing_passes(watched: Watched) -> None:
    officer = watched.scene.officer
    two_needed(officer).wait_for()
    officer.press("identity-check")
    officer.press("admit")
    refused = officer.page.get_by_test_id("refusal").filter(has_text="Kunjungan ini perlu dua pengawas.")
    refused.wait_for()
    refused.get_by_role("button").click()
    assert watched.scene.passing(2) == (False, False)
    assert officer.passes(1.5)[0] > 5, "the one officer sees them"


def test_with_a_second_officer_they_meet(watched: Watched, site: Site) -> None:
    watched.second = watched.scene.chromium.open()
    sign_in(watched.second, site, "pengawas2")
    watched.scene.start_shift(watched.second)
    watched.second.press("watch")
    watched.scene.sees_both(watched.second)
    two_needed(watched.scene.officer).wait_for(state="hidden")
    watched.scene.admit()
    faults.seconds_until_passing(watched.scene, BACK_WITHIN_S)


def test_the_officer_is_asked_before_and_one_tap_is_enough(watched: Watched) -> None:
    officer = watched.scene.officer
    assert "Apakah Anda masih mengawasi?" in banner(officer, "asked").inner_text()
    wait_for_seconds_left(officer, f"<= {EVERY_S - 4}")
    officer.press("attention")
    watched.answered_at = clock.monotonic()
    wait_for_seconds_left(officer, f"> {EVERY_S - 4}")


def wait_for_seconds_left(officer: Window, are: str) -> None:
    """Until the banner counts so many seconds."""
    left = "Number(document.querySelector('[data-part=attention-left]').innerText.match(/[0-9]+/)?.[0])"
    officer.page.wait_for_function(f"() => {left} {are}")


def test_one_of_two_leaves_and_the_call_is_held(watched: Watched) -> None:
    assert watched.second is not None
    family, station = faults.silence(watched.scene, watched.second.close, 4)
    assert max(family, station) <= SILENT_WITHIN_S
    watched.scene.becomes("paused")
    for window in (watched.scene.family, watched.scene.station):
        window.page.get_by_text(WAITS_FOR_ANOTHER).filter(visible=True).first.wait_for()
    assert watched.scene.passing() == (False, False)
    two_needed(watched.scene.officer).wait_for()


def test_one_is_enough_again_when_the_desk_says_so(watched: Watched) -> None:
    watched.mark("not-sensitive", "one")
    watched.scene.becomes("live")
    faults.seconds_until_passing(watched.scene, BACK_WITHIN_S)


def test_an_officer_who_does_not_answer_watches_nobody(watched: Watched) -> None:
    """Up to the minute it passes, though the question stands; then it is silent, though the page is open."""
    scene = watched.scene
    due = watched.answered_at + EVERY_S
    scene.family.page.wait_for_timeout(max(0.0, due - 12 - clock.monotonic()) * 1000)
    assert scene.passing() == (True, True)
    banner(scene.officer, "asked")
    wait_for_seconds_left(scene.officer, "<= 12")
    began = clock.monotonic()
    ends = faults.silence(scene, lambda: None, due + SILENT_WITHIN_S + 2 - began)
    assert began + min(ends) - due > -1, "it was cut before"
    assert began + max(ends) - due <= SILENT_WITHIN_S
    words = banner(scene.officer, "missed").inner_text()
    assert "Panggilan Anda dijeda sampai Anda memasukkan PIN." in words
    scene.becomes("paused")
    assert scene.passing() == (False, False)


def test_only_the_officers_pin_opens_again(watched: Watched, site: Site) -> None:
    scene = watched.scene
    scene.officer.page.keyboard.press("y")
    prove(scene.officer, NOT_THE_PIN)
    scene.officer.page.get_by_test_id("refusal").wait_for()
    assert scene.passing(2) == (False, False)
    banner(scene.officer, "missed")
    prove(scene.officer, next(one["pin"] for one in site.told["credentials"] if one["user"] == "pengawas"))
    scene.becomes("live")
    faults.seconds_until_passing(scene, BACK_WITHIN_S)
    banner(scene.officer, "asked")


def prove(officer: Window, pin: str) -> None:
    officer.page.get_by_test_id("attention-pin").fill(pin)
    officer.press("attention-prove")


def test_it_is_on_record_and_the_chain_holds(watched: Watched, site: Site) -> None:
    watched.scene.end()
    watched.scene.becomes("ended")
    assert watched.scene.passing() == (False, False)
    assert faults.recorded(site, "attention_missed") >= 1
    assert faults.recorded(site, "attention_confirmed") == 1
    verdict = site.verify()
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
