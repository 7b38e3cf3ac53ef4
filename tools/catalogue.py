"""The English catalogue: `locale/en/parts/*.po` merged to `LC_MESSAGES/django.po` and compiled.

The source texts are Indonesian, so Indonesian needs no catalogue. Each part of the product keeps its English
in its own file; the merged file is build output. Runs in the environment (needs Babel).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ENGLISH = Path(__file__).resolve().parent.parent / "src" / "besuk" / "locale" / "en"


class Contradiction(Exception):
    """Two parts translate one text differently."""


def merged(parts: list[Path]) -> Catalog:
    """One catalogue of all `parts`. Raises Contradiction when two disagree about a text."""
    whole = Catalog(locale="en", project="Besuk", version="", fuzzy=False)
    origin: dict[tuple[str, str | None], Path] = {}
    for path in sorted(parts):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id and _filled(message):
                    _add(whole, message, path, origin)
    return whole


def first(words: str | Sequence[str]) -> str:
    """The text itself, or the singular of a text with plural."""
    return words if isinstance(words, str) else str(words[0])


def forms(message: Message) -> str | tuple[str, ...]:
    """The English of `message`: one text, or one for each plural form."""
    told = message.string
    return told if isinstance(told, str) else tuple(told or ())


def _add(whole: Catalog, message: Message, path: Path, origin: dict[tuple[str, str | None], Path]) -> None:
    key = (first(message.id), message.context)
    before = whole.get(*key)
    if before is not None and _filled(before) and forms(before) != forms(message):
        raise Contradiction(f"{path.name} and {origin[key].name} translate {key[0]!r} differently")
    whole.add(message.id, message.string, flags=message.flags, context=message.context)
    origin.setdefault(key, path)


def _filled(message: Message) -> bool:
    told = forms(message)
    return bool(told) and all(told)


def main() -> int:
    """Write django.po and django.mo. Returns the process's exit code."""
    try:
        whole = merged(list((ENGLISH / "parts").glob("*.po")))
    except Contradiction as problem:
        print(problem, file=sys.stderr)
        return 1
    out = ENGLISH / "LC_MESSAGES"
    out.mkdir(exist_ok=True)
    with (out / "django.po").open("wb") as file:
        write_po(file, whole, sort_output=True, omit_header=False)
    with (out / "django.mo").open("wb") as file:
        write_mo(file, whole)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
