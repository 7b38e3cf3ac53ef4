"""A whole site for browser tests and benchmarks: `besuk demo` in a folder of its own, with the real media server."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from besuk.ground.kernel import clock
from besuk.run.demo.own_secrets import secrets_of
from besuk.run.plan import free_port
from besuk.testing.browsers import Window

READY_WITHIN_S = 90.0


@dataclass
class Site:
    """A running demo."""

    process: subprocess.Popen[str]
    directory: Path
    told: dict[str, Any]
    """What demo.json says."""

    @property
    def base(self) -> str:
        return str(self.told["base"])

    def window(self, role: str) -> dict[str, Any]:
        """What demo.json says of the first window with this role: family, station or officer."""
        found: dict[str, Any] = next(one for one in self.told["windows"] if one["role"] == role)
        return found

    def enter(self, window: Window, role: str) -> None:
        """Sign in as that person, through the start page."""
        window.page.goto(f"{self.base}/demo/")
        window.press(self.window(role)["sign_in"]["button"])
        window.page.wait_for_load_state()

    def verify(self) -> subprocess.CompletedProcess[str]:
        """`besuk audit verify` on this site's record, as an inspector runs it."""
        return self.run("besuk.run.cli", "audit", "verify")

    def make_due(self) -> None:
        """One more visit that begins this minute. Raises RuntimeError when it cannot be booked."""
        done = self.run("besuk.testing.due_now")
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A module as a program, on this site's data."""
        environment = {"BESUK_DATA_DIR": str(self.directory), "BESUK_MODE": "demo"}
        environment |= secrets_of(self.directory).environment()
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, env={**clean(), **environment}, timeout=60, check=False
        )


def clean() -> dict[str, str]:
    """This process's environment without settings of Besuk's own, but for the cache."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BESUK_", "DJANGO_"))}
    return kept | ({"BESUK_CACHE": os.environ["BESUK_CACHE"]} if "BESUK_CACHE" in os.environ else {})


@contextmanager
def running_demo(directory: Path) -> Iterator[Site]:
    """A demo for the block. Raises RuntimeError with its last words when it does not come up."""
    directory.mkdir(parents=True, exist_ok=True)
    said = directory / "terminal.txt"
    command = [sys.executable, "-m", "besuk.run.cli", "demo", "--port", str(free_port()), "--dir", str(directory)]
    with said.open("w") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, text=True, env=clean(), cwd=directory
        )
    try:
        _wait(process, said)
        yield Site(process, directory, json.loads((directory / "demo.json").read_text()))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(process: subprocess.Popen[str], said: Path) -> None:
    deadline = clock.monotonic() + READY_WITHIN_S
    while "is ready" not in said.read_text():
        if process.poll() is not None or clock.monotonic() > deadline:
            raise RuntimeError(f"the demo did not start: {said.read_text()}")
        time.sleep(0.05)
