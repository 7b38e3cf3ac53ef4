"""What may still stop a booking whose slot is held."""

from datetime import datetime, timedelta

import pytest

from besuk.flow.approvals.actions import suspend
from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import confirm, hold
from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.queries import offers
from besuk.flow.bookings.rules import Person
from besuk.ground.facilities.models import Station
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.timetable.models import Closure, SessionTemplate
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(tie: Tie, siti: Actor, now: datetime) -> Visit:
    day = now.date() + timedelta(days=1)
    slot = next(one.slot for one in offers(tie, day, day, now) if one.is_free)
    return hold(
        tie_ref=tie.ref, station_id=slot.station_id, starts_at=slot.interval.start, key="h", actor=siti, now=now
    )


def refused(held: Visit, siti: Actor, now: datetime, people: list[Person] | None = None) -> tuple[str, ...]:
    with pytest.raises(Refused) as error:
        confirm(visit_ref=held.ref, people=people or [], rules_accepted=True, key="c", actor=siti, now=now)
    assert not LedgerEntry.objects.exists()
    return error.value.codes


def test_a_tie_suspended_meanwhile_books_nothing(
    held: Visit, tie: Tie, siti: Actor, desk: Actor, now: datetime
) -> None:
    suspend(tie_ref=tie.ref, reason="Ancaman", key="s", actor=desk, now=now)
    assert refused(held, siti, now) == ("TIE_SUSPENDED",)


def test_a_service_stopped_meanwhile_books_nothing(held: Visit, cast: Cast, siti: Actor, now: datetime) -> None:
    type(cast.lapas.facility).objects.filter(pk=cast.lapas.facility.pk).update(suspended_at=now)
    assert refused(held, siti, now) == ("SERVICE_SUSPENDED",)


def test_a_station_or_time_closed_meanwhile_books_nothing(held: Visit, siti: Actor, now: datetime) -> None:
    Closure.objects.create(
        facility=held.facility, starts_at=held.starts_at, ends_at=held.starts_at + timedelta(hours=1), reason="Rapat"
    )
    assert refused(held, siti, now) == ("SESSION_CLOSED",)
    Station.objects.filter(pk=held.station_id).update(is_open=False)
    assert refused(held, siti, now) == ("STATION_CLOSED",)


def test_a_session_taken_out_of_the_week_meanwhile_books_nothing(held: Visit, siti: Actor, now: datetime) -> None:
    SessionTemplate.objects.all().delete()
    assert refused(held, siti, now) == ("SLOT_UNKNOWN",)


def test_a_child_without_a_name_is_not_overlooked(held: Visit, siti: Actor, now: datetime) -> None:
    assert refused(held, siti, now, [Person("", is_child=True)]) == ("PERSON_NOT_NAMED",)
