from datetime import datetime
from typing import Any

import pytest

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin.actions import save_device_test
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast, as_visitor

GOOD: dict[str, Any] = {"camera": True, "microphone": True, "speaker": True, "connection": True, "details": {"rtt": 80}}


def test_a_test_is_kept_with_its_visit(visit: Visit, cast: Cast, now: datetime) -> None:
    actor = as_visitor(cast.siti)
    row = save_device_test(visitor=cast.siti, visit_ref=visit.ref, actor=actor, now=now, **GOOD)
    assert row.passed
    assert (row.visit, row.facility) == (visit, visit.facility)


def test_a_test_without_a_visit_belongs_to_the_prison_of_the_tie(visit: Visit, cast: Cast, now: datetime) -> None:
    actor = as_visitor(cast.siti)
    values = {**GOOD, "microphone": False}
    row = save_device_test(visitor=cast.siti, visit_ref=None, actor=actor, now=now, **values)
    assert row.facility == cast.lapas.facility
    assert not row.passed


def test_somebody_elses_visit_takes_no_test(visit: Visit, cast: Cast, now: datetime) -> None:
    actor = as_visitor(cast.outsider)
    with pytest.raises(Refused, match="NOT_FOUND"):
        save_device_test(visitor=cast.outsider, visit_ref=visit.ref, actor=actor, now=now, **GOOD)
    with pytest.raises(Refused, match="NOT_FOUND"):
        save_device_test(visitor=cast.siti, visit_ref=visit.ref, actor=actor, now=now, **GOOD)
