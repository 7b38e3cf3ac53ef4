"""What is left of a session begins later, all of it at the chosen stations or nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from besuk.flow.bookings.actions.close import lock_visits
from besuk.flow.bookings.events import VisitShifted
from besuk.flow.bookings.lifecycle import VISIT
from besuk.flow.bookings.models import Claim, Visit
from besuk.flow.bookings.queries import rests_on
from besuk.flow.bookings.rules import cells_of, is_lapsed, shift_in_the_way
from besuk.ground.accounts.capabilities import DESK_BOOK
from besuk.ground.audit.actions import record, transition
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import policy_of, zone_of
from besuk.ground.kernel import outbox
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refusal, Refused, because, refuse
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.interval import Interval
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import unit
from besuk.ground.timetable.queries import closings


@dataclass(frozen=True)
class Shown:
    """What the officer saw before: the session by its start, the chosen stations, and the visits with their times.

    `begun`: visits whose call runs; they stay where they are (calls are to the right of bookings, so the page says).
    """

    session_start: datetime
    stations: Collection[int]
    visits: Mapping[str, datetime]
    begun: Collection[str] = ()


def shift_rest(
    *, facility: Facility, shown: Shown, minutes: int, reason: str, key: str, actor: Actor, now: datetime
) -> int:
    """Begin every visit of the rest of a session `minutes` later; returns how many. The reason stays inside.

    Raises Refused(WORDS_MISSING), (STATE_CHANGED) when something else is there than was shown,
    (SHIFT_MINUTES_WRONG), (SHIFT_TOO_FAR), (SHIFT_OVERLAPS) and what closes a station then.
    """
    actor.must(DESK_BOOK, facility.pk)
    if not reason.strip():
        raise refuse("WORDS_MISSING")
    times = sorted((ref, at.isoformat()) for ref, at in shown.visits.items())
    with unit():
        answer = once(actor, "visit.shift_rest", key, f"{times}|{minutes}|{reason}", now)
        if answer.result:
            return int(answer.result)
        visits, session = _locked(facility, shown, now)
        span = timedelta(minutes=minutes)
        most = session.until + timedelta(minutes=policy_of(facility.pk).shift_past_session_minutes)
        limit = min(most, session.next_start) if session.next_start else most
        if reasons := shift_in_the_way([(one.starts_at, one.ends_at) for one in visits], span, limit, now):
            raise Refused(reasons)
        if reasons := _closed_then(facility, visits, span):
            raise Refused(reasons)
        _move_claims(facility, visits, span, now)
        for visit in reversed(visits):  # the last first: no two are ever at one place and time
            _shift(visit, span, actor, now, reason.strip())
        data: dict[str, str | int] = {
            "session": shown.session_start.isoformat(), "minutes": minutes, "visits": len(visits),
        }  # fmt: skip
        record("session.shifted", facility_id=facility.pk, actor=actor, about=facility, now=now, data=data,
               words=reason.strip())  # fmt: skip
        answered(answer, str(len(visits)))
        return len(visits)


@dataclass(frozen=True)
class _Session:
    until: datetime
    next_start: datetime | None


def _locked(facility: Facility, shown: Shown, now: datetime) -> tuple[list[Visit], _Session]:
    """The visits to move, locked and in order of time, if they are exactly what was shown.

    Held ones are locked as well: whoever confirms one waits, and finds what stands in the way of it.
    """
    local = shown.session_start.astimezone(zone_of(facility)).date()
    rest = next((one for one in rests_on(facility, local) if one.session.start == shown.session_start), None)
    if rest is None or not shown.visits:
        raise refuse("STATE_CHANGED")
    rows = Visit.objects.select_related("facility", "station").filter(
        facility=facility,
        station__in=shown.stations,
        starts_at__gte=rest.window.start,
        starts_at__lt=rest.window.end,
        state__in=["held", "booked"],
    )
    lock(Rank.STATION, Station.objects.filter(pk__in=shown.stations, facility=facility))
    booked = [one for one in lock_visits(rows) if one.state == "booked" and one.ref not in shown.begun]
    coming = [one for one in booked if one.ends_at > now]
    if {one.ref: one.starts_at for one in coming} != dict(shown.visits):
        raise refuse("STATE_CHANGED")
    coming.sort(key=lambda one: (one.starts_at, one.pk))
    return coming, _Session(rest.session.end, rest.next_start)


def _closed_then(facility: Facility, visits: Sequence[Visit], span: timedelta) -> list[Refusal]:
    later = [(one.station_id, Interval(one.starts_at + span, one.ends_at + span)) for one in visits]
    return [because(code) for code in sorted(closings(facility, later))]


def _move_claims(facility: Facility, visits: Sequence[Visit], span: timedelta, now: datetime) -> None:
    """Give up the old cells and take the new ones. Raises Refused(SHIFT_OVERLAPS); claims decide every race."""
    mine = {one.pk for one in visits}
    old = lock(Rank.CLAIM, Claim.objects.filter(visit__in=mine))
    wanted = _wanted(visits, span, {row.visit_id: row.subject for row in old if row.kind == Claim.Kind.VISITOR})
    cells = [cell for _kind, _subject, cell in wanted]
    whose = Q()
    for kind in Claim.Kind:
        whose |= Q(kind=kind, subject__in={subject for one, subject, _cell in wanted if one == kind})
    there = Claim.objects.select_related("visit").filter(whose, cell__gte=min(cells), cell__lte=max(cells))
    stale = []
    for row in there.exclude(visit__in=mine).order_by("cell", "pk"):
        pk = wanted.get((row.kind, row.subject, row.cell))
        if pk is None:
            continue
        if not is_lapsed(row.visit.state, row.visit.held_until, now):
            raise _overlap(facility, next(one for one in visits if one.pk == pk), span)
        stale.append(row.pk)
    lock(Rank.CLAIM, Claim.objects.filter(pk__in=stale))
    Claim.objects.filter(pk__in=[*stale, *(row.pk for row in old)]).delete()
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(
                Claim(kind=kind, subject=subject, cell=cell, visit_id=pk)
                for (kind, subject, cell), pk in sorted(wanted.items())
            )
    except IntegrityError as error:
        raise refuse("STATE_CHANGED") from error


def _wanted(
    visits: Sequence[Visit], span: timedelta, visitors: Mapping[int, int]
) -> dict[tuple[str, int, datetime], int]:
    """The cells after the shift: (kind, whose, cell) -> visit."""
    found: dict[tuple[str, int, datetime], int] = {}
    for visit in visits:
        talk = Interval(visit.starts_at + span, visit.ends_at + span)
        with_buffer, alone = cells_of(talk, timedelta(minutes=visit.buffer_minutes))
        found |= {(str(Claim.Kind.STATION), visit.station_id, cell): visit.pk for cell in with_buffer}
        found |= {(str(Claim.Kind.INMATE), visit.inmate_id, cell): visit.pk for cell in alone}
        if visit.pk in visitors:
            found |= {(str(Claim.Kind.VISITOR), visitors[visit.pk], cell): visit.pk for cell in alone}
    return found


def _overlap(facility: Facility, ours: Visit, span: timedelta) -> Refused:
    """Names the visit that would be moved: what it meets may be a family's visit at another prison."""
    at = (ours.starts_at + span).astimezone(zone_of(facility))
    return refuse("SHIFT_OVERLAPS", station=ours.station.number, at=f"{at:%H.%M}")


def _shift(visit: Visit, span: timedelta, actor: Actor, now: datetime, words: str) -> None:
    was = visit.starts_at.isoformat()
    changes = {"starts_at": visit.starts_at + span, "ends_at": visit.ends_at + span}
    data: dict[str, str | int] = {"from": was, "to": changes["starts_at"].isoformat()}
    transition(
        visit, VISIT, "shift", facility_id=visit.facility_id, actor=actor, now=now, changes=changes, data=data,
        words=words,
    )  # fmt: skip
    outbox.emit(VisitShifted(visit.ref, was), now)
