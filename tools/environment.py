"""The virtual environment and what pip puts into it, always by hash."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.debian import can_install, install
from tools.places import ROOT, VENV, VENV_PYTHON, digest, give_up, is_done, mark_done, run, say

OLDEST = (3, 11)


def make_venv() -> None:
    """Create `.venv` with this very Python, unless a working one is there."""
    if VENV_PYTHON.exists() and _works(VENV_PYTHON):
        return
    if sys.version_info < OLDEST:
        give_up("Besuk needs Python 3.11 or newer. Say which with `make PYTHON=/path/to/python3.11`.")
    say("Python environment in .venv")
    if not _has_ensurepip():
        _get_ensurepip()
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", VENV], quiet=True)


def install_python(*, dev: bool) -> None:
    """Install the locked packages (with `dev`, those of tests and checks too) and Besuk itself, editable."""
    make_venv()
    locks = {False: ROOT / "requirements.lock", True: ROOT / "requirements-dev.lock"}
    states = {kind: digest([lock, ROOT / "pyproject.toml"]) for kind, lock in locks.items()}
    stamps = {False: VENV / ".besuk-run", True: VENV / ".besuk-dev"}
    wanted = (True,) if dev else (True, False)
    if any(is_done(stamps[kind], states[kind]) for kind in wanted):
        return
    say("Python packages" + (" for running and testing" if dev else ""))
    # The lock names everything, so nothing is to be resolved: Debian's pip, asked to, looks at newer releases of
    # packages with extras and then complains that they are not pinned.
    pip_install("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(locks[dev]))
    pip_install("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    mark_done(stamps[dev], states[dev])


def install_locked(lock: Path) -> None:
    """Add the wheels of one small lock file to the environment (a toolchain the machine lacks)."""
    make_venv()
    pip_install("--require-hashes", "--only-binary", ":all:", "-r", str(lock))


def pip_install(*arguments: str) -> None:
    """Call pip of the environment, silent unless it fails."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    run([VENV_PYTHON, "-m", "pip", "install", *quiet, *arguments], quiet=True)


def site_packages() -> Path:
    """Where the environment keeps its packages."""
    return next((VENV / "lib").glob("python3*/site-packages"))


def _works(python: Path) -> bool:
    told = subprocess.run([python, "-c", "import sys, pip; print(sys.version_info >= (3, 11))"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    return told.stdout.strip() == "True"


def _has_ensurepip() -> bool:
    """Debian ships Python without ensurepip until python3-venv is there; `import ensurepip` tells."""
    tried = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return tried.returncode == 0


def _get_ensurepip() -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    if not can_install() or not Path(os.path.realpath(sys.executable)).is_relative_to("/usr/bin"):
        give_up(f"this Python cannot make virtual environments. On Debian: apt-get install {package}")
    install([package])
    if not _has_ensurepip():
        give_up(f"Python still lacks ensurepip after {package} was installed.")
