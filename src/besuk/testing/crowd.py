"""`python -m besuk.testing.crowd --calls 20 --officers 3`: a busy prison on a running demo's database.

So many stations, each with a visit that begins now, both sides ready and the call prepared; sessions and
station keys for all of them and for the officers, told as JSON. For benchmarks and long runs: straight on
the models, but what happens then goes through the product's own doors.
"""

import argparse
import json
import os
import random
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from besuk.flow.live.models import Call
    from besuk.ground.accounts.models import Staff
    from besuk.ground.facilities.models import Station
    from besuk.ground.kernel.models import Facility


def main(arguments: list[str]) -> None:
    """Make the prison and print what its people need."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "besuk.config.settings")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--officers", type=int, default=3)
    parser.add_argument("--each", type=int, default=8, help="how many calls one officer may watch")
    parser.add_argument("--minutes", type=int, default=30, help="how long each visit is")
    parser.add_argument("--attention", type=int, default=10, help="minutes between two attention checks")
    asked = parser.parse_args(arguments)
    django.setup()
    from django.db import transaction

    from besuk.ground.kernel import clock

    with transaction.atomic():
        facility = _prison(each=asked.each, attention=asked.attention)
        calls = [_ready_call(facility, n, asked.minutes, clock.now()) for n in range(1, asked.calls + 1)]
        officers = [_officer(facility, n) for n in range(1, asked.officers + 1)]
    told = {"facility": facility.pk, "calls": calls, "officers": officers}
    sys.stdout.write(json.dumps(told) + "\n")


def _prison(*, each: int, attention: int) -> "Facility":
    from besuk.ground.facilities.models import Block, FacilityPolicy
    from besuk.ground.kernel.models import Facility
    from besuk.testing.cast import open_week

    facility = Facility.objects.create(code="lapas-ramai", name="Lapas Ramai", zone="Asia/Jakarta")
    values = {"calls_per_supervisor": each, "attention_minutes": attention}
    FacilityPolicy.objects.create(facility=facility, values=values)
    Block.objects.create(facility=facility, name="Blok Anggrek")
    open_week(facility)
    return facility


def _ready_call(facility: "Facility", number: int, minutes: int, now: datetime) -> dict[str, str]:
    """A visit that begins now; its call, and what both sides sign in with."""
    from besuk.flow.live.models import Participation
    from besuk.run.demo.names import invented
    from besuk.testing.builders import approved_tie, booked_visit, call_ready
    from besuk.testing.cast import new_inmate, new_visitor

    chance = random.Random(number)
    inmate = new_inmate(facility, invented(chance).full)
    visitor = new_visitor(invented(chance, "f").full, phone=f"+62819000{number:05d}", now=now - timedelta(days=90))
    tie = approved_tie(visitor, inmate, relation=chance.choice(["spouse", "parent", "sibling", "child"]), now=now)
    key = f"crowd-station-{number}"
    station = _station(facility, number, key, now)
    start = now.replace(second=0, microsecond=0)
    call: Call = call_ready(booked_visit(tie, starts_at=start, minutes=minutes, station=station, now=now), now=now)
    places = dict(Participation.objects.filter(call=call).values_list("role", "ref"))
    session = _session({"visitor": visitor.pk})
    return {"ref": call.ref, **places, "visitor_session": session, "station_key": key}


def _station(facility: "Facility", number: int, key: str, now: datetime) -> "Station":
    from besuk.ground.facilities.actors import key_hash
    from besuk.ground.facilities.models import Room, Station

    room, _ = Room.objects.get_or_create(facility=facility, name="Ruang video")
    return Station.objects.create(
        facility=facility, room=room, number=number, key_hash=key_hash(key), paired_at=now - timedelta(days=30)
    )


def _officer(facility: "Facility", number: int) -> dict[str, str]:
    from besuk.ground.kernel import clock
    from besuk.testing.builders import on_duty
    from besuk.testing.cast import employ, new_staff

    staff: Staff = new_staff(f"ramai{number}", f"Petugas Ramai {number}", f"W-8{number:02d}")
    employ(staff, facility, "supervisor")
    on_duty(staff, facility, now=clock.now())
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from besuk.web.shared.sessions import BACKEND

    signed_in = {
        SESSION_KEY: str(staff.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: staff.get_session_auth_hash(),
    }
    return {"session": _session(signed_in), "code": staff.code}


def _session(content: dict[str, Any]) -> str:
    from importlib import import_module

    from django.conf import settings

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.update(content)
    store.create()
    return str(store.session_key)


if __name__ == "__main__":
    main(sys.argv[1:])
