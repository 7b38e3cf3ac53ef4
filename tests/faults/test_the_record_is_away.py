"""The database is locked or gone: closing acts work at once and say that the record waits.

One story on one call: each test goes on where the one before it left off.
"""

import sqlite3

import pytest

from besuk.testing import faults
from besuk.testing.scene import Scene
from besuk.testing.site import Site

pytestmark = pytest.mark.browser
NOT_RECORDED = "Sudah dilakukan, tetapi belum tercatat."
SILENT_WITHIN_S = 1.0
BACK_WITHIN_S = 20


def a_pause_works_at_once(scene: Scene) -> None:
    family, station = faults.silence(scene, lambda: scene.officer.press("pause"), 3)
    assert max(family, station) < SILENT_WITHIN_S
    assert scene.passing() == (False, False)
    scene.becomes("paused")


def it_is_told_as_not_recorded(scene: Scene) -> None:
    words = scene.officer.page.get_by_test_id("refusal").filter(has_text=NOT_RECORDED)
    words.wait_for()
    words.get_by_role("button").click()


def the_pause_is_recorded_and_can_be_lifted(scene: Scene, pauses: int) -> None:
    faults.until_recorded(scene.site, "held_supervisor", pauses, BACK_WITHIN_S)
    scene.officer.press("resume")
    faults.seconds_until_passing(scene, BACK_WITHIN_S)


def test_locked(scene: Scene, site: Site) -> None:
    before = faults.recorded(site, "held_supervisor")
    lock = sqlite3.connect(site.database, isolation_level=None, timeout=10)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        a_pause_works_at_once(scene)
        it_is_told_as_not_recorded(scene)
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    the_pause_is_recorded_and_can_be_lifted(scene, before + 1)


def test_gone(scene: Scene, site: Site) -> None:
    """Nobody can be asked who the officer is: the page's own socket, known from before, carries the word."""
    before = faults.recorded(site, "held_supervisor")
    with faults.database_gone(site):
        scene.family.page.wait_for_timeout(3000)
        assert scene.passing() == (True, True)
        a_pause_works_at_once(scene)
        it_is_told_as_not_recorded(scene)
        page = scene.family.context.new_page()
        page.goto(scene.family.page.url)
        assert "Ada gangguan di sistem kami. Data yang sudah tersimpan tetap aman." in page.inner_text("body")
        page.close()
    the_pause_is_recorded_and_can_be_lifted(scene, before + 1)


def test_a_stop_of_all_outlives_the_process_that_could_not_record_it(scene: Scene, site: Site) -> None:
    before = faults.recorded(site, "ended")
    with faults.database_gone(site):
        scene.officer.press("stop-all")
        scene.officer.page.get_by_test_id("stop-all-confirm").wait_for()
        family, station = faults.silence(scene, lambda: scene.officer.press("stop-all-confirm"), 3)
        assert max(family, station) < SILENT_WITHIN_S
        faults.kill(site, "web")
    faults.until_recorded(site, "ended", before + 1, BACK_WITHIN_S)
    scene.officer.page.get_by_test_id("stopped").wait_for(timeout=BACK_WITHIN_S * 1000)
    assert scene.passing() == (False, False)
    assert "stop from before the restart is on record now" in site.log("web")


def test_the_record_is_whole(site: Site) -> None:
    verdict = site.verify()
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
