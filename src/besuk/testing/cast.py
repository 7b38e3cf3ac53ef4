"""The cast of every test, small: two prisons in two zones, everybody of product.md, one outsider.

Straight on the models, so that a test of one step does not need the others to work. Who belongs to which
prison is told by the names: Lapas people are in Java (WIB), Rutan people in Papua (WIT). The outsider has
an account and nothing else, and must never see anything.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from django.contrib.auth.hashers import make_password

from besuk.ground.accounts.actors import staff_actor, visitor_actor
from besuk.ground.accounts.models import Membership, Staff, Visitor
from besuk.ground.accounts.queries import NIK
from besuk.ground.facilities.actors import key_hash, station_actor
from besuk.ground.facilities.models import Block, Inmate, Room, Station
from besuk.ground.kernel import crypto
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refs import new_subject
from besuk.ground.timetable.models import SessionTemplate

PASSWORD = "tiga-kuda-di-sawah"
"""Of every member of staff."""
PIN = "481526"
"""Of every visitor and every officer."""
ROLES_HERE = ("desk", "supervisor", "second_supervisor", "head", "companion")
ROLES_EVERYWHERE = ("regional", "inspector", "data_protection")
LONG_AGO = datetime.fromisoformat("2025-01-06T01:00:00+00:00")


@cache
def _hashed(secret: str) -> str:
    """Argon2 is slow on purpose; once a process is enough for people who all have the same."""
    return make_password(secret)


@dataclass
class Site:
    """One prison of the cast."""

    facility: Facility
    room: Room
    stations: list[Station]
    station_keys: list[str]
    inmates: list[Inmate]
    """The first is convicted, the last is on remand (tahanan)."""
    staff: dict[str, Staff]
    """By role; `second_supervisor` is another officer with the role of supervisor."""

    @property
    def convicted(self) -> Inmate:
        return self.inmates[0]

    @property
    def remand(self) -> Inmate:
        return self.inmates[-1]

    def actor(self, role: str, now: datetime) -> Actor:
        """The acting member of staff."""
        return staff_actor(self.staff[role], now)

    def station(self, number: int = 1) -> Actor:
        """The acting station."""
        return station_actor(self.stations[number - 1])


@dataclass
class Cast:
    """Everybody. `lapas` is in WIB with 3 stations, `rutan` in WIT with 1."""

    lapas: Site
    rutan: Site
    siti: Visitor
    """Wife of the first inmate of the Lapas."""
    budi: Visitor
    """Her son; shares her phone number."""
    yosina: Visitor
    """Mother of the first inmate of the Rutan."""
    lawyer: Visitor
    consul: Visitor
    outsider: Visitor
    administrator: Staff
    """Runs the machine; belongs to no prison."""

    @property
    def sites(self) -> tuple[Site, Site]:
        return self.lapas, self.rutan


def new_visitor(
    name: str, *, phone: str = "+6281200000001", nik: str = "", honorific: str = "ibu", now: datetime = LONG_AGO
) -> Visitor:
    """Somebody outside with an account and the PIN `PIN`. Without a NIK an obviously false one is made."""
    digits = nik or f"99710152{Visitor.objects.count() + 1:08d}"
    subject = new_subject()
    return Visitor.objects.create(
        subject=subject,
        name=name,
        honorific=honorific,
        phone=phone,
        pin_hash=_hashed(PIN),
        nik_sealed=crypto.seal(digits.encode(), purpose=NIK, about=subject),
        nik_index=crypto.blind_index(digits, purpose=NIK),
        nik_last4=digits[-4:],
        created_at=now,
    )


def new_staff(username: str, name: str, code: str, *, administers: bool = False) -> Staff:
    """A member of staff with the password `PASSWORD` and the PIN `PIN`, working nowhere yet."""
    return Staff.objects.create(
        username=username,
        name=name,
        code=code,
        password=_hashed(PASSWORD),
        pin_hash=_hashed(PIN),
        is_system_administrator=administers,
    )


def employ(staff: Staff, facility: Facility, role: str) -> Membership:
    """Give a member of staff a role at a facility."""
    return Membership.objects.create(staff=staff, facility=facility, role=role, since=LONG_AGO)


def new_inmate(facility: Facility, name: str, *, block: Block | None = None, status: str = "convicted") -> Inmate:
    """Somebody held, in the facility's first block unless another is given."""
    count = Inmate.objects.filter(facility=facility).count() + 1
    return Inmate.objects.create(
        facility=facility,
        block=block or facility.blocks.order_by("pk")[0],
        cell=f"{count:02d}",
        number=f"{facility.code.upper()}/{count:04d}",
        name=name,
        call_name=name.removeprefix("I ").split()[0],
        father_name="Karto",
        birth_year=1985,
        legal_status=status,
        arrived_on=date(2025, 1, 6),
    )


