"""docs/lifecycles.md from the tables in each step's lifecycle.py. `make docs` writes it; a test keeps it fresh."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from besuk.ground.kernel.lifecycle import Lifecycle
from tools.places import ROOT

PAGE = ROOT / "docs" / "lifecycles.md"
PRODUCT = ROOT / "src" / "besuk"
FLOW = ("approvals", "bookings", "checkin", "live", "oversight", "proceedings", "recordings", "reports")

HEAD = """# Lifecycles

Generated from each step's `lifecycle.py` by `make docs`; do not edit. A move that is not drawn is refused.
Expiry and lapse are not states: they are asked at the moment of reading.
"""


@dataclass(frozen=True)
class Found:
    """A lifecycle and the file it stands in."""

    where: str
    lifecycle: Lifecycle


def found() -> list[Found]:
    """All lifecycles, steps from left to right, the ground after them."""
    paths = sorted(PRODUCT.glob("*/*/lifecycle.py"), key=_order)
    steps = [path for path in paths if path.parent.name != "kernel"]
    return [Found(path.relative_to(ROOT).as_posix(), one) for path in steps for one in _tables(path)]


def _order(path: Path) -> tuple[int, str]:
    step = path.parent.name
    return (FLOW.index(step) if step in FLOW else len(FLOW), step)


def _tables(path: Path) -> list[Lifecycle]:
    name = ".".join(path.relative_to(PRODUCT.parent).with_suffix("").parts)
    return [value for value in vars(importlib.import_module(name)).values() if isinstance(value, Lifecycle)]


def page(lifecycles: list[Found]) -> str:
    """The page's text: for each lifecycle a diagram and a table of moves."""
    return "\n".join([HEAD, *(_section(one) for one in lifecycles)])


def _section(one: Found) -> str:
    life = one.lifecycle
    arrows = [f"    [*] --> {state}" for state in life.initial]
    arrows += [f"    {source} --> {step.target}: {verb}" for verb, step in life.moves.items()
               for source in sorted(step.sources)]  # fmt: skip
    arrows += [f"    {state} --> [*]" for state in sorted(life.final)]
    rows = [f"| {verb} | {', '.join(sorted(step.sources))} | {step.target} |" for verb, step in life.moves.items()]
    return "\n".join([
        f"## {life.name.capitalize()}", "", f"`{one.where}`", "", "```mermaid", "stateDiagram-v2", *arrows, "```", "",
        "| move | from | to |", "| --- | --- | --- |", *rows, "",
    ])  # fmt: skip


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(found()), encoding="utf-8")


if __name__ == "__main__":
    main()
