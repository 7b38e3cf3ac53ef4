"""A covered camera becomes a task, is taken by one officer and done, and the other officer's wall says whose it was.

One story: each test goes on where the one before it left off. Real media: the family's camera is black, the
inmate's shows light and shade and speaks, and nobody at the wall listens.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, WebSocket

from besuk.testing.browsers import Browsers, Window
from besuk.testing.fake_devices import BLACK, ROOM
from besuk.testing.scene import Scene
from besuk.testing.site import Site

pytestmark = pytest.mark.browser


class Walls:
    """The scene with two officers, and what the first one's browser said of the pictures."""

    def __init__(self, site: Site, chromium: Browsers) -> None:
        self.hints: list[dict[str, Any]] = []
        self.scene = Scene(site, chromium, family=BLACK, station=ROOM)
        self.scene.officer.page.on("websocket", self._listen)
        self.scene.gather()
        self.second = chromium.open()
        sign_in(self.second, site, "pengawas2")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)

    def _sent(self, said: str | bytes) -> None:
        if isinstance(said, str) and '"hints"' in said:
            self.hints += list(json.loads(said)["hints"].values())


def sign_in(window: Window, site: Site, username: str) -> None:
    """An officer who has no button on the demo's first page."""
    password = next(one["secret"] for one in site.told["credentials"] if one["user"] == username)
    window.page.goto(f"{site.base}/staff/sign-in/")
    window.page.locator("[name=username]").fill(username)
    window.page.locator("[name=password]").fill(password)
    window.page.locator("main form button[type=submit]").first.click()
    window.page.wait_for_url("**/wall/")


def task(window: Window, what: str) -> Locator:
    """One line of a wall's task list."""
    return window.page.locator(f"[data-testid$=':{what}']")


def state(window: Window, what: str, wanted: str) -> Locator:
    """The line once it is in that state."""
    line = window.page.locator(f"[data-testid$=':{what}'][data-state={wanted}]")
    line.wait_for(state="visible")
    return line


@pytest.fixture(scope="module")
def walls(site: Site, chromium: Browsers) -> Walls:
    site.make_due()
    built = Walls(site, chromium)
    built.scene.admit()
    return built


def test_a_black_picture_becomes_a_task_on_both_walls_and_cuts_nothing(walls: Walls) -> None:
    for window in (walls.scene.officer, walls.second):
        line = state(window, "dark_visitor", "open")
        assert "Keluarga: gambar gelap atau kamera tertutup" in line.inner_text()
        assert task(window, "dark_inmate").count() == 0
    assert walls.scene.passing() == (True, True)


def test_the_browser_measured_light_and_a_voice_that_nobody_listens_to(walls: Walls) -> None:
    said = len(walls.hints)
    walls.scene.officer.page.wait_for_timeout(7000)
    hints = walls.hints[said:]
    seen = hints[-1]
    assert seen["visitor"]["light"] < 24 < seen["inmate"]["light"]
    assert seen["inmate"]["contrast"] > 50
    assert max(one["visitor"]["sound"] for one in hints) < 0.01
    assert max(one["inmate"]["sound"] for one in hints) > 0.1, "a voice pauses, but not for seven seconds"


def test_taken_by_one_it_is_shown_as_theirs_on_the_other_wall(walls: Walls) -> None:
    officer, second = walls.scene.officer, walls.second
    task(second, "dark_visitor").get_by_test_id("task-take").click()
    assert state(second, "dark_visitor", "taken").get_by_test_id("task-owner").inner_text() == "Anda mengerjakan"
    theirs = state(officer, "dark_visitor", "taken")
    assert theirs.get_by_test_id("task-owner").inner_text() == "Dikerjakan petugas W-202"
    assert theirs.get_by_test_id("task-take").is_hidden()


def test_done_by_keyboard_it_stays_done_while_the_camera_stays_black(walls: Walls) -> None:
    button = task(walls.second, "dark_visitor").get_by_test_id("task-done")
    button.focus()
    walls.second.page.keyboard.press("Enter")
    for window in (walls.scene.officer, walls.second):
        line = state(window, "dark_visitor", "done")
        assert line.get_by_test_id("task-owner").inner_text() == "Selesai, kata petugas W-202"
        assert line.get_by_test_id("task-done").is_hidden()
    walls.second.page.wait_for_timeout(13_000)
    state(walls.scene.officer, "dark_visitor", "done")
    assert walls.scene.officer.text("task-count") == ""


def test_a_count_that_differs_from_the_booking_is_a_task_until_it_is_right(walls: Walls) -> None:
    officer = walls.scene.officer
    for count, lines in ((3, 1), (1, 0)):
        officer.page.keyboard.press("o")  # the tile was chosen when its people were admitted
        assert officer.text("count-booked") == "Dipesan untuk 1 orang."
        officer.page.get_by_test_id("count-people").fill(str(count))
        officer.press("count-save")
        officer.page.get_by_text("Dicatat").first.wait_for()
        officer.page.wait_for_function(
            "([s, n]) => document.querySelectorAll(s).length === n", arg=["[data-testid$=':people']", lines]
        )


def test_help_is_asked_by_the_family_and_done_by_the_officer(walls: Walls) -> None:
    officer = walls.scene.officer
    walls.scene.family.press("help")
    task(officer, "help_visitor").get_by_test_id("task-done").click()
    task(officer, "help_visitor").wait_for(state="detached")


def test_all_of_it_is_on_record_and_the_chain_holds(walls: Walls) -> None:
    done = walls.scene.site.verify()
    assert done.returncode == 0, done.stdout + done.stderr
