"""What is built from source: browser files, the media server, the load generator, the English catalogue."""

import hashlib
import os
import subprocess
from pathlib import Path

from tools import toolchains
from tools.places import ROOT, STAMPS, VENV_PYTHON, cache, digest, give_up, is_done, mark_done, run, say

STATIC = ROOT / "src" / "besuk" / "web" / "static" / "besuk"
LOCALE = ROOT / "src" / "besuk" / "locale" / "en"
MEDIA = ROOT / "media" / "server"
LOAD = ROOT / "media" / "load"
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
    fresh = _go_build(go, MEDIA, SERVER, binary)
    if not _tells_version(fresh):
        fresh.unlink(missing_ok=True)
        give_up("the media server was built but does not run on this machine.")
    fresh.replace(binary)


def _go_build(go: Path, module: Path, package: str, binary: Path) -> Path:
    """Build beside where it belongs; whoever asked moves it there when it is good."""
    binary.parent.mkdir(parents=True, exist_ok=True)
    fresh = binary.with_name(f".{binary.name}.{os.getpid()}")
    env = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly -buildvcs=false"}
    run([go, "build", "-trimpath", "-ldflags", "-s -w", "-o", fresh, package], env=env, cwd=module, quiet=True)
    return fresh


def load_binary() -> Path:
    """Where the load generator of these sources belongs."""
    return cache() / "bin" / f"besuk-load-{digest(_load_sources())[:12]}"


def load_media() -> Path:
    """Folder of what the load generator sends."""
    return cache() / f"load-media-{hashlib.sha256(repr(RECORDINGS).encode()).hexdigest()[:12]}"


def load_generator() -> None:
    """Build the load generator and what it sends into the cache, for benchmarks and the short soak."""
    binary, folder = load_binary(), load_media()
    if not binary.exists():
        say("Load generator from source: a minute, once a machine")
        _go_build(toolchains.go(), LOAD, ".", binary).replace(binary)
    if folder.exists():
        return
    say("Pictures and sound for the load generator")
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    fresh.mkdir(parents=True)
    for name, how in RECORDINGS.items():
        run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", *how.split(), fresh / name], quiet=True)
    fresh.rename(folder)


def _load_sources() -> list[Path]:
    return [path for path in LOAD.iterdir() if path.suffix in {".go", ".mod", ".sum"}]


_VP8 = "-t 20 -c:v libvpx -deadline realtime -cpu-used 8 -auto-alt-ref 0 -lag-in-frames 0 -undershoot-pct 100"
RECORDINGS = {
    "low.ivf": f"-i testsrc2=size=160x120:rate=8 {_VP8} -g 16 -b:v 40k -maxrate 44k -bufsize 40k",
    "mid.ivf": f"-i testsrc2=size=320x240:rate=15 {_VP8} -g 30 -b:v 120k -maxrate 130k -bufsize 120k",
    "speech.ogg": "-i anoisesrc=color=pink:seed=7:amplitude=0.4:duration=20 -af volume='lt(mod(t,4),2)':eval=frame"
    " -ac 1 -c:a libopus -application voip -b:a 24k -frame_duration 20 -page_duration 20000",
}
"""Two layers of a picture with 2 s between key frames, and sound that stops half of the time, by ffmpeg's wishes."""


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
