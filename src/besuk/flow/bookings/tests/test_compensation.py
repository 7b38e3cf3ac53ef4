"""What comes back: the pure rule by properties, and the one row that says it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, strategies

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import book_by_desk, cancel_by_facility, conclude, correct, give_saved, stand_by
from besuk.flow.bookings.compensation import Back, Given, credit, repay, spent, week_of_return
from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.bookings.queries import offers, owed_ties, saved_minutes, units_left
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry, EntryText, Transition
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.unit import unit
from besuk.ground.notices.models import Notice
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast

MINUTE = timedelta(minutes=1)
FIFTEEN = 15 * MINUTE
WIB = ZoneInfo("Asia/Jakarta")
OUTCOME = strategies.sampled_from(sorted(OUTCOMES))
PERCENT = strategies.integers(1, 99)
SAVED = strategies.integers(0, 40)


@strategies.composite
def shares(draw: strategies.DrawFn) -> Given:
    """A visit of 5 to 60 minutes of which something was given."""
    length = draw(strategies.integers(1, 12)) * 300
    talked = draw(strategies.integers(0, length))
    return Given(timedelta(seconds=length), timedelta(seconds=talked), draw(strategies.integers(0, length // 60)))


@given(OUTCOME, shares(), SAVED, PERCENT)
def test_a_unit_or_minutes_and_never_more_than_was_missing(outcome: str, one: Given, saved: int, percent: int) -> None:
    back = repay(outcome, one, saved, percent)
    assert back.units in {0, 1}
    if back.units:
        assert back.minutes in {0, -saved}
    else:
        assert 0 <= back.minutes <= round((one.length - one.talked) / MINUTE)


@given(strategies.sampled_from(sorted(code for code, one in OUTCOMES.items() if one.fault == "facility")), shares())
def test_by_our_fault_nothing_is_lost(outcome: str, one: Given) -> None:
    back = repay(outcome, one, 0, 50)
    missing = round((one.length - one.talked) / MINUTE)
    whole = one.talked * 2 < one.length or missing * MINUTE * 2 > one.length
    assert back == (Back(1, 0) if whole else Back(0, missing))


@given(OUTCOME, shares(), SAVED, PERCENT)
def test_whoever_caused_it_themselves_saves_no_minutes(outcome: str, one: Given, saved: int, percent: int) -> None:
    if OUTCOMES[outcome].fault in {"visitor", "inmate"}:
        assert repay(outcome, one, saved, percent) == Back(int(OUTCOMES[outcome].returns_quota), 0)


@given(OUTCOME, shares(), PERCENT)
def test_more_talk_never_brings_more_back(outcome: str, one: Given, percent: int) -> None:
    def worth(share: Given) -> float:
        back = repay(outcome, share, 0, percent)
        return back.units * (share.length / MINUTE) + back.minutes

    more = Given(one.length, min(one.length, one.talked + MINUTE), one.lost)
    assert worth(more) <= worth(one)


@given(SAVED, strategies.integers(-5, 60), shares())
def test_what_is_given_on_top_was_saved_and_fits_and_is_spent_only_if_talked(saved: int, room: int, one: Given) -> None:
    ends = datetime(2026, 12, 3, 10, tzinfo=WIB)
    on_top = credit(saved, ends, ends + room * MINUTE)
    assert 0 <= on_top <= saved
    assert on_top <= max(0, room)
    beyond = Given(one.length, one.length + timedelta(seconds=on_top * 30))
    assert spent(on_top, beyond) == -(-on_top // 2)
    assert spent(on_top, one) == 0


@pytest.mark.parametrize(("minutes", "talked", "percent", "expected"), [
    (15, 7, 50, Back(1, 0)), (15, 8, 50, Back(0, 7)), (15, 14, 50, Back(0, 1)), (15, 15, 50, Back(0, 0)),
    (20, 10, 50, Back(0, 10)), (20, 9.9, 50, Back(1, 0)), (20, 10, 60, Back(1, 0)), (20, 10, 40, Back(0, 10)),
])  # fmt: skip
def test_a_unit_comes_back_below_the_stated_share(minutes: int, talked: float, percent: int, expected: Back) -> None:
    assert repay("failed_technical", Given(minutes * MINUTE, talked * MINUTE), 0, percent) == expected


def test_small_losses_add_up_to_a_visit() -> None:
    assert repay("completed", Given(FIFTEEN, 11 * MINUTE, lost=4), 3, 50) == Back(0, 4)
    assert repay("completed", Given(FIFTEEN, 11 * MINUTE, lost=4), 4, 50) == Back(1, -4)
    assert repay("completed_early_by_visitor", Given(FIFTEEN, 2 * MINUTE), 7, 50) == Back(0, 0)


@pytest.mark.parametrize(("free", "expected"), [
    ([4, 4, 5, 11], 0),  # three left in the week of the visit: Friday and Saturday
    ([5, 7, 8, 9], 1),  # one left on Saturday is no choice
    ([5], 0),  # but better than nothing
    ([-3, -2, -1, 7, 7, 7], 1),  # never before the week of the visit
    ([], 1),  # all is closed: after this week
])  # fmt: skip
def test_a_unit_comes_back_where_it_can_be_used(free: list[int], expected: int) -> None:
    monday = date(2026, 11, 30)
    starts = [datetime(2026, 11, 30, 9, tzinfo=WIB) + timedelta(days=day) for day in free]
    now = datetime(2026, 12, 3, 10, tzinfo=WIB)
    assert week_of_return(monday, starts, now, WIB, 3) == monday + timedelta(weeks=expected)


@pytest.fixture
def tie(cast: Cast) -> Tie:
    return approved_tie(cast.siti, cast.lapas.convicted)


def end(visit: Visit, outcome: str, talked: float = 0, lost: int = 0) -> Given:
    share = Given(FIFTEEN, talked * MINUTE, lost)
    conclude(visit=visit, outcome=outcome, actor=SYSTEM, now=visit.ends_at, given=share)
    return share


def rows(visit: Visit) -> list[tuple[str, int, int]]:
    return list(visit.ledger.order_by("pk").values_list("kind", "units", "minutes"))


def put_right(visit: Visit, outcome: str, share: Given, officer: Actor, now: datetime | None = None) -> Back:
    seen = Visit.objects.get(pk=visit.pk).outcome
    return correct(
        visit=visit, seen=seen, outcome=outcome, given=share, reason="Salah", actor=officer, now=now or visit.ends_at
    )


@pytest.mark.django_db
def test_a_unit_of_a_saturday_counts_in_a_week_that_can_still_be_booked(visit: Visit, tie: Tie) -> None:
    assert visit.starts_at.astimezone(WIB).weekday() == 5
    end(visit, "failed_technical", 3)
    now = visit.ends_at
    week = visit.ledger.get(kind="returned").week
    assert week == date(2026, 12, 7)
    assert units_left(tie, now)[week] == 2
    days = [week + timedelta(days=n) for n in (0, 5)]
    assert any(one.is_free for one in offers(tie, days[0], days[1], now))


@pytest.mark.django_db
def test_fourteen_of_fifteen_minutes_bring_one_minute_and_no_unit(visit: Visit, tie: Tie) -> None:
    end(visit, "failed_technical", 14)
    assert rows(visit) == [("used", -1, 0), ("returned", 0, 1)]
    assert saved_minutes(tie.pk) == 1


@pytest.mark.django_db
def test_saved_minutes_are_given_on_top_and_only_those_talked_are_spent(visit: Visit, tie: Tie, now: datetime) -> None:
    end(visit, "failed_technical", 10)
    later = booked_visit(tie, starts_at=visit.starts_at + timedelta(days=7), now=now)
    with unit():
        ends, latest = later.ends_at, later.ends_at + 3 * MINUTE
        assert give_saved(later, ends, latest, later.starts_at) == 3
    assert saved_minutes(tie.pk) == 2
    end(later, "completed", 16.2)
    assert rows(later) == [("used", -1, 0), ("spent", 0, -2)]
    assert saved_minutes(tie.pk) == 3


@pytest.mark.django_db
def test_another_familys_minutes_do_not_count(visit: Visit, cast: Cast, tie: Tie, now: datetime) -> None:
    end(visit, "failed_technical", 10)
    other = approved_tie(cast.budi, cast.lapas.inmates[1])
    booked = booked_visit(other, starts_at=visit.starts_at, now=now, station=cast.lapas.stations[1])
    end(booked, "failed_technical", 11)
    assert (saved_minutes(tie.pk), saved_minutes(other.pk)) == (5, 4)


@pytest.mark.django_db
def test_a_corrected_outcome_is_reckoned_anew_and_the_log_keeps_the_first(visit: Visit, desk: Actor) -> None:
    share = end(visit, "completed_early_by_visitor", 3)
    for outcome, units in (("failed_technical", 1), ("completed_early_by_visitor", 0), ("no_supervisor", 1)):
        put_right(visit, outcome, share, desk)
        assert sum(row[1] for row in rows(visit)) == units - 1
        assert len(rows(visit)) == 2
    visit.refresh_from_db()
    assert (visit.state, visit.outcome, visit.confirmed_by_id) == ("concluded", "no_supervisor", desk.pk)
    assert Transition.objects.filter(object_pk=visit.pk, verb="correct").count() == 3
    first = Entry.objects.filter(code="visit.correct").order_by("number")[0]
    assert (first.data["was"], first.data["outcome"]) == ("completed_early_by_visitor", "failed_technical")
    assert {one.words for one in EntryText.objects.all()} == {"Salah"}
    assert Notice.objects.filter(template="visit_corrected").count() == 3


@pytest.mark.django_db
def test_a_unit_that_was_booked_again_is_never_taken_back(visit: Visit, tie: Tie, desk: Actor) -> None:
    share = end(visit, "failed_technical", 3)
    week = visit.ledger.get(kind="returned").week
    for _ in range(2):  # the unit of that week, and the returned one
        free = next(one.slot for one in offers(tie, week, week + timedelta(days=5), visit.ends_at) if one.is_free)
        book_by_desk(
            tie_ref=tie.ref, station_id=free.station_id, starts_at=free.interval.start, key=str(free.interval.start),
            actor=desk, now=visit.ends_at,
        )  # fmt: skip
    assert put_right(visit, "completed", share, desk) == Back(1, 0)
    assert rows(visit) == [("used", -1, 0), ("returned", 1, 0)]


@pytest.mark.django_db
def test_minutes_that_were_talked_are_never_taken_back(visit: Visit, tie: Tie, desk: Actor, now: datetime) -> None:
    share = end(visit, "failed_technical", 10)
    later = booked_visit(tie, starts_at=visit.starts_at + timedelta(days=7), now=now)
    with unit():
        give_saved(later, later.ends_at, later.ends_at + 4 * MINUTE, later.starts_at)
    put_right(visit, "completed_early_by_visitor", share, desk)
    assert saved_minutes(tie.pk) == 0
    assert ("forgiven", 0, 4) in rows(visit)
    end(later, "failed_technical", 12)
    assert saved_minutes(tie.pk) == 7  # 3 missing, and the 4 on top were not talked


@pytest.mark.django_db
def test_a_stopped_call_is_repaid_once_by_minutes_or_by_a_turn_that_goes_first(visit: Visit, tie: Tie) -> None:
    end(visit, "cancelled_by_facility", 14)
    assert rows(visit) == [("used", -1, 0), ("returned", 0, 1)]
    assert owed_ties([tie]) == set()


@pytest.mark.django_db
def test_whoever_goes_first_no_more_by_a_correction_has_no_unit_either(visit: Visit, tie: Tie, desk: Actor) -> None:
    share = end(visit, "cancelled_by_facility", 3)
    assert owed_ties([tie]) == {tie.pk}
    put_right(visit, "completed", Given(FIFTEEN, share.talked), desk)
    assert (owed_ties([tie]), rows(visit)) == (set(), [("used", -1, 0), ("returned", 0, 0)])


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [
    {"units": 1, "minutes": 5}, {"units": 2}, {"units": 0, "minutes": 5, "goes_first": True}, {"kind": "used"},
])  # fmt: skip
def test_the_database_repays_a_loss_once(visit: Visit, desk: Actor, wrong: dict[str, object]) -> None:
    cancel_by_facility(
        visit_ref=visit.ref, outcome="cancelled_by_facility", reason="Padam", key="c", actor=desk, now=visit.starts_at
    )
    row = visit.ledger.get(kind="returned")
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.filter(pk=row.pk).update(**wrong)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.django_db
def test_the_second_officer_hears_that_it_is_settled(visit: Visit, cast: Cast, desk: Actor, now: datetime) -> None:
    share = end(visit, "completed", 15)
    other = cast.lapas.actor("supervisor", now)
    for _ in range(2):
        stand_by(visit=visit, seen="completed", actor=desk, now=now)
    assert Entry.objects.filter(code="visit.stand_by").count() == 1
    with pytest.raises(Refused, match="OUTCOME_SETTLED"):
        stand_by(visit=visit, seen="completed", actor=other, now=now)
    put_right(visit, "failed_technical", share, desk)
    with pytest.raises(Refused, match="OUTCOME_SETTLED"):
        correct(visit=visit, seen="completed", outcome="no_supervisor", given=share, reason="x", actor=other, now=now)
