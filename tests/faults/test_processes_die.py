"""Web, worker, guard and media server die or stand still: who is silenced by whom, and that it all comes back alone.

One story on one call: each test goes on where the one before it left off.
"""

import os
import re
import signal

import pytest

from besuk.testing import faults
from besuk.testing.fake_devices import BLUE, RED
from besuk.testing.scene import Scene
from besuk.testing.site import Site, start

pytestmark = pytest.mark.browser
BACK_WITHIN_S = 20
SILENT_AT_ONCE_S = 1.5
SAID_WITHIN_S = 4
CUT_OFF = "Sambungan salah satu pihak terputus."
LOST = re.compile("Kami sedang menyambungkan lagi|Menunggu petugas pengawas")


def minutes_left(scene: Scene) -> int:
    found = re.search(r"\d+", scene.family.text("time-left"))
    return int(found[0]) if found else -1


def all_is_well_again(scene: Scene, before: int) -> None:
    faults.seconds_until_passing(scene, BACK_WITHIN_S)
    scene.becomes("live")
    assert before - minutes_left(scene) <= 1


def test_a_dead_worker_is_not_noticed_in_a_call(scene: Scene, site: Site) -> None:
    old = site.part("worker").pid
    faults.kill(site, "worker")
    assert scene.passing(3) == (True, True)
    assert site.part("worker").pid != old


def test_a_dead_media_server_is_started_again_and_everybody_returns(scene: Scene, site: Site) -> None:
    before = minutes_left(scene)
    faults.kill(site, "media")
    scene.family.page.wait_for_timeout(300)
    assert scene.passing(0.5) == (False, False)
    all_is_well_again(scene, before)


def test_a_dead_web_process_with_its_tree_standing_still_silences_the_station(scene: Scene, site: Site) -> None:
    """The station alone: the guard does nothing, and nobody starts the web again."""
    before = minutes_left(scene)
    with faults.frozen(site.process.pid):
        family, _ = faults.silence(scene, lambda: faults.kill(site, "web"), 7)
        assert family <= 6
        assert scene.station.page.get_attribute("[data-testid=call-state]", "data-state") == "unsupervised"
        assert scene.station.page.get_by_text("Pengawasan tidak terbukti").filter(visible=True).count()
        assert not any(scene.station.tones())
    all_is_well_again(scene, before)


def test_a_web_process_that_dies_again_and_again_is_silenced_by_the_guard(scene: Scene, site: Site) -> None:
    """The guard alone: the station's page is made to believe that no sign is asked of it."""
    scene.station.context.add_init_script(faults.NO_SIGN)
    scene.station.page.reload()
    faults.seconds_until_passing(scene, BACK_WITHIN_S)
    before = minutes_left(scene)
    with faults.dying_again_and_again(site, "web"):
        family, station = faults.silence(scene, lambda: None, 6)
        state = scene.family.page.get_attribute("[data-testid=call-state]", "data-state")
    assert 2 < max(family, station) <= 5, "not the guard, or not in time"
    assert state == "reconnecting"
    all_is_well_again(scene, before)


def test_a_web_process_that_stands_still_is_silenced_by_the_guard(scene: Scene, site: Site) -> None:
    """The keeper lives in it: nothing is dead, no socket is closed, nobody is told anything."""
    before = minutes_left(scene)
    with faults.frozen(site.part("web").pid):
        family, station = faults.silence(scene, lambda: None, 6)
    assert 2 < max(family, station) <= 5, "not the guard, or not in time"
    all_is_well_again(scene, before)


def test_people_read_that_the_line_is_lost_while_the_media_server_stays_away(scene: Scene, site: Site) -> None:
    before = minutes_left(scene)
    with faults.dying_again_and_again(site, "media"):
        for window in (scene.family, scene.station):
            window.page.get_by_text(LOST).filter(visible=True).first.wait_for(timeout=8000)
        assert scene.passing() == (False, False)
    all_is_well_again(scene, before)


def test_a_familys_browser_dies_and_they_come_back_in_a_new_one(scene: Scene, site: Site) -> None:
    """Another browser is another face: nobody is seen until the officer has looked."""
    before = minutes_left(scene)
    for pid in scene.family.pids:
        os.kill(pid, signal.SIGKILL)
    address, scene.family = scene.family.page.url, scene.chromium.open(RED, phone=True)
    site.enter(scene.family, "family")
    scene.family.page.goto(address)
    scene.sees_both(scene.officer)
    assert scene.passing() == (False, False)
    scene.admit()
    all_is_well_again(scene, before)


def test_a_stations_browser_dies_and_is_opened_again_on_the_same_machine(scene: Scene, site: Site) -> None:
    """Its machine is known by its key: nobody is asked anything, and the family reads why it waits."""
    before, key = minutes_left(scene), scene.station.context.storage_state()
    for pid in scene.station.pids:
        os.kill(pid, signal.SIGKILL)
    scene.family.page.get_by_text(CUT_OFF).filter(visible=True).first.wait_for(timeout=SAID_WITHIN_S * 1000)
    assert scene.family.passes(2) == (0, 0)
    assert scene.officer.text("line-inmate") != "Sambungan baik"
    scene.station = scene.chromium.open(BLUE, storage_state=key)
    scene.station.page.goto(f"{site.base}/station/")
    all_is_well_again(scene, before)
    scene.family.page.wait_for_timeout(1000)
    assert scene.family.colours("[data-testid=remote-video]") == ["blue"]
    assert scene.station.colours("[data-testid=remote-video]") == ["red"]


def test_everything_dies_at_once_and_the_call_goes_on_when_the_site_is_there_again(scene: Scene, site: Site) -> None:
    """As when the power fails: the media server dies with its parent, and nobody has to be told anything."""
    before = minutes_left(scene)
    family, station = faults.silence(scene, site.process.kill, 3)
    assert max(family, station) < SILENT_AT_ONCE_S
    site.process.wait(5)
    site.process = start(site.directory, site.port).process
    all_is_well_again(scene, before)


def test_the_record_is_whole(site: Site) -> None:
    verdict = site.verify()
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
