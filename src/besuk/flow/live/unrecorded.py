"""Closing acts of officers that the database has not taken yet, noted in files: they outlive the process.

An officer who pauses, ends, mutes or stops while the database is away is told that it is done and not on record.
Should this process die then, the next one would take up the calls as the record knows them: open. So whatever
waits for more than a moment is noted, and the notes are worked off before any call is taken up.

Written without waiting for the disk: this is against the death of a process, not of the machine. Only acts that
silence are noted, so that a note which is wrong by any chance silences too much, never too little.
"""

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType

from django.db.utils import InterfaceError, OperationalError

from besuk.flow.live import actions
from besuk.ground.facilities.actions import stop_service
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused

log = logging.getLogger(__name__)

ACTS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {
        "hold": actions.hold,
        "end": actions.end,
        "eject": actions.eject,
        "mute": actions.mute,
        "stop": stop_service,
    }
)
Fact = str | int


@dataclass(frozen=True)
class ClosingAct:
    """One of `ACTS`, with everything that recording it takes."""

    act: str
    actor: Actor
    now: datetime
    facts: Mapping[str, Fact]

    def record(self) -> object:
        """Record it; runs where the database may be asked. Raises Refused when the record knows more."""
        return ACTS[self.act](actor=self.actor, now=self.now, **self.facts)

    @property
    def is_noted(self) -> bool:
        """What Besuk or a party does comes about again by itself; an officer's word does not."""
        return self.actor.kind == "staff"


class Unrecorded:
    """The notes of one process, in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = count()

    def note(self, act: ClosingAct) -> Path | None:
        """Write it down; None when even that fails, which is logged: what silences goes on without."""
        path = self._folder / f"{act.now.timestamp():014.3f}-{os.getpid()}-{next(self._count):06d}.json"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(_plain(act)), encoding="utf-8")
            fresh.replace(path)
        except OSError as error:
            log.error("%s is neither on record nor noted: %r", act.act, error)
            return None
        return path

    def forget(self, path: Path) -> None:
        """It is on record now."""
        path.unlink(missing_ok=True)

    def work_off(self) -> int:
        """Record what an earlier process left, in order; how much. Runs where the database may be asked.

        A database or a disk that is away raises as always: nothing is forgotten, and whoever calls tries again.
        A note that no record fits (an older backup, another release) is put aside and keeps nobody from the rest.
        """
        done = 0
        for path in sorted(self._folder.glob("*.json")):
            try:
                act = _read(path)
                act.record()
            except (OperationalError, InterfaceError, OSError):
                raise
            except Refused as refused:
                log.warning("%s: the record knows more: %s", path.name, refused)
            except Exception:
                log.exception("%s fits no record, it is kept as .bad", path.name)
                path.replace(path.with_suffix(".bad"))
                continue
            else:
                log.warning("%s from before the restart is on record now", act.act)
                done += 1
            self.forget(path)
        return done


def _plain(act: ClosingAct) -> dict[str, object]:
    who = act.actor
    may = {str(facility): sorted(names) for facility, names in who.may.items()}
    words = ("kind", "pk", "subject", "label", "role", "request_id", "address")
    actor = {"may": may, **{word: getattr(who, word) for word in words}}
    return {"act": act.act, "now": act.now.isoformat(), "facts": dict(act.facts), "actor": actor}


def _read(path: Path) -> ClosingAct:
    told = json.loads(path.read_text(encoding="utf-8"))
    who = told["actor"]
    may = {int(facility): frozenset(names) for facility, names in who.pop("may").items()}
    actor = Actor(**who, may=MappingProxyType(may))
    return ClosingAct(told["act"], actor, datetime.fromisoformat(told["now"]), told["facts"])
