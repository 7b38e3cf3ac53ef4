"""Seeding, part one: the prisons, their staff, their inmates with photos, their sessions around the clock."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from besuk.ground.accounts.actors import staff_actor
from besuk.ground.accounts.models import Membership, Staff
from besuk.ground.facilities.actions import set_photo
from besuk.ground.facilities.models import Block, FacilityPolicy, Inmate, Room, Station
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.models import Facility
from besuk.ground.timetable.models import SessionTemplate
from besuk.run.demo import cast, pictures
from besuk.run.demo.cast import Officer, Prison

SLOT_MINUTES, BUFFER_MINUTES, STAGGER_MINUTES = 10, 5, 5


@dataclass
class Seeded:
    """One prison as it was made."""

    prison: Prison
    facility: Facility
    stations: list[Station]
    inmates: list[Inmate]
    staff: dict[str, Staff] = field(default_factory=dict)
    """The first of each role."""

    def actor(self, role: str, now: datetime) -> Actor:
        return staff_actor(self.staff[role], now)


def seed_prison(prison: Prison, hashed: tuple[str, str], now: datetime) -> Seeded:
    """Make one prison as of `now`. `hashed` are the staff's password and PIN."""
    facility = Facility.objects.create(code=prison.code, name=prison.name, zone=prison.zone)
    FacilityPolicy.objects.create(facility=facility, values=dict(cast.POLICY))
    room = Room.objects.create(facility=facility, name="Ruang kunjungan video")
    stations = [Station.objects.create(facility=facility, room=room, number=n + 1) for n in range(prison.stations)]
    open_around_the_clock(facility, since=now.date())
    inmates = _inmates(prison, facility, now.date())
    seeded = Seeded(prison, facility, stations, inmates)
    for officer in prison.officers:
        staff = employ(officer, [facility], hashed, now)
        seeded.staff.setdefault(officer.role, staff)
    for inmate in inmates:
        face = pictures.jpeg(pictures.portrait(_face(inmate), sex=inmate.sex))
        set_photo(inmate=inmate, image=face, mime="image/jpeg", actor=seeded.actor("desk", now), now=now)
    return seeded


def _face(inmate: Inmate) -> int:
    return inmate.facility_id * 1000 + int(inmate.number.rsplit("/", 1)[1])


def hashed_secrets() -> tuple[str, str]:
    """The staff's password and PIN, each hashed once: Argon2 is slow on purpose."""
    return make_password(cast.PASSWORD), make_password(cast.STAFF_PIN)


def employ(officer: Officer, facilities: list[Facility], hashed: tuple[str, str], now: datetime) -> Staff:
    """One member of staff with their role at each facility."""
    staff = Staff.objects.create(
        username=officer.username,
        name=officer.name,
        code=officer.code,
        password=hashed[0],
        pin_hash=hashed[1],
        is_system_administrator=officer.role == "system_administrator",
    )
    rows = [Membership(staff=staff, facility=one, role=officer.role, since=now) for one in facilities]
    Membership.objects.bulk_create(rows)
    return staff


def open_around_the_clock(facility: Facility, since: date) -> None:
    """Sessions from midnight to midnight, every day: whoever starts the demo at 3 finds a visit due."""
    SessionTemplate.objects.bulk_create(
        SessionTemplate(
            facility=facility,
            weekday=weekday,
            starts=time(0, 0),
            ends=time(23, 59),
            valid_from=since,
            slot_minutes=SLOT_MINUTES,
            buffer_minutes=BUFFER_MINUTES,
            stagger_minutes=STAGGER_MINUTES,
        )
        for weekday in range(7)
    )


def _inmates(prison: Prison, facility: Facility, today: date) -> list[Inmate]:
    blocks = [Block.objects.create(facility=facility, name=name) for name in prison.blocks]
    women = blocks[-1] if any(name.sex == "f" for name in prison.inmates) else None
    rows = []
    for number, name in enumerate(prison.inmates, 1):
        men = [block for block in blocks if block is not women]
        block = women if women is not None and name.sex == "f" else men[number % len(men)]
        rows.append(
            Inmate(
                facility=facility,
                block=block,
                cell=f"{block.name.split()[-1][0]}-{1 + number % 12}",
                number=f"{'B.I' if number % 3 else 'B.IIa'}/{number:04d}",
                name=name.full,
                call_name=name.call,
                father_name=name.father,
                birth_year=1962 + (number * 7) % 42,
                sex=name.sex,
                legal_status="remand" if number in prison.remand else "convicted",
                arrived_on=today - timedelta(days=20 + (number * 37) % 900),
            )
        )
    return Inmate.objects.bulk_create(rows)
