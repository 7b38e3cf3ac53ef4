"""What is built from source: browser files, the media server, the English catalogue."""

import hashlib
import os
import subprocess
from pathlib import Path

from tools import toolchains
from tools.places import ROOT, STAMPS, VENV_PYTHON, cache, digest, give_up, is_done, mark_done, run, say

STATIC = ROOT / "src" / "besuk" / "web" / "static" / "besuk"
LOCALE = ROOT / "src" / "besuk" / "locale" / "en"
MEDIA = ROOT / "media" / "server"
SERVER = "github.com/livekit/livekit-server/cmd/server"


def node_packages() -> None:
    """`npm ci`, when package-lock.json changed."""
    stamp = ROOT / "node_modules" / ".besuk-done"
    state = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if is_done(stamp, state):
        return
    node = toolchains.node()
    say("Node packages")
    run([*node.npm, "ci", "--ignore-scripts", "--loglevel=error"], env=node.env, quiet=True)
    mark_done(stamp, state)


def frontend() -> None:
    """Scripts and style sheet into src/besuk/web/static/besuk, when a source changed."""
    node_packages()
    sources = [path for path in (ROOT / "frontend").rglob("*") if path.is_file() and ".test." not in path.name]
    state = digest([*sources, ROOT / "package-lock.json"])
    stamp = STAMPS / "frontend"
    if is_done(stamp, state) and (STATIC / "js" / "htmx.js").exists():
        return
    say("Browser scripts and styles")
    node = toolchains.node()
    run([node.node, "frontend/build.mjs"], env=node.env)
    mark_done(stamp, state)


def media_binary() -> Path:
    """Where the media server of this go.mod and go.sum belongs (`besuk.ground.media.server` looks there)."""
    pinned = hashlib.sha256((MEDIA / "go.mod").read_bytes() + (MEDIA / "go.sum").read_bytes()).hexdigest()
    return cache() / "bin" / f"livekit-server-{pinned[:12]}"


def media_server() -> None:
    """Build LiveKit into the cache, unless it is there and tells its version."""
    binary = media_binary()
    if os.environ.get("BESUK_LIVEKIT_BINARY") or _tells_version(binary):
        return
    go = toolchains.go()
    say("Media server (LiveKit) from source: one to three minutes, once a machine")
    binary.parent.mkdir(parents=True, exist_ok=True)
    fresh = binary.with_name(f".{binary.name}.{os.getpid()}")
    env = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly -buildvcs=false"}
    run([go, "build", "-trimpath", "-ldflags", "-s -w", "-o", fresh, SERVER], env=env, cwd=MEDIA, quiet=True)
    if not _tells_version(fresh):
        fresh.unlink(missing_ok=True)
        give_up("the media server was built but does not run on this machine.")
    fresh.replace(binary)


def _tells_version(binary: Path) -> bool:
    if not binary.exists():
        return False
    told = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    return told.returncode == 0 and "livekit-server" in told.stdout


def locale() -> None:
    """Merge the parts of the English catalogue and compile it, when one changed."""
    parts = list((LOCALE / "parts").glob("*.po"))
    state = digest([*parts, ROOT / "tools" / "catalogue.py"])
    compiled = LOCALE / "LC_MESSAGES" / "django.mo"
    stamp = STAMPS / "locale"
    if is_done(stamp, state) and compiled.exists():
        return
    say("English texts")
    run([VENV_PYTHON, "-m", "tools.catalogue"], quiet=True)
    mark_done(stamp, state)
