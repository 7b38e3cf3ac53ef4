"""A log with a few entries."""

from datetime import datetime, timedelta

import pytest

from besuk.ground.audit import actions as audit
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import unit

OFFICER = Actor("staff", 1, "subject-of-officer", "p-01", role="supervisor", address="192.0.2.7")


@pytest.fixture
def facility(db: None) -> Facility:
    """A prison."""
    return Facility.objects.create(code="uji", name="Lapas Uji")


@pytest.fixture
def log(facility: Facility, now: datetime) -> Facility:
    """The prison with six entries, the third with free text."""
    for number in range(6):
        with unit():
            audit.record(
                "call.note",
                facility_id=facility.pk,
                actor=OFFICER,
                about=facility,
                now=now + timedelta(minutes=number),
                data={"number": number, "list": ["b", "a"], "none": None},
                words="Suara kurang jelas." if number == 2 else "",
            )
    return facility
