"""A throwaway PostgreSQL for tests: `python -m tools.postgres -- pytest ...` runs the command with
BESUK_DATABASE_URL set to it. Data lives in a temporary folder and goes at the end; durability is off.
"""

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.debian import postgresql_tools
from tools.places import give_up

SETTINGS = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "shared_buffers=128MB",
    "listen_addresses=127.0.0.1", "log_min_messages=fatal",
)  # fmt: skip
KEEPS_ITS_WORD = tuple(one for one in SETTINGS if not one.startswith("synchronous_commit"))
"""What it acknowledged outlives its crash, though not the machine's."""


class Server:
    """One PostgreSQL with a folder of its own, which is kept while it is down. Made by `throwaway_server`."""

    def __init__(self, programs: Path, home: Path, settings: Sequence[str]) -> None:
        self._programs, self._home, self._data, self._port = programs, home, home / "data", _free_port()
        self._as_user = _not_root(home)
        self._options = [part for setting in settings for part in ("-c", setting)]
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"postgresql://besuk@127.0.0.1:{self._port}/postgres"

    def prepare(self) -> None:
        """Make its empty folder."""
        _quietly([*self._as_user, self._programs / "initdb", "-D", self._data, "-U", "besuk", "-A", "trust",
                  "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])  # fmt: skip

    def start(self) -> None:
        """Start it, for the first time or again, and wait until it answers."""
        where: list[str | Path] = ["-D", self._data, "-p", str(self._port), "-k", self._home]
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as_user, self._programs / "postgres", *where, *self._options],
                cwd="/", stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
            )  # fmt: skip
        _wait_until_it_answers(self._programs, self._port, self._process)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Fast shutdown of the postmaster itself, or with SIGQUIT as a crash: runuser would not hand signals on."""
        if self._process is None:
            return
        pid_file = self._data / "postmaster.pid"
        if pid_file.exists():
            os.kill(int(pid_file.read_text(encoding="ascii").split()[0]), how)
        else:
            self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None


@contextmanager
def throwaway_server(settings: Sequence[str] = SETTINGS) -> Iterator[Server]:
    """A running, empty PostgreSQL for the block, to be stopped and started in it."""
    programs = postgresql_tools()
    if programs is None:
        give_up("PostgreSQL is missing. On Debian, as root: apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="besuk-pg-", dir="/tmp"))
    try:
        server = Server(programs, home, settings)
        server.prepare()
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def throwaway() -> Iterator[str]:
    """The same; yields its address (`postgresql://...`)."""
    with throwaway_server() as server:
        yield server.address


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _not_root(home: Path) -> list[str]:
    """PostgreSQL refuses to run as root: hand `home` to its own user and go through runuser."""
    if os.geteuid() != 0:
        return []
    name = "postgres" if _user_exists("postgres") else "nobody"
    shutil.chown(home, name)
    return ["runuser", "-u", name, "--"]


def _user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _quietly(command: Sequence[str | Path]) -> None:
    ended = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    if ended.returncode:
        give_up(f"PostgreSQL could not be prepared: {ended.stderr.strip()}")


def _wait_until_it_answers(programs: Path, port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        asked = subprocess.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False)
        if asked.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    give_up("PostgreSQL did not start.")


def main() -> int:
    """Run the command after `--` with the throwaway database. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.postgres", description=__doc__)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- command to run")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the database goes when the run is stopped
    command = [part for part in parser.parse_args().command if part != "--"]
    with throwaway() as address:
        return subprocess.run(command, env={**os.environ, "BESUK_DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
