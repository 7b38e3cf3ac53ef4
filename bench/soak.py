"""A long run: `python -m bench.soak` (`make soak`), MINUTES=20 CALLS=20 WALLS=1 by default.

So many calls are live at once through the product's own doors, officers watch them, one of them at a real
browser's wall. Every so often a family asks for support and its officer ticks it off; every officer answers
the attention checks. At the end nothing may have been missed and no process may have grown.
"""

import json
import os
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Error as PlaywrightError

from bench.crowd import Crowd, crowd, pause
from bench.flatness import FEWEST, WARM_UP_PART, flatness
from bench.people import Counts, Officer, Party
from bench.wall_8 import watch_all
from besuk.ground.kernel import clock
from besuk.testing.browsers import Window, browsers
from besuk.testing.waiting import within

OUT = Path("build/soak.json")
TICK_MS = 1000
MEMORY_EVERY_S = 10.0
HELP_EVERY_S = 45.0
HELP_WITHIN_S = 5.0
FLOW_EVERY_S = 30.0
LONGEST_WITHOUT_SIGN_S = 5.0
"""A station stops by itself after this long."""
BEAT_ROW_S = 5.0
FEWEST_BEATS = 0.95
ATTENTION_MINUTES = 2
EACH = 8


@dataclass
class Story:
    """What a run has seen so far."""

    memory: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    helps: int = 0
    taps_in_browser: int = 0
    seconds: float = 0.0


def main() -> int:
    """Run, print, write build/soak.json. Returns 1 when something was missed or grew, or when no memory was judged."""
    minutes, calls = float(os.environ.get("MINUTES", "20")), int(os.environ.get("CALLS", "20"))
    walls = int(os.environ.get("WALLS", "1"))
    result = soak(minutes, calls, walls=walls)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(result, indent=1) + "\n")
    for name, value in result.items():
        rows = value if isinstance(value, list) else [value]
        print(f"{name}: {rows[0] if len(rows) == 1 else ''}")
        for row in rows if len(rows) > 1 else ():
            print(f"  {row}")
    return 1 if result["missed"] or result["grown"] or not result["memory"] else 0


