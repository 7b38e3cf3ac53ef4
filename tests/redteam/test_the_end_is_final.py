"""After the end the old page, with its old place and its old session, finds nothing."""

import pytest

from besuk.testing.scene import Scene
from besuk.testing.site import Site
from tests.redteam.attack import Changed, Record, act, cookies, door, refused

pytestmark = pytest.mark.browser


def test_after_the_end_the_old_page_finds_the_door_shut(
    site: Site, scene: Scene, changed: Changed, record: Record, call: str
) -> None:
    scene.officer.page.goto(f"{site.base}/wall/")
    act(scene, call, "end", reason="finished")
    changed.window.page.wait_for_timeout(500)
    assert changed.join() != ""
    assert refused(site, door(changed.ref), cookies(scene.family)) == 403
    assert scene.station.passes(1.0) == (0, 0)
    assert record.shows("turned_away", "CALL_ENDED", "visitor")
