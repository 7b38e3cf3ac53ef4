"""The books of what comes back for a visit: one row, written when it ends, changed when its outcome is corrected.

Whoever calls holds the locks of the inmate and of the visitors, as for a booking.
"""

from datetime import date, datetime, timedelta

from besuk.flow.bookings.compensation import Back, Given, credit, repay, spent, week_of_return
from besuk.flow.bookings.models import LedgerEntry, Visit
from besuk.flow.bookings.queries import free_starts, has_unit_left, saved_minutes
from besuk.ground.facilities.policy import Policy
from besuk.ground.facilities.queries import policy_of, zone_of

Kind = LedgerEntry.Kind
GOES_FIRST = frozenset({"cancelled_by_facility"})
"""Outcomes after which the family and the inmate go first next time, if the visit was lost."""
NOTHING = Back(0, 0)


def settle(visit: Visit, outcome: str, given: Given, now: datetime) -> Back:
    """Write what `outcome` gives back; doing it again with the same facts changes nothing.

    A unit that was booked again already is never taken back, nor are minutes that were talked.
    """
    used = visit.ledger.filter(kind=Kind.USED).first()
    if used is None:
        return NOTHING
    _spend(visit, given)
    row = visit.ledger.filter(kind=Kind.RETURNED).first()
    had = Back(row.units, row.minutes) if row else NOTHING
    policy = policy_of(visit.facility_id)
    saved = saved_minutes(used.tie_id) - had.minutes if used.tie_id else 0
    back = repay(outcome, given, saved, policy.unit_back_below_percent)
    if row is not None and row.units > back.units and not has_unit_left(row, policy, now):
        return had
    if row is None and back == NOTHING:
        return NOTHING
    values = {
        "facility_id": used.facility_id, "inmate_id": used.inmate_id, "tie_id": used.tie_id, "reason": outcome,
        "units": back.units, "minutes": back.minutes, "at": now,
        "week": row.week if row and row.units == back.units else _week(visit, used, back, policy, now),
        "goes_first": bool(back.units) and used.tie_id is not None and outcome in GOES_FIRST,
    }  # fmt: skip
    LedgerEntry.objects.update_or_create(visit=visit, kind=Kind.RETURNED, defaults=values)
    _forgive(visit, used, now)
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


def _spend(visit: Visit, given: Given) -> None:
    """What was given on top and not talked goes back to the savings."""
    row = visit.ledger.filter(kind=Kind.SPENT).first()
    if row is not None:
        row.minutes = -spent(-row.minutes, given)
        row.save(update_fields=["minutes"])


def _forgive(visit: Visit, used: LedgerEntry, now: datetime) -> None:
    """Savings never fall below nothing: what a correction would take back after it was talked stays theirs."""
    short = -saved_minutes(used.tie_id) if used.tie_id else 0
    if short <= 0:
        return
    row = visit.ledger.filter(kind=Kind.FORGIVEN).first()
    if row is None:
        _write(used, Kind.FORGIVEN, short, "used_already", now)
    else:
        row.minutes += short
        row.save(update_fields=["minutes"])


def _week(visit: Visit, used: LedgerEntry, back: Back, policy: Policy, now: datetime) -> date:
    if not back.units:
        return used.week
    first, last = (now + timedelta(days=days) for days in (policy.book_from_days, policy.book_until_days))
    zone = zone_of(visit.facility)
    free = free_starts(visit, first.astimezone(zone).date(), last.astimezone(zone).date(), now)
    return week_of_return(used.week, free, now, zone, policy.choice_for_a_return)


def _write(used: LedgerEntry, kind: str, minutes: int, reason: str, now: datetime) -> None:
    """One more row of minutes for the visit that `used` is about."""
    LedgerEntry.objects.create(
        facility_id=used.facility_id, inmate_id=used.inmate_id, tie_id=used.tie_id, visit=used.visit, kind=kind,
        week=used.week, units=0, minutes=minutes, reason=reason, at=now,
    )  # fmt: skip
