"""The disk of the site is full: a watched call goes on, and closing acts work at once."""

from pathlib import Path

import pytest

from besuk.testing import faults
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from tests.faults.test_the_record_is_away import a_pause_works_at_once, the_pause_is_recorded_and_can_be_lifted

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(small_disk: Path) -> Path:
    return small_disk


def test_full_disk(scene: Scene, site: Site) -> None:
    """A call that is watched goes on: its lease needs no new space."""
    before = faults.recorded(site, "held_supervisor")
    rooms_ended = site.log("guard").count("no valid lease")
    with faults.disk_full(site.directory):
        for _ in range(6):
            assert scene.passing() == (True, True)
        a_pause_works_at_once(scene)
    the_pause_is_recorded_and_can_be_lifted(scene, before + 1)
    assert site.log("guard").count("no valid lease") == rooms_ended
    assert faults.recorded(site, "room_made_again") == 0
