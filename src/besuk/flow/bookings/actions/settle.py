"""The books of what comes back for a visit: one row, written when it ends, changed when its outcome is corrected.

Whoever calls holds the locks of the inmate and of the visitors, as for a booking.
"""

from datetime import date, datetime, timedelta
from functools import cached_property

from besuk.flow.bookings.compensation import Back, Given, credit, repay, spent, week_of_return
from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.queries import free_slots, has_unit_left, saved_minutes
from besuk.flow.bookings.rules import is_for
from besuk.ground.facilities.policy import Policy
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.rules import Slot

Kind = LedgerEntry.Kind
GOES_FIRST = frozenset({"cancelled_by_facility"})
"""Outcomes after which the family and the inmate go first next time, if the visit was lost."""
NOTHING = Back(0, 0)


class Supply:
    """What a facility has to give back with: its policy, and what can still be booked. Read when first asked for.

    One for all visits of a unit that are settled together: the timetable of two weeks is not read for each of them.
    """

    def __init__(self, facility: Facility, now: datetime) -> None:
        self._facility, self._now = facility, now

    @cached_property
    def policy(self) -> Policy:
        """The policy of the facility."""
        return policy_of(self._facility.pk)

    @cached_property
    def free(self) -> list[Slot]:
        """The free slots of the days for which families may book now."""
        policy, zone = self.policy, zone_of(self._facility)
        first, last = (self._now + timedelta(days=days) for days in (policy.book_from_days, policy.book_until_days))
        return free_slots(self._facility, first.astimezone(zone).date(), last.astimezone(zone).date(), self._now)


def settle(visit: Visit, outcome: str, given: Given, now: datetime, supply: Supply | None = None) -> Back:
    """Write what `outcome` gives back; doing it again with the same facts changes nothing.

    A unit that was booked again already is never taken back, nor are minutes that were talked. `supply`: of the
    visit's facility, from whoever settles several visits in one unit.
    """
    supply = supply or Supply(visit.facility, now)
    rows = {one.kind: one for one in visit.ledger.exclude(kind=Kind.ADJUSTED)}
    used, row = rows.get(Kind.USED), rows.get(Kind.RETURNED)
    if used is None:
        return NOTHING
    _spend(rows.get(Kind.SPENT), given)
    had = Back(row.units, row.minutes) if row else NOTHING
    policy = supply.policy
    saved = saved_minutes(used.tie_id) - had.minutes if used.tie_id else 0
    back = repay(outcome, given, saved, policy.unit_back_below_percent)
    if row is not None and row.units > back.units and not has_unit_left(row, policy, now):
        return had
    if row is None and back == NOTHING:
        return NOTHING
    week = row.week if row and row.units == back.units else _week(visit, used, back, supply, now)
    row = row or LedgerEntry(visit=visit, kind=Kind.RETURNED)
    row.facility_id, row.inmate_id, row.tie_id, row.reason = used.facility_id, used.inmate_id, used.tie_id, outcome
    row.units, row.minutes, row.week, row.at = back.units, back.minutes, week, now
    row.goes_first = bool(back.units) and used.tie_id is not None and outcome in GOES_FIRST
    row.save()
    if used.tie_id is not None and saved + back.minutes < 0:
        _forgive(rows.get(Kind.FORGIVEN), used, -(saved + back.minutes), now)
    return back


def give_saved(visit: Visit, minutes_end: datetime, latest_end: datetime, now: datetime) -> int:
    """Saved minutes that a call which begins now is given on top, taken out of the savings; returns how many."""
    used = visit.ledger.filter(kind=Kind.USED).first()
    if used is None or used.tie_id is None:
        return 0
    minutes = credit(saved_minutes(used.tie_id), minutes_end, latest_end)
    if minutes:
        _write(used, Kind.SPENT, -minutes, "credit", now)
    return minutes


def _spend(row: LedgerEntry | None, given: Given) -> None:
    """What was given on top and not talked goes back to the savings."""
    if row is not None:
        row.minutes = -spent(-row.minutes, given)
        row.save(update_fields=["minutes"])


def _forgive(row: LedgerEntry | None, used: LedgerEntry, short: int, now: datetime) -> None:
    """Savings never fall below nothing: what a correction would take back after it was talked stays theirs."""
    if row is None:
        _write(used, Kind.FORGIVEN, short, "used_already", now)
    else:
        row.minutes += short
        row.save(update_fields=["minutes"])


def _week(visit: Visit, used: LedgerEntry, back: Back, supply: Supply, now: datetime) -> date:
    if not back.units:
        return used.week
    free = [slot.interval.start for slot in supply.free if is_for(slot, visit.inmate.legal_status)]
    return week_of_return(used.week, free, now, zone_of(visit.facility), supply.policy.choice_for_a_return)


def _write(used: LedgerEntry, kind: str, minutes: int, reason: str, now: datetime) -> None:
    """One more row of minutes for the visit that `used` is about."""
    LedgerEntry.objects.create(
        facility_id=used.facility_id, inmate_id=used.inmate_id, tie_id=used.tie_id, visit=used.visit, kind=kind,
        week=used.week, units=0, minutes=minutes, reason=reason, at=now,
    )  # fmt: skip
