"""A prison with years of data, for measuring pages: rows in bulk, without the log of each step."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import LedgerEntry, Visit, VisitPerson
from besuk.flow.checkin.models import Attendance
from besuk.ground.accounts.models import Visitor
from besuk.ground.accounts.queries import NIK
from besuk.ground.facilities.models import Inmate
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel import crypto
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refs import new_subject
from besuk.ground.kernel.unit import unit
from besuk.run.demo.cast import PIN
from besuk.run.demo.identity import nik
from besuk.run.demo.names import invented

BATCH = 500
FIRST_NUMBER = 5000
_OUTCOMES = ("completed",) * 16 + ("completed_early_by_visitor", "visitor_absent", "failed_technical", "no_supervisor")
_SLOT = timedelta(minutes=15)


def seed_big(facility: Facility, *, inmates: int = 1500, years: int = 2, now: datetime) -> int:
    """Add `inmates` with a family each, and `years` of concluded visits up to `now`; returns how many visits.

    About 215 visits a week, as three stations have room for (field.md). Roughly ten seconds.
    """
    chance = random.Random(facility.pk)
    held = _inmates(facility, inmates, chance, now)
    ties = _ties(facility, held, chance, now)
    return sum(_week(facility, ties, monday, week, chance) for week, monday in _mondays(facility, years, now))


def _inmates(facility: Facility, count: int, chance: random.Random, now: datetime) -> list[Inmate]:
    blocks = list(facility.blocks.order_by("pk"))
    rows = []
    for n in range(count):
        name = invented(chance)
        rows.append(
            Inmate(
                facility=facility,
                block=blocks[n % len(blocks)],
                cell=f"{1 + n % 40:02d}",
                number=f"B.I/{FIRST_NUMBER + n:05d}",
                name=name.full,
                call_name=name.call,
                father_name=name.father,
                birth_year=1960 + n % 45,
                arrived_on=(now - timedelta(days=chance.randint(30, 1500))).date(),
            )
        )
    return Inmate.objects.bulk_create(rows, batch_size=BATCH)


def _ties(facility: Facility, held: list[Inmate], chance: random.Random, now: datetime) -> list[Tie]:
    pin_hash, visitors = make_password(PIN), []
    for n, _ in enumerate(held):
        subject, digits = new_subject(), nik(FIRST_NUMBER * 3 + n, "f")
        digits = f"{digits[:4]}{40 + n // 9000:02d}{digits[6:12]}{n % 9000 + 1:04d}"
        visitors.append(
            Visitor(
                subject=subject,
                name=invented(chance, "f").full,
                honorific="ibu",
                phone=f"+62813{n:08d}",
                pin_hash=pin_hash,
                nik_sealed=crypto.seal(digits.encode(), purpose=NIK, about=subject),
                nik_index=crypto.blind_index(digits, purpose=NIK),
                nik_last4=digits[-4:],
                zone=facility.zone,
                created_at=now - timedelta(days=800),
            )
        )
    Visitor.objects.bulk_create(visitors, batch_size=BATCH)
    rows = [
        Tie(
            facility=facility,
            visitor=visitor,
            inmate=inmate,
            inmate_named=inmate.name,
            relation="spouse",
            state="approved",
            submitted_at=now - timedelta(days=790),
            decided_at=now - timedelta(days=788),
            expires_on=(now + timedelta(days=365)).date(),
        )
        for visitor, inmate in zip(visitors, held, strict=True)
    ]
    return Tie.objects.bulk_create(rows, batch_size=BATCH)


def _mondays(facility: Facility, years: int, now: datetime) -> Iterator[tuple[int, datetime]]:
    local = now.astimezone(zone_of(facility)).replace(hour=0, minute=0, second=0, microsecond=0)
    this_week = local - timedelta(days=local.weekday())
    for week in range(years * 52, 0, -1):
        yield week, this_week - timedelta(weeks=week)


def _week(facility: Facility, ties: list[Tie], monday: datetime, week: int, chance: random.Random) -> int:
    """One week of visits with people, ledger and attendance, in one transaction."""
    stations = list(facility.stations.order_by("number"))
    starts = [
        (station, monday + timedelta(days=day, hours=9, minutes=20 * n + 5 * position))
        for day in range(6)
        for position, station in enumerate(stations)
        for n in range(12)
    ]
    begin = week * len(starts)
    mine = [ties[(begin + n) % len(ties)] for n in range(len(starts))]
    visits = [
        Visit(
            facility=facility,
            inmate_id=tie.inmate_id or 0,
            station=station,
            starts_at=at,
            ends_at=at + _SLOT,
            state="concluded",
            outcome=chance.choice(_OUTCOMES),
            held_until=at - timedelta(days=2),
            created_at=at - timedelta(days=3),
            booked_at=at - timedelta(days=3),
            rules_accepted_at=at - timedelta(days=3),
            ended_at=at + _SLOT,
            booked_by=tie.visitor.subject,
        )
        for tie, (station, at) in zip(mine, starts, strict=True)
    ]
    with unit():
        Visit.objects.bulk_create(visits, batch_size=BATCH)
        pairs = list(zip(visits, mine, strict=True))
        VisitPerson.objects.bulk_create(
            [VisitPerson(visit=v, visitor=t.visitor, tie=t, name=t.visitor.name, is_host=True) for v, t in pairs],
            batch_size=BATCH,
        )
        LedgerEntry.objects.bulk_create([_used(v, t, monday) for v, t in pairs], batch_size=BATCH)
        sides = [Attendance(visit=v, side=side, state="ready") for v in visits for side in ("visitor", "inmate")]
        Attendance.objects.bulk_create(sides, batch_size=BATCH)
    return len(visits)


def _used(visit: Visit, tie: Tie, monday: datetime) -> LedgerEntry:
    return LedgerEntry(
        facility_id=visit.facility_id,
        inmate_id=visit.inmate_id,
        tie=tie,
        visit=visit,
        week=monday.date(),
        kind=LedgerEntry.Kind.USED,
        units=-1,
        reason="booked",
        at=visit.created_at,
    )
