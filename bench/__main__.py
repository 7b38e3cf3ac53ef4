"""Run the benchmarks: `python -m bench`, some of them with ONLY=name,name."""

import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
import traceback
from pathlib import Path

import bench
from bench.figures import Figure

NOT_FIGURES = {"__main__", "figures", "site", "bare", "load", "people", "crowd", "rush", "flatness", "soak"}
OUT = Path("build/bench.json")


def main() -> int:
    """Measure, print a line per figure, write build/bench.json. Returns 1 when one went wrong.

    What cannot be measured before something else is built is told, and is nothing wrong with the run.
    """
    only = {name for name in os.environ.get("ONLY", "").split(",") if name}
    names = [one.name for one in pkgutil.iter_modules(bench.__path__) if one.name not in NOT_FIGURES]
    unknown = only - set(names)
    if unknown:
        print(f"No benchmark is called {', '.join(sorted(unknown))}. There are: {', '.join(names)}")
        return 2
    rows: list[Figure] = []
    for name in names:
        if only and name not in only:
            continue
        rows += measured(name)
    write(rows)
    return 1 if any(row.error for row in rows) else 0


def measured(name: str) -> list[Figure]:
    """The figures of one benchmark; one that breaks becomes a figure with its error."""
    print(f"{name} ...", flush=True)
    try:
        found: list[Figure] = importlib.import_module(f"bench.{name}").measure()
    except Exception as error:  # noqa: BLE001  a figure that breaks is told, and the others go on
        traceback.print_exc()
        found = [Figure(name, "", error=f"{type(error).__name__}: {error}"[:300])]
    for row in found:
        base = f"  baseline {row.baseline}  ratio {row.ratio}" if row.baseline is not None else ""
        value = (
            row.why_no_number
            or f"{row.median} {row.unit}  ({row.min} to {row.max}, p95 {row.p95}, n={row.n}, goal {row.goal}){base}"
        )
        print(f"  {row.name}: {value}", flush=True)
    return found


def write(rows: list[Figure]) -> None:
    """Write build/bench.json; figures of earlier runs at the same commit stay."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    machine = {"cpus": os.cpu_count(), "system": platform.system(), "python": platform.python_version(), "cpu": cpu()}
    new = {row.name: row.row() for row in rows}
    if OUT.exists():
        before = json.loads(OUT.read_text())
        if before.get("commit") == commit:
            new = {row["name"]: row for row in before["figures"] if row["name"] not in new} | new
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"machine": machine, "commit": commit, "figures": list(new.values())}, indent=1) + "\n")
    print(f"{len(rows)} figures written to {OUT}")


def cpu() -> str:
    """The processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main())
