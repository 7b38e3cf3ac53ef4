"""PostgreSQL dies in the middle of a call: what is watched goes on, what is not is silent, and no pause is lost.

One story on one call: each test goes on where the one before it left off.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from besuk.testing import faults, needs
from besuk.testing.scene import Scene
from besuk.testing.site import Site, running_demo
from tests.faults.test_the_record_is_away import (
    a_pause_works_at_once,
    it_is_told_as_not_recorded,
    the_pause_is_recorded_and_can_be_lifted,
)
from tools.postgres import KEEPS_ITS_WORD, Server, throwaway_server

pytestmark = pytest.mark.browser
SILENT_WITHIN_S = 3.5
SILENT_BY_THE_GUARD_WITHIN_S = 5
BACK_WITHIN_S = 20
STARTED_AGAIN_WITHIN_S = 40
"""A web process that finds no database ends; between two starts there may be 10 s, and each takes a few."""


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    with throwaway_server(KEEPS_ITS_WORD) as running:
        yield running


@pytest.fixture(scope="module")
def site(home: Path, database: Server) -> Iterator[Site]:
    needs.media_server()
    needs.chromium()
    with running_demo(home, database=database.address) as running:
        yield running


@contextmanager
def dead(database: Server) -> Iterator[None]:
    """It dies without a word to those who are connected, and is started again after the block."""
    database.stop(signal.SIGQUIT)
    try:
        yield
    finally:
        database.start()


def test_a_watched_call_goes_on_and_a_pause_works_at_once_and_stays(scene: Scene, site: Site, database: Server) -> None:
    before = faults.recorded(site, "held_supervisor")
    with dead(database):
        assert scene.passing(3) == (True, True)
        a_pause_works_at_once(scene)
        it_is_told_as_not_recorded(scene)
        scene.officer.press("resume")  # what opens is on record first, or it is not
        assert scene.passing(2) == (False, False)
    faults.until_recorded(site, "held_supervisor", before + 1, BACK_WITHIN_S)
    assert scene.passing() == (False, False)
    the_pause_is_recorded_and_can_be_lifted(scene, before + 1)


def test_nobody_is_heard_unwatched_when_the_officer_goes_meanwhile(scene: Scene, site: Site, database: Server) -> None:
    before = faults.recorded(site, "held_no_supervisor")
    with dead(database):
        family, station = faults.silence(scene, lambda: power_cut(scene), 4.2)
        assert max(family, station) <= SILENT_WITHIN_S
        scene.becomes("paused")
    faults.until_recorded(site, "held_no_supervisor", before + 1, BACK_WITHIN_S)
    assert scene.passing() == (False, False)
    scene.reopen_officer()
    faults.seconds_until_passing(scene, BACK_WITHIN_S)


def power_cut(scene: Scene) -> None:
    """The officer's browser is gone without a word."""
    for pid in scene.officer.pids:
        os.kill(pid, signal.SIGKILL)


def test_a_pause_outlives_the_process_that_could_not_record_it(scene: Scene, site: Site, database: Server) -> None:
    before = faults.recorded(site, "held_supervisor")
    with dead(database):
        a_pause_works_at_once(scene)
        it_is_told_as_not_recorded(scene)
        faults.kill(site, "web")
        assert scene.passing(2) == (False, False)
    faults.until_recorded(site, "held_supervisor", before + 1, STARTED_AGAIN_WITHIN_S)
    scene.becomes("paused", within_s=STARTED_AGAIN_WITHIN_S)
    scene.sees_both(scene.officer)
    assert scene.passing(2) == (False, False)
    the_pause_is_recorded_and_can_be_lifted(scene, before + 1)


def test_without_database_and_web_process_the_call_is_silent_and_comes_back_alone(
    scene: Scene, site: Site, database: Server
) -> None:
    with dead(database):
        family, station = faults.silence(scene, lambda: faults.kill(site, "web"), 6)
        assert max(family, station) <= SILENT_BY_THE_GUARD_WITHIN_S
        assert scene.passing() == (False, False)
    faults.seconds_until_passing(scene, STARTED_AGAIN_WITHIN_S)
    scene.becomes("live")


def test_the_record_is_whole(site: Site) -> None:
    verdict = site.verify()
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
