"""Turning a paired station into an Actor."""

import hashlib
from types import MappingProxyType

from besuk.ground.accounts.capabilities import STATION_MAY
from besuk.ground.facilities.models import Station
from besuk.ground.kernel.actor import Actor


def key_hash(key: str) -> str:
    """How a station's device key is kept: it is long and random, a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def station_of(key: str) -> Station | None:
    """The station that holds this device key, or none."""
    if not key:
        return None
    return Station.objects.select_related("facility").filter(key_hash=key_hash(key)).first()


def station_actor(station: Station, *, request_id: str = "", address: str = "") -> Actor:
    """The actor of a paired station: its own things, at its facility."""
    may = MappingProxyType({station.facility_id: STATION_MAY})
    return Actor("station", station.pk, station.subject, str(station), may, "station", request_id, address)
