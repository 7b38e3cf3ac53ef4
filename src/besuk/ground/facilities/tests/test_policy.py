"""What a prison decides for itself, over the defaults of common practice."""

import pytest

from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.facilities.policy import Policy
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.testing.cast import Cast


def test_the_defaults_are_those_of_common_practice() -> None:
    policy = Policy()
    assert (policy.slot_minutes, policy.buffer_minutes) == (15, 5)
    assert (policy.visits_per_inmate_a_week, policy.visits_per_tie_a_week) == (1, 1)
    assert (policy.most_people, policy.most_adults) == (4, 3)
    assert (policy.book_from_days, policy.book_until_days, policy.cancel_until_hours) == (1, 14, 4)
    assert (policy.hold_minutes, policy.late_minutes, policy.calls_per_supervisor) == (10, 5, 4)


def test_own_values_stand_over_the_defaults() -> None:
    policy = Policy.of({"slot_minutes": 10, "announcement": "Hari ini tutup pukul 14."})
    assert (policy.slot_minutes, policy.announcement) == (10, "Hari ini tutup pukul 14.")
    assert policy.buffer_minutes == 5


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"slot_minute": 10}, "unknown policy: slot_minute"),
        ({"slot_minutes": "10"}, "slot_minutes must be int"),
        ({"slot_minutes": True}, "slot_minutes must be int"),
        ({"announcement": 5}, "announcement must be str"),
    ],
)
def test_a_mistake_is_told(values: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Policy.of(values)


def test_each_facility_has_its_own(cast: Cast) -> None:
    FacilityPolicy.objects.create(facility=cast.rutan.facility, values={"slot_minutes": 10})
    assert policy_of(cast.lapas.facility.pk).slot_minutes == 15
    assert policy_of(cast.rutan.facility.pk).slot_minutes == 10
    assert zone_of(cast.rutan.facility).key == "Asia/Jayapura"
