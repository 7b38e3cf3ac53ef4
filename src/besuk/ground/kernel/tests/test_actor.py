"""Deny by default."""

from types import MappingProxyType

import pytest

from besuk.ground.kernel.actor import EVERYWHERE, NOBODY, Actor
from besuk.ground.kernel.errors import Refused

OFFICER = Actor("staff", 1, "s", "p-01", MappingProxyType({7: frozenset({"day.view"}), 8: frozenset({"day.mark"})}))
KEEPER = Actor("system", 0, "system", "Besuk", MappingProxyType({EVERYWHERE: frozenset({"system.run"})}))


def test_a_capability_holds_at_its_facility_only() -> None:
    assert OFFICER.can("day.view", 7)
    assert not OFFICER.can("day.view", 8)
    assert not OFFICER.can("day.view", 9)


def test_a_capability_everywhere_holds_at_each() -> None:
    assert KEEPER.can("system.run", 7)
    assert not KEEPER.can("day.view", 7)


def test_must_refuses() -> None:
    OFFICER.must("day.view", 7)
    with pytest.raises(Refused) as refused:
        OFFICER.must("day.view", 8)
    assert refused.value.codes == ("NOT_ALLOWED",)


def test_facilities_are_those_where_it_holds() -> None:
    assert OFFICER.facilities_with("day.view") == {7}
    assert KEEPER.facilities_with("system.run") == frozenset()


def test_nobody_can_nothing() -> None:
    assert not NOBODY.can("day.view", 7)
    assert not NOBODY.may
