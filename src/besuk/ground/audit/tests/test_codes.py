"""Every code the tree writes into the log has a sentence."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import besuk
from besuk.ground.audit.codes import CODES, sentence_of
from besuk.ground.kernel.lifecycle import Lifecycle

ROOT = Path(besuk.__file__).parent
RECORDED = re.compile(r'(?:\brecord|note_everywhere)\(\s*(?:staff,\s*)?"([a-z_]+\.[a-z_]+)"')
CHOSEN = re.compile(r'done = "([a-z_]+\.[a-z_]+)" if .* else "([a-z_]+\.[a-z_]+)"')


def product() -> Iterator[Path]:
    """Source files without tests."""
    return (path for path in ROOT.rglob("*.py") if "tests" not in path.parts)


def recorded() -> set[str]:
    """Codes named where something is recorded."""
    found: set[str] = set()
    for path in product():
        text = path.read_text()
        found.update(RECORDED.findall(text))
        found.update(code for pair in CHOSEN.findall(text) for code in pair)
    return found


def moved() -> set[str]:
    """Codes that `transition` makes of each lifecycle's verbs."""
    found: set[str] = set()
    for path in ROOT.rglob("lifecycle.py"):
        name = ".".join(("besuk", *path.relative_to(ROOT).with_suffix("").parts))
        for one in vars(importlib.import_module(name)).values():
            if isinstance(one, Lifecycle):
                found.update(f"{one.name}.{verb}" for verb in one.moves)
    return found


def test_the_search_finds_what_is_there() -> None:
    assert {"staff.signed_out", "inmate.moved", "station.opened", "tie.apply"} <= recorded()
    assert {"tie.approve", "visit.confirm", "call.end"} <= moved()


def test_every_code_has_a_sentence() -> None:
    silent = (recorded() | moved()) - set(CODES)
    assert not silent, f"add to ground/audit/codes.py: {', '.join(sorted(silent))}"


def test_an_unknown_code_is_told_as_it_is() -> None:
    assert sentence_of("old.code") == "Tercatat: old.code"
