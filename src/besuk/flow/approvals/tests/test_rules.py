"""Who may talk to whom: each reason alone, all of them together, and no other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.flow.approvals.rules import PRIVILEGED, TieFacts, may_talk

TODAY = date(2026, 12, 3)
GOOD = TieFacts(
    state="approved",
    relation="spouse",
    expires_on=TODAY,
    is_remand=True,
    permit_expires_on=TODAY,
    has_permit=True,
    inmate_is_here=True,
    visitor_is_barred=False,
)
YESTERDAY = TODAY - timedelta(days=1)
SPOILERS: dict[str, dict[str, object]] = {
    "TIE_NOT_APPROVED": {"state": "submitted"},
    "TIE_EXPIRED": {"expires_on": YESTERDAY},
    "PERMIT_EXPIRED": {"permit_expires_on": YESTERDAY},
    "INMATE_NOT_HERE": {"inmate_is_here": False},
    "VISITOR_BARRED": {"visitor_is_barred": True},
}
"""Independent of each other, so that any set of them must give exactly their codes."""


def codes(facts: TieFacts) -> list[str]:
    return [one.code for one in may_talk(facts, today=TODAY)]


def test_a_good_tie_may_talk_up_to_its_last_day() -> None:
    assert codes(GOOD) == []
    assert codes(replace(GOOD, expires_on=None, permit_expires_on=None)) == []


@given(st.sets(st.sampled_from(sorted(SPOILERS))))
def test_every_reason_is_told_and_no_other(chosen: set[str]) -> None:
    spoilt = {name: value for code in chosen for name, value in SPOILERS[code].items()}
    assert set(codes(replace(GOOD, **spoilt))) == chosen  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["draft", "submitted", "needs_more", "refused", "revoked"])
def test_only_an_approved_tie_may_talk(state: str) -> None:
    assert codes(replace(GOOD, state=state)) == ["TIE_NOT_APPROVED"]


def test_a_suspended_tie_is_told_as_suspended() -> None:
    assert codes(replace(GOOD, state="suspended")) == ["TIE_SUSPENDED"]


def test_only_a_tahanan_needs_a_permit() -> None:
    assert codes(replace(GOOD, has_permit=False)) == ["PERMIT_MISSING"]
    assert codes(replace(GOOD, has_permit=False, is_remand=False)) == []
    assert codes(replace(GOOD, permit_expires_on=YESTERDAY, is_remand=False)) == []


@pytest.mark.parametrize("relation", sorted(PRIVILEGED))
def test_privileged_people_wait_for_their_protection_and_for_nothing_else(relation: str) -> None:
    assert codes(replace(GOOD, relation=relation, has_permit=False)) == ["PRIVILEGED_NOT_YET"]
