"""Somebody claims that the call is watched while no officer watches it.

One story on one call: the officer's browser dies while others go on claiming, then a script has the officer's cookie.
"""

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from besuk.testing import faults
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from tests.redteam.attack import Changed, Record, cookies, socket
from tests.redteam.test_lines_and_reports import closes_with

pytestmark = pytest.mark.browser
PAGE = 2**40
"""A generation above that of every page."""
SILENT_WITHIN_S = 3.5


def hello() -> str:
    return json.dumps({"t": "hello", "gen": PAGE})


def beat(call: str, n: int, *, gen: int = PAGE, visible: bool = True) -> str:
    """A wall's heartbeat that claims progress at both ends."""
    ends = {side: {"frames": n, "audio": n} for side in ("inmate", "visitor")}
    return json.dumps({"t": "beat", "gen": gen, "visible": visible, "calls": {call: ends}})


@contextmanager
def claiming(lines: list[ClientConnection], call: str) -> Iterator[None]:
    """Each of the lines claims, every half second, that its page sees both ends of the call."""
    over = threading.Event()

    def claim() -> None:
        n = 1_000_000
        while not over.wait(0.5):
            n += 20
            for line in lines:
                with suppress(ConnectionClosed, OSError):
                    line.send(beat(call, n))

    thread = threading.Thread(target=claim)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def power_cut(scene: Scene) -> None:
    """The officer's browser is gone without a word."""
    for pid in scene.officer.pids:
        os.kill(pid, signal.SIGKILL)


def test_claims_of_others_do_not_keep_a_call_open_that_its_officer_left(
    *, site: Site, scene: Scene, changed: Changed, record: Record, stranger: str
) -> None:
    """Another prison's officer claims on a wall of their own, the family and the station on their own lines."""
    call = record.call()[0]
    changed.meet()
    with ExitStack() as opened:
        wall = opened.enter_context(socket(site, "/control/wall", stranger))
        family = opened.enter_context(socket(site, f"/control/{record.place('visitor')}", cookies(scene.family)))
        station = opened.enter_context(socket(site, f"/control/{record.place('inmate')}", cookies(scene.station)))
        for line in (wall, family):
            line.send(hello())
        with claiming([wall, family, station], call):
            assert scene.passing() == (True, True)
            ends = faults.silence(scene, lambda: power_cut(scene), 5)
            assert max(ends) <= SILENT_WITHIN_S
            assert scene.passing() == (False, False)
        assert closes_with(wall, 0.5) == 0, "it was heard to the end, and believed nothing"


def test_a_script_with_the_officers_own_cookie_opens_nothing_without_being_in_the_room(
    site: Site, scene: Scene, record: Record
) -> None:
    """Old generations, hidden pages, pictures that stand still, and progress of pictures that nobody receives."""
    scene.reopen_officer()
    faults.seconds_until_passing(scene, 15)
    call, cookie = record.call()[0], cookies(scene.officer)
    scene.officer.page.goto("about:blank")
    claims = [(PAGE - 1, True, True), (PAGE, False, True), (PAGE, True, False), (PAGE, True, True)]
    with socket(site, "/control/wall", cookie) as line:
        line.send(hello())
        scene.family.page.wait_for_timeout(SILENT_WITHIN_S * 1000)
        for number, (gen, visible, moves) in enumerate(claims):
            for n in range(3):
                line.send(beat(call, 5000 * (number + 1) + n * moves, gen=gen, visible=visible))
                scene.family.page.wait_for_timeout(500)
            assert scene.passing(0.5) == (False, False)
        assert closes_with(line, 0.5) == 0, "it was heard to the end, and opened nothing"
