from datetime import datetime, timedelta

import pytest

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import jobs
from besuk.flow.checkin.actions import arrive, decline_rules, get_ready, mark_absent, ring
from besuk.flow.checkin.models import RingAttempt
from besuk.flow.checkin.queries import attendance_of, day_rows
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast, as_visitor

LATE = timedelta(minutes=5)


def fresh(visit: Visit) -> Visit:
    return Visit.objects.get(pk=visit.pk)


def make_ready(visit: Visit, cast: Cast, now: datetime, *, visitor: bool = False, inmate: bool = False) -> None:
    if visitor:
        get_ready(
            visit_ref=visit.ref,
            side="visitor",
            rules_accepted=True,
            will_not_record=True,
            actor=as_visitor(cast.siti),
            now=now,
        )
    if inmate:
        get_ready(
            visit_ref=visit.ref,
            side="inmate",
            rules_accepted=True,
            will_not_record=True,
            actor=cast.lapas.station(1),
            now=now,
        )


def test_the_family_is_absent_after_five_minutes_and_one_ring(visit: Visit, cast: Cast, now: datetime) -> None:
    desk = cast.lapas.actor("desk", now)
    ring(visit_ref=visit.ref, reached=False, actor=desk, now=now + LATE)
    mark_absent(visit_ref=visit.ref, side="visitor", key="k", actor=desk, now=now + LATE)
    assert (fresh(visit).state, fresh(visit).outcome) == ("concluded", "visitor_absent")
    assert attendance_of(visit)["visitor"].state == "absent"
    assert not visit.ledger.filter(kind="returned").exists()


def test_the_family_is_not_absent_before_somebody_rang(visit: Visit, cast: Cast, now: datetime) -> None:
    desk = cast.lapas.actor("desk", now)
    with pytest.raises(Refused, match="NOT_RUNG_YET"):
        mark_absent(visit_ref=visit.ref, side="visitor", key="k", actor=desk, now=now + LATE)
    assert fresh(visit).state == "booked"


def test_a_missing_inmate_is_the_prisons_fault_and_returns_the_unit(visit: Visit, cast: Cast, now: datetime) -> None:
    desk = cast.lapas.actor("desk", now)
    mark_absent(visit_ref=visit.ref, side="inmate", key="k", actor=desk, now=now + LATE)
    assert fresh(visit).outcome == "inmate_absent"
    assert visit.ledger.filter(kind="returned").count() == 1


def test_calling_absent_twice_with_one_key_is_once(visit: Visit, cast: Cast, now: datetime) -> None:
    desk = cast.lapas.actor("desk", now)
    for _ in range(2):
        mark_absent(visit_ref=visit.ref, side="inmate", key="k", actor=desk, now=now + LATE)
    assert Entry.objects.filter(code="attendance.miss").count() == 1


def test_who_is_ready_cannot_be_called_absent(visit: Visit, cast: Cast, now: datetime) -> None:
    make_ready(visit, cast, now, visitor=True)
    desk = cast.lapas.actor("desk", now)
    ring(visit_ref=visit.ref, reached=False, actor=desk, now=now)
    with pytest.raises(Refused, match="STATE_CHANGED"):
        mark_absent(visit_ref=visit.ref, side="visitor", key="k", actor=desk, now=now + LATE)
    assert fresh(visit).state == "booked"


def test_a_visitor_cannot_call_anybody_absent(visit: Visit, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        mark_absent(visit_ref=visit.ref, side="inmate", key="k", actor=as_visitor(cast.siti), now=now + LATE)


def test_ringing_is_an_officers_act_on_record(visit: Visit, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        ring(visit_ref=visit.ref, reached=True, actor=as_visitor(cast.siti), now=now)
    ring(visit_ref=visit.ref, reached=True, actor=cast.lapas.actor("desk", now), now=now)
    assert RingAttempt.objects.get().reached
    assert Entry.objects.filter(code="visit.ring").count() == 1


def test_who_declines_the_rules_is_turned_away(visit: Visit, cast: Cast, now: datetime) -> None:
    actor = as_visitor(cast.siti)
    arrive(visit_ref=visit.ref, side="visitor", actor=actor, now=now)
    decline_rules(visit_ref=visit.ref, actor=actor, now=now)
    assert fresh(visit).outcome == "visitor_declined_rules"
    assert attendance_of(visit)["visitor"].state == "refused"


def test_the_job_waits_for_the_ring_and_then_concludes(visit: Visit, cast: Cast, now: datetime) -> None:
    assert jobs.run(now + LATE) == 0
    ring(visit_ref=visit.ref, reached=False, actor=cast.lapas.actor("desk", now), now=now)
    assert jobs.run(now + LATE) == 1
    assert fresh(visit).outcome == "visitor_absent"
    assert jobs.run(now + LATE) == 0


def test_the_job_never_blames_a_family_that_nobody_rang(visit: Visit, now: datetime) -> None:
    assert jobs.run(now + timedelta(minutes=15)) == 1
    assert fresh(visit).outcome == "cancelled_by_facility"
    assert visit.ledger.filter(kind="returned").exists()


def test_the_job_finds_the_inmate_missing_at_the_end_of_the_slot(visit: Visit, cast: Cast, now: datetime) -> None:
    make_ready(visit, cast, now, visitor=True)
    assert jobs.run(now + timedelta(minutes=14)) == 0
    assert jobs.run(now + timedelta(minutes=15)) == 1
    assert fresh(visit).outcome == "inmate_absent"


def test_the_job_leaves_a_visit_to_its_call_when_both_are_ready(visit: Visit, cast: Cast, now: datetime) -> None:
    make_ready(visit, cast, now, visitor=True, inmate=True)
    assert jobs.run(now + timedelta(minutes=20)) == 0
    assert fresh(visit).state == "booked"


def test_nobody_arrives_at_a_concluded_visit(visit: Visit, cast: Cast, now: datetime) -> None:
    desk = cast.lapas.actor("desk", now)
    mark_absent(visit_ref=visit.ref, side="inmate", key="k", actor=desk, now=now + LATE)
    with pytest.raises(Refused, match="VISIT_OVER"):
        arrive(visit_ref=visit.ref, side="visitor", actor=as_visitor(cast.siti), now=now + LATE)


def test_the_day_shows_who_is_late_and_was_rung(visit: Visit, cast: Cast, now: datetime) -> None:
    ring(visit_ref=visit.ref, reached=False, actor=cast.lapas.actor("desk", now), now=now)
    day = now.astimezone().date()
    rows = day_rows(cast.lapas.facility, day, now + LATE)
    assert [(row.visit, row.visitor, row.rung, row.reached, row.is_late) for row in rows] == [
        (visit, "expected", 1, False, True)
    ]
    assert not day_rows(cast.lapas.facility, day, now)[0].is_late
    assert day_rows(cast.lapas.facility, day + timedelta(days=1), now) == []
