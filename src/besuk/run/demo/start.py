"""`besuk demo`: prepare the folder once, re-time the visits, run the site, say where to go. No Django in here."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from besuk.run.demo.own_secrets import secrets_of
from besuk.run.plan import SitePlan, inner_port_for, media_plan, must_be_free
from besuk.run.serve import run_site
from besuk.run.speak import Stop, say

PREPARED = "prepared.json"
"""What the preparing process leaves for us: who plays and where."""
RULE = "─" * 78


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    port: int
    directory: Path
    lan: bool = False
    big: bool = False
    database: str = ""
    """Another database than the folder's own SQLite file; it must be empty, or this folder's from before."""


def run_demo(wanted: Wanted) -> None:
    """Run the demo until Ctrl-C. Raises Stop when something stands in the way."""
    with _alone(wanted.directory):
        plan = plan_of(wanted)
        first = not (plan.data_dir / "besuk.sqlite3").exists()
        say("Preparing the people of the demo, once ..." if first else "Setting the visits to now ...")
        prepare(plan, big=wanted.big)
        story = _story(plan)
        written = write_story(plan, story)
        try:
            run_site(plan, lambda: _announce(plan, story, lan=wanted.lan))
        finally:
            _take_back(written)
    say("The demo has ended. Its people are kept for the next start.")


class _alone:  # noqa: N801  reads as a word
    """Holds the folder for one demo at a time. Raises Stop when another one runs in it or it cannot be made."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "running.pid"

    def __enter__(self) -> None:
        directory = self._file.parent
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Stop(f"{directory} cannot be made: {error.strerror}.", "Choose another DEMO_DIR.") from error
        other = _living(self._file)
        if other:
            raise Stop(
                f"a demo runs in {directory} already (process {other}).",
                "End it, or give this one its own place: make demo PORT=8100 DEMO_DIR=build/demo-2",
            )
        self._file.write_text(str(os.getpid()), encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        self._file.unlink(missing_ok=True)


def _living(file: Path) -> int:
    """The process id in the file if such a demo runs, else 0."""
    try:
        pid = int(file.read_text(encoding="utf-8"))
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return 0
    return pid if b"besuk" in command and pid != os.getpid() else 0


def plan_of(wanted: Wanted) -> SitePlan:
    """Where the demo listens and what its children are told."""
    host = "0.0.0.0" if wanted.lan else "127.0.0.1"  # noqa: S104  LAN=1 asks for it
    must_be_free(host, wanted.port)
    own = secrets_of(wanted.directory)
    extra = {"BESUK_MODE": "demo", "BESUK_SESSION_COOKIE": f"besuk_session_{wanted.port}", **own.environment()}
    # A database or secret of a real site that happens to be in the environment must not reach the demo.
    extra |= {"BESUK_DATABASE_URL": wanted.database, "BESUK_PROCESSES": "1", "BESUK_REDIS_URL": "", **_no_files()}
    inner = inner_port_for(host, tls=wanted.lan)
    if not wanted.lan:
        media = media_plan(webhook_port=wanted.port, node_ip="127.0.0.1", secret=own.media_secret)
        url = f"http://127.0.0.1:{wanted.port}"
        return SitePlan(wanted.directory, host, wanted.port, url, media=media, extra=extra)
    from besuk.run.demo import lan

    address = lan.own_address()
    return SitePlan(
        wanted.directory,
        host,
        wanted.port,
        f"https://{address}:{wanted.port}",
        hosts=(address,),
        media=media_plan(webhook_port=inner or wanted.port, node_ip=address, secret=own.media_secret),
        tls=lan.certificate_for(address, wanted.directory, lan.machine_time()),
        inner_port=inner,
        extra=extra,
    )


def _no_files() -> dict[str, str]:
    return {name: "" for name in os.environ if name.startswith("BESUK_") and name.endswith("_FILE")}


def prepare(plan: SitePlan, *, big: bool = False) -> None:
    """Migrate, seed the first time, and set the visits to now: in a process of its own, which uses Django."""
    command = [sys.executable, "-m", "besuk.run.demo.prepare", *(["--big"] if big else [])]
    ended = subprocess.run(command, env=plan.environment(), capture_output=True, text=True, check=False)
    if ended.returncode:
        log = plan.data_dir / "prepare.log"
        log.write_text(ended.stdout + ended.stderr, encoding="utf-8")
        last = (ended.stderr.strip().splitlines() or ["no word"])[-1]
        raise Stop(f"the demo's people could not be made: {last}", f"The whole story is in {log}.")


def _story(plan: SitePlan) -> dict[str, Any]:
    """What `demo.json` says: the base address, the windows to open, every sign-in."""
    prepared: dict[str, Any] = json.loads((plan.data_dir / PREPARED).read_text(encoding="utf-8"))
    windows = [{**one, "address": plan.site_url + one["path"]} for one in prepared["windows"]]
    return {
        "base": plan.site_url,
        "start": f"{plan.site_url}/demo/",
        "pid": os.getpid(),
        "directory": str(plan.data_dir),
        "windows": windows,
        "credentials": prepared["credentials"],
    }


def write_story(plan: SitePlan, story: Mapping[str, Any]) -> list[Path]:
    """Write `demo.json` into the demo's folder, and beside the default one unless another demo's is there."""
    text = json.dumps(story, ensure_ascii=False, indent=1) + "\n"
    usual = Path.cwd() / "build" / "demo.json"
    places = [plan.data_dir / "demo.json"]
    if not _of_another(usual):
        places.append(usual)
    written = []
    for place in places:
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
            written.append(place)
    return written


def _of_another(place: Path) -> bool:
    """Whether a demo that runs now has written this file."""
    try:
        pid = int(json.loads(place.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return pid != os.getpid() and Path(f"/proc/{pid}").exists()


def _take_back(written: list[Path]) -> None:
    for place in written:
        with suppress(OSError, ValueError, KeyError):
            if json.loads(place.read_text(encoding="utf-8"))["pid"] == os.getpid():
                place.unlink()


def _announce(plan: SitePlan, story: Mapping[str, Any], *, lan: bool) -> None:
    say(RULE)
    say(f"  Besuk is ready:  {story['start']}")
    say("  Open that page in three windows (or browsers) and press one button in each:")
    for window in story["windows"][:3]:
        say(f"    {window['title']:<34} {window['who']}")
    say()
    say("  Or sign in by hand:")
    for one in story["credentials"]:
        pin = f"  PIN {one['pin']}" if "pin" in one else ""
        say(f"    {one['where']:<18} {one['name']:<24} {one['user']:<22} {one['secret']}{pin}")
    if lan:
        from besuk.run.demo.lan import qr_code

        say(f"\n  A phone in the same network can be the family ({story['start']}).")
        say("  It will ask once about the certificate, which this demo made itself.\n")
        say(qr_code(story["start"]))
    say(f"\n  Everybody here is made up. Ctrl-C ends everything. Logs: {plan.logs}")
    say(RULE)
