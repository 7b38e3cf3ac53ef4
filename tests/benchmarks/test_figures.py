"""A run of the benchmarks fails for what went wrong, and tells what cannot be measured yet without failing for it."""

import json
from pathlib import Path

import pytest

from bench import __main__ as runner
from bench.figures import Figure, figure

NOT_YET = Figure("calls.recorded", "%", awaits="no recorder")
BROKEN = Figure("calls.cpu", "%", error="RuntimeError: no media server")


@pytest.mark.parametrize(("found", "code"), [([NOT_YET], 0), ([NOT_YET, BROKEN], 1)])
def test_only_what_went_wrong_fails_the_run(
    found: list[Figure], code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ONLY", "wall_8")
    monkeypatch.setattr(runner, "OUT", tmp_path / "bench.json")
    monkeypatch.setattr(runner, "measured", lambda name: [*found, figure("calls.ms", "ms", [1.0])])
    assert runner.main() == code
    rows = {row["name"]: row for row in json.loads((tmp_path / "bench.json").read_text())["figures"]}
    assert rows["calls.recorded"]["error"] == "not measurable yet: no recorder"
    assert "median" not in rows["calls.recorded"]
    assert "error" not in rows["calls.ms"]