def soak(minutes: float, calls: int, *, walls: int = 1) -> dict[str, object]:
    """A run of so many minutes; what it saw, in words and numbers."""
    officers = -(-calls // EACH)
    length = int(minutes) + 12
    with crowd(calls, officers=officers, spare_officers=walls, each=EACH, minutes=length,
               attention=ATTENTION_MINUTES) as people:  # fmt: skip
        people.start()
        people.become_live()
        began = clock.now().isoformat(sep=" ")
        story = Story()
        with _walls(people, walls, officers) as windows:
            _play(people, windows, story, minutes * 60)
        lines = [officer.line.heard for officer in people.officers]
        late = f"{sum(one.late_beats for one in lines)}, up to {max(one.latest_beat_s for one in lines):.1f} s"
        missed = [*story.missed, *people.faults(), *_of_record(people, began, story.seconds), *_of_signs(people)]
        taps = [officer.taps for officer in people.officers]
        errors = _errors_in_logs(people)
    enough = all(len(one) * (1 - WARM_UP_PART) >= FEWEST for one in story.memory.values())
    found = [flatness(name, samples) for name, samples in story.memory.items()] if enough else []
    return {
        "minutes": round(story.seconds / 60, 1), "calls": calls, "officers": officers, "walls in a browser": walls,
        "helped": story.helps, "attention answered": f"{taps}, in the browser {story.taps_in_browser}",
        "officers' own beats that came late": late, "came back after a cut": len(people.came_back),
        "longest without a sign": f"{max(one.longest_without_sign_s for one in people.parties):.1f} s",
        "memory": [one.line() for one in found], "grown": [one.name for one in found if not one.is_flat],
        "missed": missed + errors,
    }  # fmt: skip


@contextmanager
def _walls(people: Crowd, walls: int, officers: int) -> Iterator[list[Window]]:
    """Real browsers at walls of their own, each watching the first calls, as many as one officer may."""
    with ExitStack() as stack:
        if walls:
            opened = stack.enter_context(browsers(Path(stack.enter_context(TemporaryDirectory()))))
            windows = [opened.open(width=1920, height=1080) for _ in range(walls)]
            for number, window in enumerate(windows):
                watch_all(people, window, officers + number, most=EACH)
            yield windows
        else:
            yield []


def _play(people: Crowd, windows: list[Window], story: Story, seconds: float) -> None:
    began, chance = clock.monotonic(), random.Random(1)
    due = {"memory": 0.0, "help": HELP_EVERY_S / 3, "flow": FLOW_EVERY_S}
    before = dict(people.counts)
    while (passed := clock.monotonic() - began) < seconds:
        _rest(windows)
        for window in windows:
            try:
                story.taps_in_browser += _answered(window)
            except PlaywrightError as error:
                story.missed.append(f"minute {passed / 60:.1f}: the wall in the browser: {str(error)[:300]}")
                window.page.reload()
        if passed >= due["memory"]:
            due["memory"] += MEMORY_EVERY_S
            _weigh(people, windows, story, passed / 60)
        if passed >= due["help"]:
            due["help"] += HELP_EVERY_S
            _ask_for_help(people, chance.choice(people.parties), story)
        if passed >= due["flow"]:
            due["flow"] += FLOW_EVERY_S
            if stuck := _stuck(people, before):
                story.missed.append(f"minute {passed / 60:.1f}: {len(stuck)} streams stood still, as {stuck[0]}")
            before = dict(people.counts)
    story.seconds = clock.monotonic() - began


def _rest(windows: list[Window]) -> None:
    """A tick. A browser's own waiting lets it work meanwhile."""
    if windows:
        windows[0].page.wait_for_timeout(TICK_MS)
    else:
        pause(TICK_MS / 1000)


def _answered(window: Window) -> int:
    button = window.page.get_by_test_id("attention")
    if not button.is_visible():
        return 0
    button.click()
    button.wait_for(state="hidden")
    return 1


def _weigh(people: Crowd, windows: list[Window], story: Story, minute: float) -> None:
    """What belongs to each process alone (unique set size); a browser's is that of all its processes."""
    sizes = {name: _unique(people.site.part(name)) for name in ("web", "worker", "media", "guard")}
    for number, window in enumerate(windows, 1):
        tree = [one for pid in window.pids for one in (psutil.Process(pid), *psutil.Process(pid).children(True))]
        sizes[f"browser {number}"] = sum(_unique(one) for one in tree)
    for name, size in sizes.items():
        story.memory.setdefault(name, []).append((minute, size))


def _unique(process: psutil.Process) -> float:
    return float(process.memory_full_info().uss) / 1024**2


def _ask_for_help(people: Crowd, party: Party, story: Story) -> None:
    """A request must reach the officer's task list in time, and be gone when it is ticked off."""
    ref = party.state["ref"]
    officer = next(one for one in people.officers if ref in one.mine)
    what = f"help_{party.state['role']}"
    people.do(lambda: party.line.say({"t": "help"}))
    if not within(HELP_WITHIN_S, lambda: _is_task(officer, ref, what)):
        story.missed.append(f"{party.ref}: the request for support did not reach {officer.code}")
        return
    people.do(lambda: officer.alone(ref, "done", task=what))
    if not within(HELP_WITHIN_S, lambda: not _is_task(officer, ref, what)):
        story.missed.append(f"{party.ref}: the request stayed at {officer.code} after it was ticked off")
    story.helps += 1


def _is_task(officer: Officer, ref: str, what: str) -> bool:
    return any(task["id"] == f"{ref}:{what}" and not task.get("done_by") for task in officer.tasks)


def _stuck(people: Crowd, before: Counts) -> list[str]:
    """Whose pictures or sound did not move since the last look."""
    stuck = []
    for call in people.told["calls"]:
        for who, other in ((call["visitor"], call["inmate"]), (call["inmate"], call["visitor"])):
            old, new = before.get(who, {}).get(other, {}), people.counts.get(who, {}).get(other, {})
            stuck += [f"{who} gets no {kind}" for kind in ("frames", "audio") if new.get(kind, 0) <= old.get(kind, 0)]
    return stuck


def _of_record(people: Crowd, began: str, seconds: float) -> list[str]:
    """What the database says: a heartbeat of every party every five seconds, no call held, no check missed."""
    with sqlite3.connect(f"file:{people.site.directory}/besuk.sqlite3?mode=ro", uri=True) as database:
        beats = dict(database.execute(
            "SELECT p.ref, COUNT(*) FROM live_heartbeat h JOIN live_participation p ON p.id = h.participation_id "
            "WHERE h.at >= ? GROUP BY p.ref", (began,)))  # fmt: skip
        held = database.execute("SELECT cause, COUNT(*) FROM live_hold WHERE since >= ? GROUP BY cause", (began,))
        holds = [f"held by {cause}, {count} times" for cause, count in held]
        missed = database.execute("SELECT COUNT(*) FROM live_happening WHERE code = 'attention_missed'").fetchone()[0]
    wanted = FEWEST_BEATS * seconds / BEAT_ROW_S - 1
    counts = [beats.get(one.ref, 0) for one in people.parties]
    few = [f"{min(counts)} heartbeats of somebody on record, {wanted:.0f} wanted"] if min(counts) < wanted else []
    return holds + few + ([f"{missed} attention checks missed"] if missed else [])


def _of_signs(people: Crowd) -> list[str]:
    late = [one for one in people.parties if one.longest_without_sign_s > LONGEST_WITHOUT_SIGN_S]
    return [f"{one.ref}: {one.longest_without_sign_s:.1f} s without a sign of supervision" for one in late]


def _errors_in_logs(people: Crowd) -> list[str]:
    """Error lines of our own processes, the first few."""
    found = []
    for name in ("web", "worker", "guard"):
        lines = (people.site.directory / "logs" / f"{name}.log").read_text(errors="replace").splitlines()
        found += [f"{name}.log: {line[:160]}" for line in lines if "ERROR" in line or "Traceback" in line]
    return found[:10]


if __name__ == "__main__":
    sys.exit(main())
