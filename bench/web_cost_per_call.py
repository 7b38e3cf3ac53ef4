"""What an open call costs the web process (pages, door, control sockets, keeper) and the worker."""

import psutil  # type: ignore[import-untyped]

from bench.crowd import Crowd, crowd, pause
from bench.figures import Figure, figure
from besuk.ground.kernel import clock

CALLS = 20
OFFICERS = 3
SETTLE_S = 15.0
WINDOWS = 6
WINDOW_S = 10.0


def measure() -> list[Figure]:
    """CPU with all calls live less that of the same site idle, in percent of a core, per call."""
    with crowd(CALLS, officers=OFFICERS) as people:
        parts = {name: people.site.part(name) for name in ("web", "worker", "guard")}
        pause(SETTLE_S)
        idle = [busy(parts, WINDOW_S) for _ in range(2)]
        people.start()
        people.become_live()
        pause(SETTLE_S)
        people.must_flow()
        live = [busy(parts, WINDOW_S) for _ in range(WINDOWS)]
        _must_be_live(people)
    rest = {name: sum(one[name] for one in idle) / len(idle) for name in parts}
    ours = [sum(one[name] - rest[name] for name in ("web", "worker")) / CALLS for one in live]
    guard = [(one["guard"] - rest["guard"]) / CALLS for one in live]
    note = (
        f"{CALLS} live calls through door and control sockets, {OFFICERS} officers at {CALLS} tiles each, every one "
        f"beating each second; web (with the keeper) and worker, less {rest['web'] + rest['worker']:.1f} % when idle"
    )
    return [
        figure("web_cost_per_call.cpu_percent", "%", ours, goal="<= 1", note=note),
        figure("web_cost_per_call.guard_percent", "%", guard, note="the guard beside it"),
    ]


def busy(parts: dict[str, psutil.Process], seconds: float) -> dict[str, float]:
    """Percent of a core that each process used over so many seconds."""
    began, before = clock.monotonic(), {name: one.cpu_times() for name, one in parts.items()}
    pause(seconds)
    passed, after = clock.monotonic() - began, {name: one.cpu_times() for name, one in parts.items()}
    return {
        name: 100 * (after[name].user + after[name].system - before[name].user - before[name].system) / passed
        for name in parts
    }


def _must_be_live(people: Crowd) -> None:
    closed = [party.ref for party in people.parties if not party.state.get("floor")]
    if closed or people.faults():
        raise RuntimeError(f"closed: {closed[:4]}; faults: {people.faults()[:4]}")
