"""Plays of the wall's officers: a call handed over while it is taken back, a shift begun at many walls at once."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.db import connection
from django.db.models import Count

from besuk.flow.approvals.models import Tie
from besuk.flow.live.models import Participation
from besuk.flow.oversight import actions
from besuk.flow.oversight.actions import handover
from besuk.flow.oversight.models import Handover, Shift
from besuk.ground.accounts.actors import staff_actor
from besuk.ground.accounts.models import Staff
from besuk.ground.audit.actions import record
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.models import FacilityPolicy, Station
from besuk.ground.kernel.models import Facility
from besuk.testing.builders import booked_visit, call_ready, on_duty

CALLS, WALLS, ROUNDS = 3, 12, 8
Everybody = Callable[..., Counter[str]]


def play_handing(everybody: Everybody, now: datetime) -> dict[str, object]:
    """One officer takes an offer back in the moment in which the other accepts it, many times."""
    facility, (first, other) = _officers(now)
    FacilityPolicy.objects.update(values={"calls_per_supervisor": 50})
    refs = _calls(facility, now)
    for ref in refs:
        actions.watch(call_ref=ref, actor=staff_actor(first, now), now=now)
    told = {"both": 0, "accepted": 0, "withdrawn": 0}
    errors: list[str] = []
    for turn in range(ROUNDS):
        at = now + timedelta(seconds=turn)
        actions.offer_handover(call_refs=[], to=other.code, actor=staff_actor(first, at), now=at)
        before = Counter(Entry.objects.values_list("code", flat=True))

        def one(number: int, at: datetime = at) -> str:
            if number:
                actions.accept_handover(by=first.code, actor=staff_actor(other, at), now=at)
                return "accepted"
            actions.withdraw_handover(to=other.code, actor=staff_actor(first, at), now=at)
            return "withdrawn"

        said = everybody(one, 2)
        errors += [words for words in said if words.startswith("ERROR")]
        after = Counter(Entry.objects.values_list("code", flat=True))
        told["accepted"] += said["accepted"]
        told["withdrawn"] += said["withdrawn"]
        # whoever withdrew was told so: nothing may stand as accepted after it
        left = Handover.objects.filter(state="accepted").count()
        told["both"] += left if said["withdrawn"] and after["handover.withdraw"] > before["handover.withdraw"] else 0
        Handover.objects.filter(state__in=["offered", "accepted"]).update(state="lapsed")
        Participation.objects.filter(staff=other).delete()
    return {**told, "rounds": ROUNDS, "errors": errors}


def play_shifts(everybody: Everybody, now: datetime) -> dict[str, object]:
    """One officer begins a shift at many walls in the same moment."""
    facility, (officer, _other) = _officers(now)
    Shift.objects.all().delete()

    def one(number: int) -> str:
        actions.start_shift(facility_id=facility.pk, wall=f"PC {number}", actor=staff_actor(officer, now), now=now)
        return "begun"

    said = everybody(one, WALLS)
    running = Shift.objects.filter(ended_at__isnull=True).values("staff").annotate(n=Count("pk"))
    begun = Entry.objects.filter(code="shift.start").count()
    return {
        "said": dict(said), "open": sum(row["n"] for row in running), "entries": begun, "rows": Shift.objects.count(),
    }  # fmt: skip


@contextmanager
def accepted_blindly() -> Iterator[None]:
    """A step is written whatever state the row is in by then."""

    def lax(row: Any, lifecycle: Any, verb: str, *, changes: Any = None, **more: Any) -> None:
        for name, value in {**(changes or {}), "state": lifecycle.moves[verb].target}.items():
            setattr(row, name, value)
        row.save()
        record(f"handover.{verb}", about=row, **more)

    with mock.patch.object(handover, "transition", lax):
        yield


@contextmanager
def without_shift_constraint() -> Iterator[None]:
    """The database would take any number of open shifts of an officer."""
    [only] = [one for one in Shift._meta.constraints if one.name == "one_open_shift_per_officer"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Shift, only)
    yield


def _officers(now: datetime) -> tuple[Facility, list[Staff]]:
    facility = Facility.objects.get()
    officers = []
    for number in range(2):
        from besuk.testing.cast import employ, new_staff

        officer = new_staff(f"pengawas{number}", f"Petugas {number}", f"W-90{number}")
        employ(officer, facility, "supervisor")
        on_duty(officer, facility, now=now)
        officers.append(officer)
    return facility, officers


def _calls(facility: Facility, now: datetime) -> list[str]:
    stations = list(Station.objects.filter(facility=facility).order_by("number"))
    ties = list(Tie.objects.order_by("pk")[:CALLS])
    return [
        call_ready(booked_visit(tie, starts_at=now, station=station), now=now).ref
        for tie, station in zip(ties, stations, strict=True)
    ]