def open_week(facility: Facility, *, who_may: str = "all") -> list[SessionTemplate]:
    """The sessions of field.md, Monday to Saturday, Friday shorter."""
    usual = ((time(9), time(11, 30)), (time(13, 30), time(15, 30)))
    friday = ((time(8, 30), time(10, 30)), (time(13, 30), time(14, 30)))
    rows = [
        SessionTemplate(
            facility=facility, weekday=day, starts=starts, ends=ends, valid_from=date(2025, 1, 6), who_may=who_may
        )
        for day in range(6)
        for starts, ends in (friday if day == 4 else usual)
    ]
    return SessionTemplate.objects.bulk_create(rows)


def new_site(code: str, name: str, zone: str, stations: int, inmates: tuple[str, ...]) -> Site:
    """A prison with two blocks, paired stations, inmates (the last on remand), staff and open sessions."""
    facility = Facility.objects.create(code=code, name=name, zone=zone)
    first, _ = (Block.objects.create(facility=facility, name=f"Blok {letter}") for letter in "AB")
    room = Room.objects.create(facility=facility, name="Ruang video")
    keys = [f"key-of-{code}-{number}" for number in range(1, stations + 1)]
    made = [
        Station.objects.create(facility=facility, room=room, number=n, key_hash=key_hash(key), paired_at=LONG_AGO)
        for n, key in enumerate(keys, 1)
    ]
    last = len(inmates) - 1
    held = [
        new_inmate(facility, one, block=first, status="remand" if n == last else "convicted")
        for n, one in enumerate(inmates)
    ]
    staff = {role: new_staff(f"{role}.{code}", f"{role} {code}", f"{code[0]}-{role}"[:12]) for role in ROLES_HERE}
    for role, person in staff.items():
        employ(person, facility, "supervisor" if role == "second_supervisor" else role)
    open_week(facility)
    return Site(facility, room, made, keys, held, staff)


def build_cast() -> Cast:
    """Make everybody. About 20 statements for each prison; passwords are hashed once a process."""
    lapas = new_site("lapas", "Lapas Narkotika Contoh", "Asia/Jakarta", 3, ("Suyatno", "I Wayan Sudiarta", "Togar"))
    rutan = new_site("rutan", "Rutan Teladan", "Asia/Jayapura", 1, ("Yosep Wenda", "Markus Tabuni"))
    for number, role in enumerate(ROLES_EVERYWHERE):
        person = new_staff(role, role, f"w-{number}")
        for site in (lapas, rutan):
            employ(person, site.facility, role)
            site.staff[role] = person
    return Cast(
        lapas=lapas,
        rutan=rutan,
        siti=new_visitor("Siti Aminah", phone="+6281234567801"),
        budi=new_visitor("Budi", phone="+6281234567801", honorific="bapak"),
        yosina=new_visitor("Yosina Wenda", phone="+6281234567802"),
        lawyer=new_visitor("Advokat Rangkuti", phone="+6281234567803", honorific="bapak"),
        consul=new_visitor("Konsul Meyer", phone="+6281234567804"),
        outsider=new_visitor("Orang Luar", phone="+6281234567809", honorific="bapak"),
        administrator=new_staff("administrator", "Administrator", "w-9", administers=True),
    )


def as_visitor(visitor: Visitor) -> Actor:
    """The acting visitor."""
    return visitor_actor(visitor)
