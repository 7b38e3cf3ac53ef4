"""Cancelling by the facility, concluding, and what the ledger says afterwards."""

from datetime import date, datetime, timedelta

import pytest

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import book_by_desk, cancel_by_facility, conclude
from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.bookings.queries import history, offers, owed_ties, returned_units, upcoming
from besuk.ground.accounts.actors import SYSTEM, visitor_actor
from besuk.ground.audit.models import Entry, EntryText
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


def left(visit: Visit) -> int:
    """Units in hand, whatever week they count for (test_compensation.py: which week a unit comes back to)."""
    return 1 + sum(LedgerEntry.objects.filter(inmate_id=visit.inmate_id).values_list("units", flat=True))


def test_a_cancellation_by_the_prison_gives_the_unit_back_whenever_it_comes(
    visit: Visit, desk: Actor, now: datetime
) -> None:
    assert left(visit) == 0
    just_before = visit.starts_at - timedelta(minutes=1)
    for _ in range(2):
        cancel_by_facility(
            visit_ref=visit.ref, outcome="inmate_unavailable", reason="Sidang", key="c", actor=desk, now=just_before
        )
    visit.refresh_from_db()
    assert (visit.state, visit.outcome, visit.claims.count(), left(visit)) == ("cancelled", "inmate_unavailable", 0, 1)
    assert EntryText.objects.get().words == "Sidang"


@pytest.mark.parametrize(("outcome", "reason"), [("inmate_unavailable", " "), ("cancelled_by_visitor", "Sidang")])
def test_the_prison_gives_a_reason_and_only_its_own_outcomes(
    visit: Visit, desk: Actor, now: datetime, outcome: str, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        cancel_by_facility(visit_ref=visit.ref, outcome=outcome, reason=reason, key="c", actor=desk, now=now)
    assert refused.value.codes == ("REASON_MISSING",)


def test_only_that_desk_cancels(visit: Visit, cast: Cast, siti: Actor, now: datetime) -> None:
    for actor in (cast.rutan.actor("desk", now), cast.lapas.actor("supervisor", now), siti):
        with pytest.raises(Refused) as refused:
            cancel_by_facility(
                visit_ref=visit.ref, outcome="booked_in_error", reason="Salah", key="c", actor=actor, now=now
            )
        assert refused.value.codes == ("NOT_ALLOWED",)
    with pytest.raises(Refused) as nowhere:
        cancel_by_facility(visit_ref="nowhere", outcome="booked_in_error", reason="Salah", key="c", actor=siti, now=now)
    assert nowhere.value.codes == ("NOT_FOUND",)


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_a_conclusion_gives_the_unit_back_exactly_when_the_table_says_so(
    visit: Visit, outcome: str, now: datetime
) -> None:
    conclude(visit=visit, outcome=outcome, actor=SYSTEM, now=visit.ends_at)
    assert (visit.state, visit.outcome, visit.ended_at) == ("concluded", outcome, visit.ends_at)
    assert left(visit) == int(OUTCOMES[outcome].returns_quota)
    assert returned_units([visit]) == ({visit.pk} if OUTCOMES[outcome].returns_quota else set())


def test_a_visit_is_concluded_once(visit: Visit) -> None:
    conclude(visit=visit, outcome="failed_technical", actor=SYSTEM, now=visit.ends_at)
    with pytest.raises(Refused) as refused:
        conclude(visit=Visit.objects.get(pk=visit.pk), outcome="completed", actor=SYSTEM, now=visit.ends_at)
    assert refused.value.codes == ("STATE_CHANGED",)
    assert LedgerEntry.objects.count() == 2


def test_a_fault_of_ours_lets_the_family_book_again_in_the_same_week(visit: Visit, siti: Actor, now: datetime) -> None:
    tie = visit.people.get(is_host=True).tie
    assert tie is not None
    day = now.date() + timedelta(days=1)
    assert not any(one.is_free for one in offers(tie, day, day, now))
    conclude(visit=visit, outcome="no_supervisor", actor=SYSTEM, now=now)
    assert any(one.is_free for one in offers(tie, day, day, now))


def test_the_desk_books_for_today_and_the_log_counts_it(visit: Visit, cast: Cast, desk: Actor, now: datetime) -> None:
    from besuk.testing.builders import approved_tie

    other = approved_tie(cast.budi, cast.lapas.inmates[1])
    slot = next(one.slot for one in offers(other, now.date(), now.date(), now) if one.slot.interval.start > now)
    booked = book_by_desk(
        tie_ref=other.ref, station_id=slot.station_id, starts_at=slot.interval.start, key="b", actor=desk, now=now
    )
    assert (booked.state, booked.booked_by) == ("booked", desk.subject)
    assert Entry.objects.get(code="visit.booked_by_desk").actor_subject == desk.subject
    for actor in (visitor_actor(cast.budi), cast.rutan.actor("desk", now)):
        with pytest.raises(Refused) as refused:
            book_by_desk(
                tie_ref=other.ref, station_id=slot.station_id, starts_at=slot.interval.start, key="x", actor=actor,
                now=now,
            )  # fmt: skip
        assert refused.value.codes == ("NOT_ALLOWED",)


def test_what_comes_and_what_has_been_are_told_apart(visit: Visit, cast: Cast, now: datetime) -> None:
    assert (upcoming(cast.siti, now), history(cast.siti)) == ([visit], [])
    assert upcoming(cast.outsider, now) == []
    conclude(visit=visit, outcome="completed", actor=SYSTEM, now=visit.ends_at)
    assert (upcoming(cast.siti, now), history(cast.siti)) == ([], [visit])


def test_what_the_prison_took_away_goes_first_until_the_next_booking(
    visit: Visit, desk: Actor, tie: Tie, now: datetime
) -> None:
    for _ in range(2):
        cancel_by_facility(
            visit_ref=visit.ref, outcome="cancelled_by_facility", reason="Padam", key="c", actor=desk, now=now
        )
    assert owed_ties([tie]) == {tie.pk}
    free = next(one.slot for one in offers(tie, *days_of(now), now) if one.is_free)
    book_by_desk(
        tie_ref=tie.ref, station_id=free.station_id, starts_at=free.interval.start, key="b", actor=desk, now=now
    )
    assert owed_ties([tie]) == set()


def test_an_inmate_who_is_prevented_owes_nobody_a_turn(visit: Visit, desk: Actor, tie: Tie, now: datetime) -> None:
    cancel_by_facility(visit_ref=visit.ref, outcome="inmate_unavailable", reason="Sidang", key="c", actor=desk, now=now)
    assert owed_ties([tie]) == set()


def days_of(now: datetime) -> tuple[date, date]:
    return (now + timedelta(days=1)).date(), (now + timedelta(days=7)).date()
