"""Indonesian is the source, English is complete, and every refusal can be told in both."""

import re

from django.utils import translation

from besuk.ground.kernel import refusals
from tests.architecture.source import PRODUCT
from tools.messages import Text, english, in_python, in_template, is_translated, texts

PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def holes(words: str) -> set[str]:
    """Names of the values a text takes."""
    return {first or second for first, second in PLACEHOLDER.findall(words)}


def test_every_text_has_its_english() -> None:
    have = english()
    missing = sorted({f"{one.where}: {one.words!r}" for one in texts(PRODUCT) if not is_translated(one, have)})
    assert not missing, f"{len(missing)} without English in locale/en/parts:\n" + "\n".join(missing)


def test_english_takes_the_same_values() -> None:
    wrong = [
        f"{words!r} -> {form!r}"
        for (_, words), told in english().items()
        for form in ((told,) if isinstance(told, str) else told)
        if (holes(form) != holes(words) if isinstance(told, str) else holes(form) - holes(words))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_english_is_kept_for_a_text_that_is_gone() -> None:
    used = {(one.context, one.words) for one in texts(PRODUCT)}
    dead = sorted(words for context, words in english() if (context, words) not in used)
    assert not dead, "remove from locale/en/parts:\n" + "\n".join(dead)


def test_every_refusal_is_told_in_both_languages() -> None:
    have = english()
    silent = [
        f"{code}: {words!r}"
        for code, entry in sorted(refusals.CODES.items())
        for words in (entry.sentence, entry.next_step)
        if have.get((None, words), words) == words
    ]
    assert not silent, "no English for\n" + "\n".join(silent)


def test_the_compiled_catalogue_answers() -> None:
    sentence = refusals.CODES["NOT_ALLOWED"].sentence
    with translation.override("en"):
        assert translation.gettext(sentence) == english()[None, sentence]
    with translation.override("id"):
        assert translation.gettext(sentence) == sentence


def test_texts_are_found_in_templates_and_in_python() -> None:
    page = '{% translate "Pesan" %}{% blocktranslate with n=x %}Sisa {{ n }} menit{% endblocktranslate %}'
    assert [one.words for one in in_template(page, "x")] == ["Pesan", "Sisa %(n)s menit"]
    code = 'from django.utils.translation import gettext as _\nx = _("Halo")\ny = ngettext("satu", "dua", 2)\n'
    assert [one.words for one in in_python(code, "x")] == ["Halo", "satu"]


def test_a_text_for_several_needs_two_english_forms() -> None:
    several = Text("x:1", "satu", None, "banyak")
    assert not is_translated(several, {(None, "satu"): "one"})
    assert is_translated(several, {(None, "satu"): ("one", "many")})
    assert not is_translated(Text("x:1", "satu", "berat"), {(None, "satu"): "one"})
