"""A station is opened and closed, by those who may, and noted."""

from datetime import datetime

import pytest

from besuk.ground.audit.models import Entry
from besuk.ground.facilities.actions import set_station_open
from besuk.ground.facilities.models import Station
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast


def test_it_closes_and_opens(cast: Cast, now: datetime) -> None:
    station, desk = cast.lapas.stations[0], cast.lapas.actor("desk", now)
    for is_open in (False, True):
        set_station_open(station=station, is_open=is_open, actor=desk, now=now)
        assert Station.objects.get(pk=station.pk).is_open is station.is_open is is_open
    assert [one.code for one in Entry.objects.order_by("number")] == ["station.closed", "station.opened"]


def test_the_second_of_two_officers_is_refused(cast: Cast, now: datetime) -> None:
    station, seen = cast.lapas.stations[0], Station.objects.get(pk=cast.lapas.stations[0].pk)
    set_station_open(station=station, is_open=False, actor=cast.lapas.actor("desk", now), now=now)
    with pytest.raises(Refused) as refused:
        set_station_open(station=seen, is_open=False, actor=cast.lapas.actor("supervisor", now), now=now)
    assert refused.value.codes == ("STATE_CHANGED",)
    assert Entry.objects.count() == 1


def test_another_facility_cannot(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused):
        set_station_open(station=cast.lapas.stations[0], is_open=False, actor=cast.rutan.actor("desk", now), now=now)
    assert Station.objects.get(pk=cast.lapas.stations[0].pk).is_open
