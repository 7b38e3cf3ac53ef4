"""Where set-up puts things, how it speaks, and how it knows that a step is done already."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / "build" / "stamps"


def cache() -> Path:
    """The folder for what is built once a machine: $BESUK_CACHE, else the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("BESUK_CACHE") or Path(base) / "besuk")


def say(words: str) -> None:
    """One plain line of progress."""
    print(f"==> {words}", flush=True)


def give_up(words: str) -> NoReturn:
    """End set-up with a sentence that says what to do."""
    print(f"\nSet-up stops here: {words}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT, quiet: bool = False
) -> None:
    """Run `command`; show what it says only if it fails (or always, unless `quiet`)."""
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    if ended.returncode:
        print(ended.stdout or "", file=sys.stderr)
        give_up(f"`{Path(command[0]).name} {' '.join(str(part) for part in command[1:4])} ...` failed")


def digest(files: Iterable[Path]) -> str:
    """A hash over names and contents of `files`, in a stable order."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def is_done(stamp: Path, state: str) -> bool:
    """Whether the step behind `stamp` was done for exactly this `state`."""
    return stamp.exists() and stamp.read_text(encoding="utf-8") == state


def mark_done(stamp: Path, state: str) -> None:
    """Remember that the step behind `stamp` is done for `state`."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state, encoding="utf-8")
