"""The demo as one starts it: `besuk demo`, with the real media server, in a folder of its own."""

import http.client
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]
import pytest

from besuk.run.plan import free_port
from besuk.testing import needs
from besuk.testing.site import Site, start

pytestmark = [
    pytest.mark.media,
    pytest.mark.slow,
]
LATER_START_S, END_S, MEMORY_MB = 5.0, 5.0, 350


class Window:
    """A browser without pictures: cookies, forms, redirects."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie()

    def ask(self, path: str, **form: str) -> tuple[int, str, str]:
        """Status, address in the end and text; a form is posted, redirects are followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        if form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(value)
        connection.close()
        if answer.status in {301, 302}:
            return self.ask(answer.headers["Location"])
        return answer.status, path, text

    def press(self, testid: str) -> tuple[int, str, str]:
        """Press a button of the start page."""
        _, _, page = self.ask("/demo/")
        before = page[: page.index(f'data-testid="{testid}"')]
        form = before[before.rindex("<form") :]
        action = re.search(r'action="([^"]+)"', form)
        assert action
        fields = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', form))
        return self.ask(action[1], **fields)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder after its first start."""
    needs.media_server()
    directory = tmp_path_factory.mktemp("demo")
    first = start(directory)
    assert first.told["pid"] == first.process.pid
    assert first.base == f"http://127.0.0.1:{first.port}"
    assert first.end() < END_S
    return directory


@pytest.fixture
def demo(prepared: Path) -> Iterator[Site]:
    running = start(prepared)
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGKILL)


def test_a_second_start_takes_seconds_and_little_memory(demo: Site) -> None:
    others = max(1.0, psutil.getloadavg()[0] / (psutil.cpu_count() or 1))
    assert demo.seconds < LATER_START_S * others, "seconds on a machine that has nothing else to do"
    assert demo.memory_mb() < MEMORY_MB


def test_each_window_opens_as_its_person(demo: Site) -> None:
    windows = {one["role"]: one for one in demo.told["windows"][:3]}
    for role, window in windows.items():
        browser = Window(demo.port)
        status, address, page = browser.press(window["sign_in"]["button"])
        assert (status, demo.base + address) == (200, window["address"]), role
        assert "data-testid" in page


def test_the_first_page_has_its_style_and_no_door_to_the_outside(demo: Site) -> None:
    browser = Window(demo.port)
    _, _, page = browser.ask("/demo/")
    inside = [one for one in re.findall(r'(?:src|href)="([^"]+)"', page) if not one.startswith("data:")]
    assert inside
    assert all(one.startswith(("/", "#")) for one in inside)


def test_ctrl_c_leaves_nobody_behind(demo: Site) -> None:
    children = demo.children()
    assert len(children) == 3
    assert demo.end(signal.SIGINT) < END_S
    assert demo.process.returncode == 0
    assert not [one for one in children if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert not (demo.directory / "demo.json").exists()


def test_a_killed_parent_takes_everybody_along(demo: Site) -> None:
    children = demo.children()
    demo.end(signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=3)
    assert alive == []


def test_a_killed_part_is_started_again(demo: Site) -> None:
    web = next(one for one in demo.children() if "web" in one.cmdline())
    web.kill()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            if Window(demo.port).ask("/health/")[0] == 200:
                break
        except OSError:
            time.sleep(0.1)
    again = next(one for one in demo.children() if "web" in one.cmdline())
    assert again.pid != web.pid


def test_two_run_at_once_but_not_in_one_folder(demo: Site, tmp_path: Path) -> None:
    other = start(tmp_path / "other")
    try:
        assert Window(demo.port).ask("/demo/")[0] == Window(other.port).ask("/demo/")[0] == 200
        command = [sys.executable, "-m", "besuk.run.cli", "demo", "--port", str(free_port())]
        third = subprocess.run(
            [*command, "--dir", str(demo.directory)], capture_output=True, text=True, timeout=30, check=False
        )
        assert third.returncode == 2
        assert "runs in" in third.stderr
        assert "Traceback" not in third.stderr
    finally:
        other.end()
