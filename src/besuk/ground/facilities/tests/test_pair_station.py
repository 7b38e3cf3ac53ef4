"""A computer becomes a station by a code that is shown once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from besuk.ground.audit.models import Entry
from besuk.ground.facilities.actions import BY_ADDRESS, offer_pairing, pair_station
from besuk.ground.facilities.actors import station_of
from besuk.ground.facilities.models import Station
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast

SOMEBODY = replace(NOBODY, address="192.0.2.1")


@pytest.fixture
def code(cast: Cast, now: datetime) -> str:
    """For the first station of the Lapas."""
    return offer_pairing(station=cast.lapas.stations[0], actor=cast.lapas.actor("desk", now), now=now)


def pair(code: str, at: datetime) -> tuple[Station, str]:
    """Try."""
    return pair_station(code=code, actor=SOMEBODY, now=at)


def test_the_code_has_eight_digits_and_is_not_kept(cast: Cast, code: str) -> None:
    assert len(code) == 8
    assert code.isdigit()
    assert code not in str(Station.objects.get(pk=cast.lapas.stations[0].pk).__dict__)


def test_the_code_pairs_and_the_key_is_the_station(cast: Cast, code: str, now: datetime) -> None:
    station, key = pair(f"{code[:4]} {code[4:]}", now + timedelta(minutes=9, seconds=59))
    assert station == cast.lapas.stations[0]
    assert station_of(key) == station
    assert len(key) >= 40
    assert key not in str(Station.objects.get(pk=station.pk).__dict__)


def test_pairing_again_revokes_the_computer_before(cast: Cast, code: str, now: datetime) -> None:
    assert station_of(cast.lapas.station_keys[0]) == cast.lapas.stations[0]
    pair(code, now)
    assert station_of(cast.lapas.station_keys[0]) is None


def test_a_code_works_once(code: str, now: datetime) -> None:
    pair(code, now)
    with pytest.raises(Refused) as refused:
        pair(code, now)
    assert refused.value.codes == ("PAIRING_CODE_WRONG",)


def test_a_code_ends_after_ten_minutes(code: str, now: datetime) -> None:
    with pytest.raises(Refused):
        pair(code, now + timedelta(minutes=10))


def test_a_new_code_ends_the_one_before(cast: Cast, code: str, now: datetime) -> None:
    offer_pairing(station=cast.lapas.stations[0], actor=cast.lapas.actor("supervisor", now), now=now)
    with pytest.raises(Refused):
        pair(code, now)


@pytest.mark.parametrize("wrong", ["", "0", "abcdefgh", "00000000000"])
def test_a_wrong_code_is_refused(code: str, now: datetime, wrong: str) -> None:
    with pytest.raises(Refused) as refused:
        pair(wrong, now)
    assert refused.value.codes == ("PAIRING_CODE_WRONG",)


def test_guessing_is_limited_by_address(code: str, now: datetime) -> None:
    for _ in range(BY_ADDRESS.tries):
        with pytest.raises(Refused):
            pair("00000000", now)
    with pytest.raises(Refused) as refused:
        pair(code, now)
    assert refused.value.codes == ("TOO_MANY_TRIES",)


@pytest.mark.parametrize(("site", "role"), [("rutan", "desk"), ("lapas", "inspector"), ("lapas", "head")])
def test_who_may_not_pair_gets_no_code(cast: Cast, now: datetime, site: str, role: str) -> None:
    actor = getattr(cast, site).actor(role, now)
    with pytest.raises(Refused) as refused:
        offer_pairing(station=cast.lapas.stations[0], actor=actor, now=now)
    assert refused.value.codes == ("NOT_ALLOWED",)


def test_offer_and_pairing_are_noted(cast: Cast, code: str, now: datetime) -> None:
    pair(code, now)
    entries = list(Entry.objects.order_by("number"))
    assert [entry.code for entry in entries] == ["station.pairing_offered", "station.paired"]
    assert entries[1].actor_kind == "station"
    assert {entry.object_ref for entry in entries} == {cast.lapas.stations[0].subject}
