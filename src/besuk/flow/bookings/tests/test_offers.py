"""What is offered: free slots, the others with their reasons, in few queries however many slots there are."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import book_by_desk, confirm, hold
from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.queries import offers, units_left
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.timetable.models import Closure
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def test_a_fortnight_costs_as_many_queries_as_a_day(
    tie: Tie, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    day = now.date() + timedelta(days=1)
    for length in (0, 13):
        with django_assert_max_num_queries(MOST_QUERIES):
            found = offers(tie, day, day + timedelta(days=length), now)
        assert len(found) >= 20 * (length or 1) * 5 / 7


def test_a_visit_takes_its_station_with_the_buffer_and_its_people_everywhere(
    visit: Visit, cast: Cast, now: datetime
) -> None:
    """Siti also visits another inmate: at her own time she is busy at every station."""
    other = approved_tie(cast.siti, cast.lapas.inmates[1])
    day = visit.starts_at.date()
    why = {
        (one.slot.station_id, one.slot.interval.start): [code.code for code in one.refusals]
        for one in offers(other, day, day, now)
    }
    same_time = {key: codes for key, codes in why.items() if key[1] == visit.starts_at}
    assert same_time[visit.station_id, visit.starts_at] == ["SLOT_TAKEN", "VISITOR_HAS_VISIT_THEN"]
    staggered = {
        key: codes
        for key, codes in why.items()
        if key[0] != visit.station_id and visit.starts_at < key[1] + timedelta(minutes=15) and key[1] < visit.ends_at
    }
    assert staggered
    assert all(codes == ["VISITOR_HAS_VISIT_THEN"] for codes in staggered.values())


def test_other_prisons_visits_change_nothing(cast: Cast, tie: Tie, now: datetime) -> None:
    day = now.date() + timedelta(days=1)
    before = offers(tie, day, day, now)
    foreign = approved_tie(cast.yosina, cast.rutan.convicted)
    booked_visit(foreign, starts_at=before[0].slot.interval.start)
    assert offers(tie, day, day, now) == before


def test_ones_own_hold_stands_in_nobodys_way_but_others(tie: Tie, cast: Cast, siti: Actor, now: datetime) -> None:
    """Whoever goes back to choose again sees the week as free as before; taking another slot lets the first go."""
    day = now.date() + timedelta(days=1)
    before = offers(tie, day, day, now)
    slot = before[0].slot
    hold(tie_ref=tie.ref, station_id=slot.station_id, starts_at=slot.interval.start, key="h", actor=siti, now=now)
    assert offers(tie, day, day, now) == before
    assert units_left(tie, now) == {}
    rival = approved_tie(cast.budi, cast.lapas.convicted)
    assert not any(one.is_free for one in offers(rival, day, day, now))
    other = approved_tie(cast.yosina, cast.lapas.inmates[1])
    assert [code.code for code in offers(other, day, day, now)[0].refusals] == ["SLOT_TAKEN"]


def test_the_desk_lets_an_open_hold_of_the_family_go(tie: Tie, siti: Actor, desk: Actor, now: datetime) -> None:
    day = now.date() + timedelta(days=1)
    first, second = (one.slot for one in offers(tie, day, day, now)[:2])
    start = first.interval.start
    held = hold(tie_ref=tie.ref, station_id=first.station_id, starts_at=start, key="h", actor=siti, now=now)
    book_by_desk(
        tie_ref=tie.ref, station_id=second.station_id, starts_at=second.interval.start, key="b", actor=desk, now=now
    )
    with pytest.raises(Refused) as refused:
        confirm(visit_ref=held.ref, people=[], rules_accepted=True, key="c", actor=siti, now=now)
    assert refused.value.codes == ("STATE_CHANGED",)
    assert LedgerEntry.objects.count() == 1


def test_a_closure_greys_its_slots(tie: Tie, now: datetime) -> None:
    day = now.date() + timedelta(days=1)
    first = offers(tie, day, day, now)[0].slot
    Closure.objects.create(
        facility=tie.facility, station_id=first.station_id, starts_at=first.interval.start,
        ends_at=first.interval.end, reason="Rusak",
    )  # fmt: skip
    again = offers(tie, day, day, now)
    assert [code.code for code in again[0].refusals] == ["STATION_CLOSED"]
    assert again[1].is_free
