"""`besuk audit`: verify the log here or in an export, sign a checkpoint, write an export."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from django.db import connection

from besuk.ground.audit.actions import checkpoint
from besuk.ground.audit.chain import find_breaks
from besuk.ground.audit.checkpoints import holds
from besuk.ground.audit.seal import is_sealed
from besuk.ground.audit.verify import MOST_BREAKS, Report, stored_entries, verify
from besuk.ground.kernel import clock
from besuk.ground.kernel.models import Facility

BROKEN = 1


def main(argv: Sequence[str]) -> int:
    """Run one subcommand; 0 when all is well, 1 on a break, 2 on a wrong command line."""
    asked = _parser().parse_args(list(argv) or ["verify"])
    try:
        return int(asked.do(asked))
    except (OSError, ValueError, KeyError) as error:
        _say(f"This cannot be read or written: {error}")
        return BROKEN


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="besuk audit", description="The log and its proof.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("verify", help="read every chain through; with FILE: an export, or a checkpoint")
    one.add_argument("file", nargs="?", type=Path)
    one.add_argument("--facility", default="", help="only this one, by its code")
    one.set_defaults(do=_verify)
    commands.add_parser("checkpoint", help="sign where every chain ends").set_defaults(do=_checkpoint)
    one = commands.add_parser("export", help="write one facility's chain as lines of JSON")
    one.add_argument("facility")
    one.add_argument("file", type=Path)
    one.set_defaults(do=_export)
    return top


def _verify(asked: argparse.Namespace) -> int:
    if asked.file is not None:
        return _verify_file(asked.file)
    facilities = Facility.objects.order_by("code")
    chosen = facilities.filter(code=asked.facility) if asked.facility else facilities
    if asked.facility and not chosen:
        _say(f"There is no facility {asked.facility!r}.")
        return BROKEN
    reports = [verify(facility) for facility in chosen]
    for report in reports:
        _tell(report)
    sealed = is_sealed(connection)
    if not sealed:
        _say("WARNING: the database no longer refuses to change log entries (its triggers are missing).")
    return 0 if sealed and all(report.ok for report in reports) else BROKEN


def _tell(report: Report) -> None:
    if report.ok:
        _say(f"{report.facility}: {report.entries} entries, unbroken to its head.")
        return
    _say(f"{report.facility}: BROKEN, {report.entries} entries.")
    for one in report.breaks[:20]:
        _say(f"  entry {one.number}: {one.what}")
    if not report.head_ok:
        _say("  it does not end where its head or a checkpoint says: the tail was cut or added to")


def _verify_file(path: Path) -> int:
    """An export or a checkpoint, without any database."""
    text = path.read_text(encoding="utf-8")
    if text.lstrip().startswith("{\n"):
        good = holds(json.loads(text))
        _say("The checkpoint holds." if good else "The checkpoint does NOT hold.")
        return 0 if good else BROKEN
    lines = [json.loads(line) for line in text.splitlines() if line]
    breaks = list(find_breaks(lines))[:MOST_BREAKS]
    for one in breaks:
        _say(f"  entry {one.number}: {one.what}")
    last = lines[-1]["hash"][:16] if lines else "-"
    _say(f"{path.name}: {len(lines)} entries, {'BROKEN' if breaks else f'unbroken, ending in {last}'}.")
    return BROKEN if breaks else 0


def _checkpoint(asked: argparse.Namespace) -> int:
    made = checkpoint(clock.now())
    _say(f"Signed: root {made.root} over {len(made.heads)} chains, key {made.public_key}.")
    return 0


def _export(asked: argparse.Namespace) -> int:
    facility = Facility.objects.filter(code=asked.facility).first()
    if facility is None:
        _say(f"There is no facility {asked.facility!r}.")
        return BROKEN
    count = 0
    with asked.file.open("w", encoding="utf-8") as stream:
        for entry in stored_entries(facility):
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            count += 1
    _say(f"{count} entries written to {asked.file}.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
