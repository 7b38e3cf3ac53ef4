"""Every refusal says what happened and what can be done next."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import besuk
from besuk.ground.kernel.errors import Refusal, Refused, because, refuse
from besuk.ground.kernel.refusals import CODES, status_of, told

RAISED = re.compile(r'(?:refuse|because|Refusal)\(\s*"([A-Z][A-Z_]+)"')
HOLE = re.compile(r"\{(\w+)\}")


def raised() -> set[str]:
    """Every code the product names where it refuses."""
    root = Path(besuk.__file__).parent
    files = (path for path in root.rglob("*.py") if "tests" not in path.parts)
    return {code for path in files for code in RAISED.findall(path.read_text())}


def test_every_code_that_is_raised_stands_in_the_table() -> None:
    assert len(raised()) > 20
    assert raised() - set(CODES) == set()


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_a_sentence_a_next_step_and_a_fitting_status(code: str) -> None:
    row = CODES[code]
    assert row.sentence.endswith((".", "?"))
    assert row.next_step.endswith((".", "?"))
    assert row.status in {400, 403, 404, 409, 413, 429, 503}
    assert re.fullmatch(r"[A-Z][A-Z0-9_]+", code)


def test_the_list_is_told_in_order_and_each_once() -> None:
    reasons = [because("DATE_CLOSED"), because("SLOT_TAKEN"), because("DATE_CLOSED")]
    assert [one.code for one in told(reasons, to_staff=False)] == ["DATE_CLOSED", "SLOT_TAKEN"]


@pytest.mark.parametrize("code", ["KEEP_APART", "INMATE_NOT_HERE", "VISITOR_BARRED"])
def test_private_reasons_reach_visitors_blurred(code: str) -> None:
    (outward,) = told([because(code)], to_staff=False)
    (inward,) = told([because(code)], to_staff=True)
    assert outward.code == "NOT_POSSIBLE"
    assert outward.sentence == "Tidak tersedia."
    assert inward.code == code


def test_two_private_reasons_look_like_one() -> None:
    assert len(told([because("KEEP_APART"), because("INMATE_NOT_HERE")], to_staff=False)) == 1


def test_values_fill_the_sentence() -> None:
    (one,) = told([because("TOO_MANY_PEOPLE", limit=4)], to_staff=False)
    assert "4" in one.sentence


def test_a_missing_value_is_no_crash() -> None:
    (one,) = told([because("TOO_MANY_PEOPLE")], to_staff=False)
    assert not HOLE.search(one.sentence)


def test_an_unknown_code_is_told_in_general_words() -> None:
    assert [one.code for one in told([Refusal("OF_TOMORROW")], to_staff=True)] == ["CODE_UNKNOWN"]
    assert status_of([Refusal("OF_TOMORROW")]) == 409


def test_the_status_is_that_of_the_first_reason() -> None:
    assert status_of([because("TOO_MANY_TRIES"), because("NOT_FOUND")]) == 429


def test_it_is_told_in_the_language_of_the_reader() -> None:
    with translation.override("id"):
        assert told([because("NOT_FOUND")], to_staff=False)[0].sentence == CODES["NOT_FOUND"].sentence


def test_a_refusal_without_a_reason_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        Refused([])


def test_equal_refusals_are_equal() -> None:
    assert because("SLOT_TAKEN") == Refusal("SLOT_TAKEN")
    assert hash(because("A", n=1)) == hash(because("A", n=1))
    assert because("A", n=1) != because("A", n=2)
    assert str(refuse("SLOT_TAKEN")) == "SLOT_TAKEN"
