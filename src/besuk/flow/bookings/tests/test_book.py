"""Holding a slot, and making a booking of it."""

from datetime import datetime, timedelta

import pytest

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import cancel, confirm, hold, let_go
from besuk.flow.bookings.models import Claim, LedgerEntry, Visit
from besuk.flow.bookings.queries import offers
from besuk.flow.bookings.rules import Person
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.testing.builders import approved_tie
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


def free_starts(tie: Tie, now: datetime) -> list[tuple[int, datetime]]:
    day = now.date() + timedelta(days=1)
    return [
        (one.slot.station_id, one.slot.interval.start)
        for one in offers(tie, day, day + timedelta(days=9), now)
        if one.is_free
    ]


def held(tie: Tie, actor: Actor, now: datetime, key: str = "k1", number: int = 0) -> Visit:
    station, start = free_starts(tie, now)[number]
    return hold(tie_ref=tie.ref, station_id=station, starts_at=start, key=key, actor=actor, now=now)


def booked(tie: Tie, actor: Actor, now: datetime) -> Visit:
    visit = held(tie, actor, now)
    return confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key="k2", actor=actor, now=now)


def codes(error: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return error.value.codes


def test_a_held_slot_is_booked_with_its_people_and_uses_one_unit(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = held(tie, siti, now)
    people = [Person("Budi", is_child=True)]
    confirm(visit_ref=visit.ref, people=people, rules_accepted=True, key="k2", actor=siti, now=now)
    visit.refresh_from_db()
    assert visit.state == "booked"
    assert sorted(visit.people.values_list("name", flat=True)) == sorted(["Budi", tie.visitor.name])
    assert LedgerEntry.objects.get(visit=visit).units == -1
    assert Entry.objects.filter(object_ref=visit.ref).count() == 2


def test_a_held_slot_is_not_offered_to_anybody_else(cast: Cast, tie: Tie, siti: Actor, now: datetime) -> None:
    visit = held(tie, siti, now)
    other = approved_tie(cast.yosina, cast.lapas.inmates[1])
    assert (visit.station_id, visit.starts_at) not in free_starts(other, now)
    with pytest.raises(Refused) as refused:
        hold(
            tie_ref=other.ref, station_id=visit.station_id, starts_at=visit.starts_at, key="y",
            actor=visitor_actor(cast.yosina), now=now,
        )  # fmt: skip
    assert codes(refused) == ("SLOT_TAKEN",)


def test_a_lapsed_hold_blocks_nobody_though_no_sweeper_ran(cast: Cast, tie: Tie, siti: Actor, now: datetime) -> None:
    visit = held(tie, siti, now)
    other = approved_tie(cast.yosina, cast.lapas.inmates[1])
    later = visit.held_until
    taken = hold(
        tie_ref=other.ref, station_id=visit.station_id, starts_at=visit.starts_at, key="y",
        actor=visitor_actor(cast.yosina), now=later,
    )  # fmt: skip
    assert taken.state == "held"
    assert not Claim.objects.filter(visit=visit, kind="station").exists()


def test_a_hold_ends_at_its_very_moment(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = held(tie, siti, now)
    with pytest.raises(Refused) as refused:
        confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key="k2", actor=siti, now=visit.held_until)
    assert codes(refused) == ("HOLD_EXPIRED",)
    just_before = visit.held_until - timedelta(microseconds=1)
    confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key="k2", actor=siti, now=just_before)


def test_a_second_hold_lets_the_first_go(tie: Tie, siti: Actor, now: datetime) -> None:
    first = held(tie, siti, now)
    held(tie, siti, now, key="other", number=3)
    first.refresh_from_db()
    assert (first.state, first.claims.count()) == ("cancelled", 0)


def test_a_double_click_books_once(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = held(tie, siti, now)
    again = hold(tie_ref=tie.ref, station_id=visit.station_id, starts_at=visit.starts_at, key="k1", actor=siti, now=now)
    assert again.pk == visit.pk
    for _ in range(2):
        confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key="k2", actor=siti, now=now)
    assert LedgerEntry.objects.filter(visit=visit).count() == 1


def test_the_same_key_with_another_slot_is_refused(tie: Tie, siti: Actor, now: datetime) -> None:
    held(tie, siti, now)
    with pytest.raises(Refused) as refused:
        held(tie, siti, now, number=5)
    assert codes(refused) == ("SENT_BEFORE_DIFFERENTLY",)


def test_rules_must_be_accepted_and_the_hold_survives_the_refusal(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = held(tie, siti, now)
    crowd = [Person(name) for name in ("A", "B", "C", "D")]
    with pytest.raises(Refused) as refused:
        confirm(visit_ref=visit.ref, people=crowd, rules_accepted=False, key="k2", actor=siti, now=now)
    assert codes(refused) == ("TOO_MANY_PEOPLE", "TOO_MANY_ADULTS", "RULES_NOT_ACCEPTED")
    visit.refresh_from_db()
    assert visit.state == "held"


def test_the_quota_of_a_week_is_told_and_the_next_week_is_free(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = booked(tie, siti, now)
    others = [one for one in offers(tie, now.date(), now.date() + timedelta(days=13), now) if "TOO" not in str(one)]
    same_week = [o for o in others if o.slot.interval.start.isocalendar()[1] == visit.starts_at.isocalendar()[1]]
    assert same_week
    assert all("INMATE_QUOTA_USED" in [r.code for r in one.refusals] for one in same_week)
    assert free_starts(tie, now)


def test_a_suspended_tie_books_nothing(tie: Tie, siti: Actor, now: datetime) -> None:
    station, start = free_starts(tie, now)[0]
    Tie.objects.filter(pk=tie.pk).update(state="suspended")
    with pytest.raises(Refused) as refused:
        hold(tie_ref=tie.ref, station_id=station, starts_at=start, key="k", actor=siti, now=now)
    assert codes(refused) == ("TIE_SUSPENDED",)


def test_somebody_elses_tie_or_visit_does_not_exist(cast: Cast, tie: Tie, siti: Actor, now: datetime) -> None:
    visit = held(tie, siti, now)
    stranger = visitor_actor(cast.yosina)
    with pytest.raises(Refused) as refused:
        confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key="k2", actor=stranger, now=now)
    assert codes(refused) == ("NOT_FOUND",)
    with pytest.raises(Refused):
        hold(tie_ref=tie.ref, station_id=visit.station_id, starts_at=visit.starts_at, key="z", actor=stranger, now=now)


def test_a_hold_can_be_let_go_and_its_slot_is_free_again(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = held(tie, siti, now)
    let_go(visit_ref=visit.ref, actor=siti, now=now)
    let_go(visit_ref=visit.ref, actor=siti, now=now)
    assert (visit.station_id, visit.starts_at) in free_starts(tie, now)


def test_a_slot_that_is_not_in_the_timetable_does_not_exist(tie: Tie, siti: Actor, now: datetime) -> None:
    station, start = free_starts(tie, now)[0]
    with pytest.raises(Refused) as refused:
        hold(tie_ref=tie.ref, station_id=station, starts_at=start + timedelta(minutes=1), key="k", actor=siti, now=now)
    assert codes(refused) == ("SLOT_UNKNOWN",)


def test_cancelling_in_time_gives_the_unit_back(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = booked(tie, siti, now)
    cancel(visit_ref=visit.ref, key="c", actor=siti, now=visit.starts_at - timedelta(hours=4))
    cancel(visit_ref=visit.ref, key="c", actor=siti, now=visit.starts_at - timedelta(hours=4))
    assert sum(visit.ledger.values_list("units", flat=True)) == 0
    assert not visit.claims.exists()


def test_cancelling_late_keeps_the_unit_used_and_frees_the_slot(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = booked(tie, siti, now)
    cancel(visit_ref=visit.ref, key="c", actor=siti, now=visit.starts_at - timedelta(hours=3))
    assert sum(visit.ledger.values_list("units", flat=True)) == -1
    assert not visit.claims.exists()


def test_a_visit_that_has_begun_cannot_be_cancelled(tie: Tie, siti: Actor, now: datetime) -> None:
    visit = booked(tie, siti, now)
    with pytest.raises(Refused) as refused:
        cancel(visit_ref=visit.ref, key="c", actor=siti, now=visit.starts_at)
    assert codes(refused) == ("VISIT_OVER",)
