"""Which windows to open, and how each person signs in: for the terminal, for `demo.json`, for the start page."""

from datetime import datetime
from typing import Any

from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel.models import Facility
from besuk.run.demo import cast
from besuk.run.demo.cast import Officer, Prison
from besuk.web.public.demo_visits import due_visits

Told = dict[str, Any]
TITLES = {
    "supervisor": "Petugas pengawas",
    "desk": "Petugas pendaftaran",
    "head": "Kalapas",
    "companion": "Pendamping",
    "regional": "Kantor wilayah",
    "inspector": "Pemeriksa",
    "data_protection": "Pelindungan data",
    "system_administrator": "Administrator sistem",
}
PATHS = {
    "supervisor": "/wall/",
    "desk": "/desk/vetting/",
    "head": "/office/board/",
    "companion": "/office/support/",
    "regional": "/office/board/",
}


def who_plays(now: datetime) -> Told:
    """Windows (the first three are the ones to begin with) and all credentials."""
    windows = [one for prison in cast.PRISONS for one in _windows(prison, now)]
    officers = [*(one for prison in cast.PRISONS for one in prison.officers), *cast.EVERYWHERE, cast.ADMINISTRATOR]
    families = [_family_secret(prison, one) for prison in cast.PRISONS for one in prison.families if one.phone]
    return {"windows": windows, "credentials": [*families, *(_staff_secret(one) for one in officers)]}


def _windows(prison: Prison, now: datetime) -> list[Told]:
    facility = Facility.objects.get(code=prison.code)
    visit = next(iter(due_visits(facility, now)), None)
    host = visit.host if visit else None
    about: Told = {"facility": prison.code}
    if visit is not None:
        local = visit.starts_at.astimezone(zone_of(facility))
        about |= {"visit": visit.ref, "starts_at": visit.starts_at.isoformat(), "local_time": f"{local:%H.%M}"}
    family = prison.families[0]
    found: list[Told] = [
        {
            **about,
            "role": "family",
            "title": "Keluarga (ponsel)",
            "who": host.name if host else family.name,
            "path": "/my-visits/",
            "sign_in": _by_hand("/sign-in/", phone=family.phone or "", pin=family.pin, button="enter-family"),
        },
        {
            **about,
            "role": "station",
            "title": "Warga binaan (bilik)",
            "who": f"Bilik {visit.station.number}" if visit else "Bilik 1",
            "path": "/station/",
            "sign_in": {"page": "/demo/", "button": "enter-station"},
        },
    ]
    shown = [one for one in prison.officers if one.username != "pengawas2"]
    supervisor_first = sorted(shown, key=lambda one: one.role != "supervisor")
    return [*found, *(_officer_window(one, about) for one in supervisor_first)]


def _officer_window(officer: Officer, about: Told) -> Told:
    return {
        **about,
        "role": "officer" if officer.role == "supervisor" else officer.role,
        "title": TITLES[officer.role],
        "who": f"{officer.name} ({officer.code})",
        "path": PATHS[officer.role],
        "sign_in": _by_hand(
            "/staff/sign-in/",
            username=officer.username,
            password=cast.PASSWORD,
            pin=cast.STAFF_PIN,
            button="enter-officer" if officer.role == "supervisor" else f"enter-{officer.username}",
        ),
    }


def _by_hand(page: str, *, button: str, **fields: str) -> Told:
    """Either the button of the start page, or this form by hand."""
    return {"page": "/demo/", "button": button, "by_hand": {"page": page, **fields}}


def _family_secret(prison: Prison, family: cast.Family) -> Told:
    where = "/sign-in/"
    return {"where": where, "name": family.name, "user": family.phone, "secret": f"PIN {family.pin}", "at": prison.name}


def _staff_secret(officer: Officer) -> Told:
    return {
        "where": "/staff/sign-in/",
        "name": f"{officer.name} ({officer.code})",
        "user": officer.username,
        "secret": cast.PASSWORD,
        "pin": cast.STAFF_PIN,
        "role": officer.role,
    }
