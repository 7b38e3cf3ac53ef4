"""A whole site for browser tests and benchmarks: `besuk demo` in a folder of its own, with the real media server."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg

from besuk.ground.kernel import clock
from besuk.run.demo.own_secrets import secrets_of
from besuk.run.plan import free_port
from besuk.testing.browsers import Window

READY_WITHIN_S = 90.0


@dataclass
class Site:
    """A running demo."""

    process: subprocess.Popen[str]
    port: int
    directory: Path
    seconds: float
    """From the command to the first page."""
    told: dict[str, Any]
    """What demo.json says."""
    database_url: str = ""
    """Of its PostgreSQL; empty: it has a SQLite file."""

    @property
    def base(self) -> str:
        return str(self.told["base"])

    @property
    def database(self) -> Path:
        """Its SQLite file."""
        return self.directory / "besuk.sqlite3"

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What its database says, read beside the site. `?` stands for a value."""
        if self.database_url:
            with psycopg.connect(self.database_url) as base:
                return base.execute(query.replace("?", "%s").encode(), values).fetchall()
        address = f"file:{self.database}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as file:
            return file.execute(query, values).fetchall()

    def log(self, part: str) -> str:
        """What a part has logged: guard, web, worker or media."""
        return (self.directory / "logs" / f"{part}.log").read_text(encoding="utf-8", errors="replace")

    def children(self) -> list[psutil.Process]:
        """Its processes below the guard."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def part(self, name: str) -> psutil.Process:
        """One of its processes: web, worker, media or guard (the parent). Raises LookupError."""
        if name == "guard":
            return psutil.Process(self.process.pid)
        for one in self.children():
            try:
                command = one.cmdline()
            except psutil.Error:
                continue  # it has died meanwhile
            is_media = "livekit-server" in command[0] if command else False
            if (name == "media" and is_media) or (not is_media and name in command):
                return one
        raise LookupError(f"the site has no {name}")

    def memory_mb(self) -> float:
        """What the whole tree weighs: proportional set size, in MB."""
        tree = [psutil.Process(self.process.pid), *self.children()]
        return sum(float(one.memory_full_info().pss) for one in tree) / 1024**2

    def end(self, how: signal.Signals = signal.SIGINT) -> float:
        """End it; seconds until it was gone."""
        began = clock.monotonic()
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return clock.monotonic() - began

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

    def make_due(self, *, soon_over_s: int | None = None) -> str:
        """One more visit that begins this minute, or whose slot ends in so many seconds; its ref.

        Raises RuntimeError when it cannot be booked.
        """
        done = self.run("besuk.testing.due_now", *([str(soon_over_s)] if soon_over_s else []))
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout.strip()

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A module as a program, on this site's data."""
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=self._environment(), timeout=60, check=False)

    def spawn(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        """The same, beside; what it says can be read."""
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self._environment())

    def _environment(self) -> dict[str, str]:
        own = {"BESUK_DATA_DIR": str(self.directory), "BESUK_MODE": "demo", "BESUK_DATABASE_URL": self.database_url}
        return {**clean(), **own, **secrets_of(self.directory).environment()}


def clean() -> dict[str, str]:
    """This process's environment without settings of Besuk's own, but for the cache."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BESUK_", "DJANGO_"))}
    return kept | ({"BESUK_CACHE": os.environ["BESUK_CACHE"]} if "BESUK_CACHE" in os.environ else {})


def start(directory: Path, port: int | None = None, *, inside: Sequence[str] = (), database: str = "") -> Site:
    """Start a demo and wait for its page, `inside` a network of its own for browsers on other machines there.

    It has a SQLite file, or the `database` with that address. Raises RuntimeError with its last words when it
    does not come up.
    """
    directory.mkdir(parents=True, exist_ok=True)
    said, number = directory / "terminal.txt", port or free_port()
    demo = [sys.executable, "-m", "besuk.run.cli", "demo", "--port", str(number), "--dir", str(directory)]
    if database:
        demo = [sys.executable, "-m", "besuk.testing.demo_elsewhere", str(number), str(directory), database]
    command = [*inside, *demo, "--lan"] if inside else demo
    began = clock.monotonic()
    with said.open("w") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, text=True, env=clean(), cwd=directory
        )
    while "is ready" not in said.read_text():
        if process.poll() is not None or clock.monotonic() > began + READY_WITHIN_S:
            process.kill()
            raise RuntimeError(f"the demo did not start: {said.read_text()}")
        time.sleep(0.02)
    took = clock.monotonic() - began
    return Site(process, number, directory, took, json.loads((directory / "demo.json").read_text()), database)


@contextmanager
def running_demo(directory: Path, *, inside: Sequence[str] = (), database: str = "") -> Iterator[Site]:
    """A demo for the block, `inside` a network of its own and on another `database` if they are given."""
    site = start(directory, inside=inside, database=database)
    try:
        yield site
    finally:
        if site.process.poll() is None:
            site.end()
