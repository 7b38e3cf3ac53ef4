"""Reading a facility."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from besuk.ground.facilities.models import FacilityPolicy, ServiceStop
from besuk.ground.facilities.policy import Policy
from besuk.ground.kernel.models import Facility


def policy_of(facility_id: int) -> Policy:
    """The facility's policy: its own values over the defaults."""
    row = FacilityPolicy.objects.filter(facility_id=facility_id).values_list("values", flat=True).first()
    return Policy.of(row or {})


def policies_of(facility_ids: Iterable[int]) -> dict[int, Policy]:
    """The policies of several facilities in one query."""
    wanted = set(facility_ids)
    rows = FacilityPolicy.objects.filter(facility_id__in=wanted).values_list("facility_id", "values")
    return {**dict.fromkeys(wanted, Policy()), **{pk: Policy.of(values or {}) for pk, values in rows}}


def stopped_facilities() -> set[int]:
    """Primary keys of the facilities whose calls are stopped now."""
    return set(ServiceStop.objects.filter(lifted_at__isnull=True).values_list("facility_id", flat=True))


def is_stopped(facility_id: int) -> bool:
    """Whether all calls of the facility are stopped now."""
    return ServiceStop.objects.filter(facility_id=facility_id, lifted_at__isnull=True).exists()


def stops_since(since: datetime) -> list[ServiceStop]:
    """Stops of all calls, anywhere, that stand or were lifted after `since`."""
    return list(ServiceStop.objects.filter(Q(lifted_at__isnull=True) | Q(lifted_at__gt=since)))


def zone_of(facility: Facility) -> ZoneInfo:
    """The facility's time zone (WIB, WITA or WIT)."""
    return ZoneInfo(facility.zone)
