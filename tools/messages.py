"""The texts for people in templates and Python, as gettext keys. Runs in the environment (Babel, Django).

`python -m tools.messages flow/live web/wall` prints, as a .po file to fill in, what has no English yet there.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import normalize
from django.utils.translation.template import templatize

from tools.catalogue import ENGLISH, first, forms, merged

PRODUCT = ENGLISH.parents[1]
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip

CALL = re.compile(r"""\b(?:n?p?gettext|_)\((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^()'"])*\)""")


@dataclass(frozen=True)
class Text:
    """One text: where it stands, its Indonesian words, its context, its words for several."""

    where: str
    words: str
    context: str | None = None
    plural: str | None = None


def in_python(code: str, where: str) -> list[Text]:
    """Texts that gettext calls in `code` mark."""
    found = extract("python", BytesIO(code.encode()), keywords=KEYWORDS)
    return [_text(f"{where}:{line}", words, context) for line, words, _, context in found if words]


def _text(where: str, words: str | tuple[str, ...], context: str | None) -> Text:
    if isinstance(words, str):
        return Text(where, words, context)
    return Text(where, words[0], context, words[1] if len(words) > 1 else None)


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


def is_translated(one: Text, have: Mapping[tuple[str | None, str], str | tuple[str, ...]]) -> bool:
    """Whether `have` holds English for the text, in two forms where the text has two."""
    told = have.get((one.context, one.words))
    return told is not None and (one.plural is None or isinstance(told, tuple))


def english() -> dict[tuple[str | None, str], str | tuple[str, ...]]:
    """(context, Indonesian) -> English, of all parts."""
    catalogue = merged(list((ENGLISH / "parts").glob("*.po")))
    return {(one.context, first(one.id)): forms(one) for one in catalogue if one.id}


def without_english(folders: list[str]) -> str:
    """Entries of a .po file for texts below `folders` (all, if none is named) that no part translates yet."""
    have = english()
    missing: dict[tuple[str | None, str], Text] = {}
    for one in texts(PRODUCT):
        if not is_translated(one, have) and (not folders or one.where.startswith(tuple(folders))):
            missing.setdefault((one.context, one.words), one)
    return "\n".join(_entry(one) for one in missing.values())


def _entry(one: Text) -> str:
    lines = [f"#: {one.where}"]
    if "%(" in one.words:
        lines.append("#, python-format")
    if one.context:
        lines.append(f"msgctxt {normalize(one.context)}")
    lines.append(f"msgid {normalize(one.words, width=0)}")
    if one.plural is None:
        return "\n".join([*lines, 'msgstr ""', ""])
    return "\n".join([*lines, f"msgid_plural {normalize(one.plural, width=0)}", 'msgstr[0] ""', 'msgstr[1] ""', ""])


if __name__ == "__main__":
    print(without_english(sys.argv[1:]))
