"""Debian's packages that tests need: installed when we may, named when we may not."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.places import give_up, run, say

CHROMIUM_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def can_install() -> bool:
    """Whether this is a Debian machine on which we are root."""
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> None:
    """Install `packages` with apt-get, asking nothing."""
    say(f"Debian packages: {' '.join(packages)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=quiet, quiet=True)
    run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], env=quiet, quiet=True)
    run(["ldconfig"], quiet=True)


def postgresql_tools() -> Path | None:
    """The folder of the newest PostgreSQL's programs (initdb, postgres), or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


def missing() -> list[str]:
    """Names of Debian packages that the whole test run needs and this machine lacks."""
    lacking = {
        "chromium": shutil.which("chromium") is None,
        "postgresql": postgresql_tools() is None,
        "ffmpeg": shutil.which("ffmpeg") is None,
    }
    return [name for name, lacks in lacking.items() if lacks]


def packages_for_tests() -> None:
    """See to Chromium, PostgreSQL and ffmpeg, and that Chromium starts."""
    lacking = missing()
    if lacking and not can_install():
        names = " ".join(lacking)
        give_up(f"the tests need {', '.join(lacking)}. On Debian, as root: apt-get install {names}")
    if lacking:
        install(lacking)
    if not chromium_starts():
        give_up("Chromium is installed but does not start. Try `ldconfig` as root, then `chromium --version`.")


def chromium_starts() -> bool:
    """Whether Chromium can show an empty page."""
    with tempfile.TemporaryDirectory(prefix="besuk-chromium-") as profile:
        command = ["chromium", *CHROMIUM_FLAGS, f"--user-data-dir={profile}", "--dump-dom", "about:blank"]
        try:
            shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return "<html" in shown.stdout
