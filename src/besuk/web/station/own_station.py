"""The station at which this page is open."""

from django.http import Http404

from besuk.ground.facilities.models import Station
from besuk.ground.kernel.actor import Actor


def own_station(actor: Actor) -> Station:
    """The acting station with its facility. Raises Http404."""
    station = Station.objects.select_related("facility", "room").filter(pk=actor.pk).first()
    if station is None or actor.kind != "station":
        raise Http404
    return station
