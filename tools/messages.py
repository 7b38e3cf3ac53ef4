"""The texts for people in templates and Python, as gettext keys. Runs in the environment (Babel, Django)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip

CALL = re.compile(r"""\b(?:n?p?gettext|_)\((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^()'"])*\)""")


@dataclass(frozen=True)
class Text:
    """One text: where it stands, its Indonesian words, its context."""

    where: str
    words: str
    context: str | None = None


def in_python(code: str, where: str) -> list[Text]:
    """Texts that gettext calls in `code` mark."""
    found = extract("python", BytesIO(code.encode()), keywords=KEYWORDS)
    return [
        Text(f"{where}:{line}", words if isinstance(words, str) else words[0], context)
        for line, words, _, context in found
        if words
    ]


def in_template(page: str, where: str) -> list[Text]:
    """Texts that {% translate %} and {% blocktranslate %} mark, through Django's own extraction.

    Django turns each mark into a call on one line, among filler that is no Python: only the calls are read.
    """
    found: list[Text] = []
    for number, line in enumerate(templatize(page, origin=where).splitlines(), 1):
        for call in CALL.findall(line):
            found += in_python(call, where)
            found[-1] = replace(found[-1], where=f"{where}:{number}")
    return found


def texts(folder: Path) -> Iterator[Text]:
    """All texts of product files below `folder`; tests and the tests' cast are left out."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts
        if "tests" in inner or inner[:1] == ("testing",) or "migrations" in inner:
            continue
        if path.suffix == ".py":
            yield from in_python(path.read_text(encoding="utf-8"), "/".join(inner))
        elif path.suffix in {".html", ".txt"}:
            yield from in_template(path.read_text(encoding="utf-8"), "/".join(inner))
