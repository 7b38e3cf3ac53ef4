"""Ways out of the house. The inbox needs none: it is the table."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings

log = logging.getLogger(__name__)


class ChannelDown(Exception):
    """The word did not get out; it will be tried again."""


@dataclass(frozen=True, slots=True)
class Word:
    """What is carried: whom for (subject id), in which language, one harmless sentence."""

    notice_id: int
    recipient: str
    language: str
    sentence: str
    at: datetime


class Channel(Protocol):
    """Carries one word. Raises ChannelDown when it could not."""

    def carry(self, word: Word) -> None: ...


class ConsoleChannel:
    """Says it in the log: for trying things out."""

    def carry(self, word: Word) -> None:
        log.warning("to %s: %s", word.recipient, word.sentence)


class FileChannel:
    """Adds a line of JSON to a file, from which anything else may pick it up."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def carry(self, word: Word) -> None:
        line = {"notice": word.notice_id, "to": word.recipient, "language": word.language, "text": word.sentence}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({**line, "at": word.at.isoformat()}, ensure_ascii=False) + "\n")
        except OSError as error:
            raise ChannelDown(str(error.strerror)) from error


def known() -> Mapping[str, Channel]:
    """Every channel there is, by the name the setting BESUK_NOTICE_CHANNELS uses."""
    folder: Path = settings.BESUK_DATA_DIR
    return {"console": ConsoleChannel(), "file": FileChannel(folder / "notices.jsonl")}


def chosen() -> dict[str, Channel]:
    """The channels this installation uses, in the order of the setting. Unknown names are a system check."""
    names: list[str] = settings.BESUK_NOTICE_CHANNELS
    there = known()
    return {name: there[name] for name in names if name in there}
