"""A process of its own in which many people book at once: `python -m tests.concurrency.crowd PLAY [MODE]`.

Threads with a connection each, on a real database file or server (BESUK_DATABASE_URL), which pytest's own
in-memory database could not be. Tells what happened as one line of JSON; acknowledgements as they come.
"""

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "besuk.config.settings")
if os.environ.get("CROWD_MODE") == "deferred":
    from django.conf import settings

    database: Any = settings.DATABASES["default"]
    database["OPTIONS"].update(transaction_mode="DEFERRED", timeout=1)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count, Sum  # noqa: E402

from besuk.flow.approvals.models import Tie  # noqa: E402
from besuk.flow.bookings import queries  # noqa: E402
from besuk.flow.bookings.actions import (  # noqa: E402
    Shown,
    book_by_desk,
    conclude,
    confirm,
    correct,
    hold,
    shift_rest,
    stand_by,
    take_station,
)
from besuk.flow.bookings.actions import book as book_module  # noqa: E402
from besuk.flow.bookings.compensation import Given  # noqa: E402
from besuk.flow.bookings.models import Claim, LedgerEntry, Visit  # noqa: E402
from besuk.flow.bookings.queries import offers  # noqa: E402
from besuk.ground.accounts.actions import prove_own_pin  # noqa: E402
from besuk.ground.accounts.actions.office_computer import BY_OFFICER  # noqa: E402
from besuk.ground.accounts.actors import SYSTEM, staff_actor, visitor_actor  # noqa: E402
from besuk.ground.accounts.models import Staff  # noqa: E402
from besuk.ground.audit.models import Entry  # noqa: E402
from besuk.ground.facilities.models import FacilityPolicy, Station  # noqa: E402
from besuk.ground.facilities.queries import zone_of  # noqa: E402
from besuk.ground.kernel import locks, rate  # noqa: E402
from besuk.ground.kernel.errors import Refused, refuse  # noqa: E402
from besuk.ground.kernel.interval import Interval  # noqa: E402
from besuk.ground.kernel.models import RateBucket  # noqa: E402
from besuk.ground.timetable import queries as timetable  # noqa: E402
from besuk.ground.timetable.models import Closure  # noqa: E402
from besuk.ground.timetable.queries import sessions_of, slots_between  # noqa: E402
from besuk.testing.builders import approved_tie, booked_visit  # noqa: E402
from besuk.testing.cast import new_inmate, new_site, new_visitor  # noqa: E402
from tests.concurrency import handing  # noqa: E402

NOW = datetime.fromisoformat("2026-12-03T02:20:00+00:00")
WEEK = date(2026, 12, 7)
WORKERS, INMATES, QUOTA, SLOTS = 64, 4, 2, 14
GUESSERS = 16
Work = Callable[[int], str]
book: Any = book_module
shift: Any = sys.modules["besuk.flow.bookings.actions.shift_rest"]
close: Any = sys.modules["besuk.flow.bookings.actions.close"]
settling: Any = sys.modules["besuk.flow.bookings.actions.settle"]
take: Any = sys.modules["besuk.flow.bookings.actions.take_station"]
"""The module whose protections are taken away one by one."""


def prepare() -> None:
    """Tables, one prison, four inmates, and sixteen families for each of them."""
    call_command("migrate", verbosity=0)
    site = new_site("lapas", "Lapas Contoh", "Asia/Jakarta", 3, ("Suyatno", "Wayan"))
    FacilityPolicy.objects.create(
        facility=site.facility, values={"visits_per_inmate_a_week": QUOTA, "visits_per_tie_a_week": QUOTA}
    )
    inmates = [new_inmate(site.facility, f"Warga {n}") for n in range(INMATES)]
    for number in range(WORKERS):
        visitor = new_visitor(f"Keluarga {number}", phone=f"+62812000{number:05d}")
        approved_tie(visitor, inmates[number % INMATES], now=NOW)


def wanted() -> list[tuple[int, datetime]]:
    """The few slots of one week that everybody wants."""
    free = [one.slot for one in offers(Tie.objects.all()[0], WEEK, WEEK + timedelta(days=1), NOW) if one.is_free]
    return [(slot.station_id, slot.interval.start) for slot in free[:SLOTS]]


def everybody(work: Work, workers: int = WORKERS) -> Counter[str]:
    """Run `work(number)` in as many threads at the same moment; counts what each of them says."""
    start, said = threading.Barrier(workers), Counter[str]()

    def one(number: int) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            told = work(number)
        except Refused as refused:
            told = "+".join(refused.codes)
        except Exception as error:  # noqa: BLE001  counting every kind of failure is the point
            told = f"ERROR {type(error).__name__}: {error}"[:160]
        finally:
            connection.close()
        said[told] += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def say(words: str) -> None:
    """One whole line at once, whatever other threads say."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def booker(slots: list[tuple[int, datetime]]) -> Work:
    """Each goes along the slots from a place of their own until a hold succeeds, and confirms it."""
    ties = list(Tie.objects.select_related("visitor").order_by("pk"))

    def work(number: int) -> str:
        tie, last = ties[number], "nothing tried"
        actor = visitor_actor(tie.visitor)
        for turn in range(len(slots)):
            station, start = slots[(number * 5 + turn) % len(slots)]
            try:
                key = f"h{turn}"
                visit = hold(tie_ref=tie.ref, station_id=station, starts_at=start, key=key, actor=actor, now=NOW)
                confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key=key, actor=actor, now=NOW)
            except Refused as refused:
                last = "+".join(refused.codes)
                if "INMATE_QUOTA_USED" in last:
                    break
            else:
                return "booked"
        return last

    return work


def state() -> dict[str, object]:
    """What stands in the database: the most of anything that must not be too many."""
    kept = Visit.objects.filter(state__in=["held", "booked"])
    by_inmate = Counter(kept.values_list("inmate_id", flat=True))
    by_place = Counter(kept.values_list("station_id", "starts_at"))
    ledger = LedgerEntry.objects.values("inmate_id").annotate(n=Count("pk")).values_list("n", flat=True)
    return {
        "booked": kept.filter(state="booked").count(),
        "held": kept.filter(state="held").count(),
        "most_of_an_inmate": max(by_inmate.values(), default=0),
        "most_of_a_slot": max(by_place.values(), default=0),
        "most_units": max(ledger, default=0),
        "claims": Claim.objects.count(),
        "entries": Entry.objects.filter(code="visit.confirm").count(),
    }


def play_crowd() -> dict[str, object]:
    """64 people, 14 slots, 4 inmates with a quota of 2."""
    slots = wanted()
    return {"said": everybody(booker(slots)), **state()}


def play_double_click() -> dict[str, object]:
    """One person presses the same button sixteen times at once."""
    tie = Tie.objects.select_related("visitor").order_by("pk")[0]
    station, start = wanted()[0]
    actor = visitor_actor(tie.visitor)

    def work(_: int) -> str:
        visit = hold(tie_ref=tie.ref, station_id=station, starts_at=start, key="same", actor=actor, now=NOW)
        confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key="same", actor=actor, now=NOW)
        return visit.ref

    return {"said": everybody(work, 16), **state()}


def play_stream() -> dict[str, object]:
    """Book for ever with four people at a time; says each acknowledgement at once. Meant to be killed."""
    ties = list(Tie.objects.select_related("visitor", "facility").order_by("pk"))
    supply = slots_between(ties[0].facility, WEEK, WEEK + timedelta(days=8))
    slots = [(slot.station_id, slot.interval.start) for slot in supply]

    def work(number: int) -> str:
        for turn in range(number, len(ties), 4):
            tie, (station, start) = ties[turn], slots[turn]
            actor = visitor_actor(tie.visitor)
            try:
                visit = hold(tie_ref=tie.ref, station_id=station, starts_at=start, key="s", actor=actor, now=NOW)
                confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key="s", actor=actor, now=NOW)
            except Refused as refused:
                say(f"refused {turn} {'+'.join(refused.codes)}")
            else:
                say(f"booked {turn} {visit.ref}")
        return "done"

    return {"said": everybody(work, 4), **state()}


def play_closing() -> dict[str, object]:
    """Each of some slots is booked, at the desk or from a hold, while its station is closed for that time."""
    facility = Tie.objects.select_related("facility").order_by("pk")[0].facility
    desk, slots = staff_actor(Staff.objects.get(username="desk.lapas"), NOW), wanted()
    starts = [start for _, start in slots]
    ties = []
    for number in range(len(slots)):
        family = new_visitor(f"Tutup {number}", phone=f"+62813000{number:05d}")
        ties.append(approved_tie(family, new_inmate(facility, f"Orang {number}"), now=NOW))
    stations = Station.objects.in_bulk([pk for pk, _ in slots])
    held = {
        n: hold(tie_ref=ties[n].ref, station_id=slots[n][0], starts_at=starts[n], key="h",
                actor=visitor_actor(ties[n].visitor), now=NOW)
        for n in range(0, len(slots), 2)
    }  # fmt: skip

    def work(number: int) -> str:
        n = number // 2
        station, start = slots[n]
        if number % 2 == 0:
            span = Interval(start, start + timedelta(minutes=15))
            take_station(station=stations[station], span=span, visit_refs=[], reason="sidang", key=f"t{n}",
                         actor=desk, now=NOW)  # fmt: skip
            return "closed"
        if n in held:
            confirm(visit_ref=held[n].ref, people=[], rules_accepted=True, key="c",
                    actor=visitor_actor(ties[n].visitor), now=NOW)  # fmt: skip
            return "confirmed"
        book_by_desk(tie_ref=ties[n].ref, station_id=station, starts_at=start, key=f"d{n}", actor=desk, now=NOW)
        return "booked"

    said = everybody(work, len(slots) * 2)
    booked = Visit.objects.filter(state="booked").values_list("station_id", "starts_at", "ends_at")
    shut = [
        Closure.objects.filter(station=station, starts_at__lt=end, ends_at__gt=start).exists()
        for station, start, end in booked
    ]
    return {"said": said, "booked": len(shut), "booked_and_closed": sum(shut), "slots": len(slots)}


def over(number: int, minutes: float) -> tuple[Tie, Visit]:
    """A family of its own whose visit of this week failed: its unit counts in WEEK. They talked so long."""
    facility = Tie.objects.select_related("facility").order_by("pk")[0].facility
    family = new_visitor(f"Gagal {number}", phone=f"+62814000{number:05d}")
    tie = approved_tie(family, new_inmate(facility, f"Orang {number}"), now=NOW)
    start = NOW + timedelta(days=2, minutes=20 * number)
    visit = booked_visit(tie, starts_at=start, now=NOW - timedelta(days=3))
    share = Given(timedelta(minutes=15), timedelta(minutes=minutes))
    conclude(visit=visit, outcome="failed_technical", actor=SYSTEM, now=NOW, given=share)
    visit.ledger.filter(kind="returned").update(week=WEEK)
    return tie, visit


def play_two_officers() -> dict[str, object]:
    """Two officers confirm the outcome of the same visit at once, sixteen times."""
    officers = [staff_actor(Staff.objects.get(username=name), NOW) for name in ("desk.lapas", "supervisor.lapas")]
    visits = [over(number, 15)[1] for number in range(16)]

    def work(number: int) -> str:
        visit, actor = visits[number // 2], officers[number % 2]
        stand_by(visit=visit, seen="failed_technical", actor=actor, now=NOW)
        return "confirmed"

    said = everybody(work, len(visits) * 2)
    return {"said": said, "visits": len(visits), "entries": Entry.objects.filter(code="visit.stand_by").count()}


def play_take_back() -> dict[str, object]:
    """A unit is taken back in the moment in which its family books with it."""
    desk, slots = staff_actor(Staff.objects.get(username="desk.lapas"), NOW), wanted()
    FacilityPolicy.objects.update(values={"visits_per_inmate_a_week": 0, "visits_per_tie_a_week": 0})
    families = [over(number, 3) for number in range(len(slots))]

    def work(number: int) -> str:
        tie, visit = families[number // 2]
        if number % 2 == 0:
            share = Given(timedelta(minutes=15), timedelta(minutes=15))
            back = correct(visit=visit, seen="failed_technical", outcome="completed", given=share, reason="x",
                           actor=desk, now=NOW)  # fmt: skip
            return "kept" if back.units else "taken back"
        station, start = slots[number // 2]
        book_by_desk(tie_ref=tie.ref, station_id=station, starts_at=start, key="b", actor=desk, now=NOW)
        return "booked"

    said = everybody(work, len(slots) * 2)
    units = LedgerEntry.objects.filter(week=WEEK).values("tie_id").annotate(n=Sum("units")).values_list("n", flat=True)
    return {"said": said, "families": len(families), "overdrawn": sum(n < 0 for n in units)}


@contextmanager
def without_closing_locks() -> Iterator[None]:
    """Whoever confirms or corrects reads the visit and its people, and locks none of them.

    A moment passes between seeing that a unit is left and taking it: so the race is met on any machine.
    """
    real, is_left = locks.lock, settling.has_unit_left

    def lax(rank: Any, rows: Any) -> Any:
        return list(rows) if rank.name in {"INMATE", "VISITOR", "VISIT"} else real(rank, rows)

    def seen_and_slow(*asked: Any) -> bool:
        answer: bool = is_left(*asked)
        time.sleep(0.05)
        return answer

    with mock.patch.object(close, "lock", lax), mock.patch.object(settling, "has_unit_left", seen_and_slow):
        yield


def play_shifting() -> dict[str, object]:
    """Visits are shifted to the next slot, while that is held by somebody else, or its station closed for then."""
    facility = Tie.objects.select_related("facility").order_by("pk")[0].facility
    desk = staff_actor(Staff.objects.get(username="desk.lapas"), NOW)
    stations = Station.objects.in_bulk()
    firsts: dict[tuple[date, int], list[datetime]] = {}
    for slot in slots_between(facility, WEEK, WEEK + timedelta(days=5)):
        day = slot.interval.start.astimezone(zone_of(facility)).date()
        firsts.setdefault((day, slot.station_id), []).append(slot.interval.start)
    places = [(day, station, starts[0], starts[1]) for (day, station), starts in sorted(firsts.items())]
    families = []
    for number in range(2 * len(places)):
        family = new_visitor(f"Geser {number}", phone=f"+62814000{number:05d}")
        families.append(approved_tie(family, new_inmate(facility, f"Orang {number}"), now=NOW))
    visits = [
        book_by_desk(tie_ref=families[n].ref, station_id=station, starts_at=first, key=f"v{n}", actor=desk, now=NOW)
        for n, (_day, station, first, _second) in enumerate(places)
    ]

    def work(number: int) -> str:
        n = number // 2
        day, station, first, second = places[n]
        if number % 2 == 0:
            start = sessions_of(facility, day)[0].start
            shown = Shown(start, [station], {visits[n].ref: first})
            later = second - first
            shift_rest(facility=facility, shown=shown, minutes=later // timedelta(minutes=1), reason="listrik",
                       key=f"s{n}", actor=desk, now=NOW)  # fmt: skip
            return "shifted"
        if n % 2:
            span = Interval(second, second + timedelta(minutes=15))
            take_station(station=stations[station], span=span, visit_refs=[], reason="sidang", key=f"t{n}",
                         actor=desk, now=NOW)  # fmt: skip
            return "closed"
        tie = families[len(places) + n]
        hold(tie_ref=tie.ref, station_id=station, starts_at=second, key="h", actor=visitor_actor(tie.visitor), now=NOW)
        return "held"

    said = everybody(work, len(places) * 2)
    kept = list(Visit.objects.filter(state__in=["held", "booked"]).order_by("station_id", "starts_at"))
    crossing = sum(one.station_id == other.station_id and other.starts_at < one.ends_at + timedelta(minutes=5)
                   for one, other in pairwise(kept))  # fmt: skip
    shut = sum(
        Closure.objects.filter(station=one.station_id, starts_at__lt=one.ends_at, ends_at__gt=one.starts_at).exists()
        for one in kept
    )
    moved = Visit.objects.filter(pk__in=[one.pk for one in visits], starts_at__in=[one[3] for one in places]).count()
    return {"said": said, "crossing": crossing, "booked_and_closed": shut, "moved": moved, "places": len(places)}


def play_guessing() -> dict[str, object]:
    """Somebody at a wall that was left alone tries many PINs at the same moment."""
    officer = staff_actor(Staff.objects.get(username="supervisor.lapas"), NOW)

    def work(number: int) -> str:
        prove_own_pin(pin=f"{700_000 + number}", actor=officer, now=NOW)
        return "in"

    return {"said": everybody(work, GUESSERS), "guesses": GUESSERS, "tries": BY_OFFICER.tries}


@contextmanager
def counted_without_lock() -> Iterator[None]:
    """The mistake of reading how many tries are left and writing it after: all read before the first one writes."""
    have_read = threading.Barrier(GUESSERS)

    def lax(key: str, limit: rate.Limit, now: datetime) -> None:
        row = RateBucket.objects.filter(key=key).first()
        left = row.tokens if row else float(limit.tries)
        have_read.wait(timeout=30)
        if left < 1:
            raise refuse("TOO_MANY_TRIES", minutes=1)
        RateBucket.objects.update_or_create(key=key, defaults={"tokens": left - 1, "updated_at": now})

    with mock.patch.object(rate, "take", lax):
        yield


@contextmanager
def shifted_without_claims() -> Iterator[None]:
    """The mistake of moving a visit without taking its new cells."""
    with mock.patch.object(shift, "_move_claims", return_value=None):
        yield


@contextmanager
def without_station_lock() -> Iterator[None]:
    """Neither the station nor the visits are locked by whoever closes, nor the station by the desk."""
    real = locks.lock

    def lax(rank: Any, rows: Any) -> Any:
        return list(rows) if rank.name in {"STATION", "VISIT"} else real(rank, rows)

    with (
        mock.patch.object(book, "lock", lax),
        mock.patch.object(close, "lock", lax),
        mock.patch.object(take, "lock", lax),
        mock.patch.object(shift, "lock", lax),
    ):
        yield


@contextmanager
def without_inmate_lock() -> Iterator[None]:
    """The mistake that the law of locking forbids: people are read, not locked."""
    real = locks.lock

    def lax(rank: Any, rows: Any) -> Any:
        return list(rows) if rank.name in {"INMATE", "VISITOR"} else real(rank, rows)

    with mock.patch.object(book, "lock", lax):
        yield


@contextmanager
def checked_outside() -> Iterator[None]:
    """The mistake of asking the rules before the transaction: their facts are as old as the wait for it."""
    ties = {tie.pk: tie for tie in Tie.objects.select_related("facility", "inmate", "visitor")}
    real = queries.facts_for
    a_slot: Any = timetable.slot_at(ties[min(ties)].facility, *wanted()[0])
    before = {pk: real(tie, a_slot.taken, NOW) for pk, tie in ties.items()}
    with mock.patch.object(book, "facts_for", lambda tie, span, now: before[tie.pk]):
        yield


@contextmanager
def without_claims() -> Iterator[None]:
    """Facts from before the transaction and no claims: nothing keeps two people from one slot."""
    with checked_outside(), mock.patch.object(book, "_claim", return_value=None):
        yield


@contextmanager
def as_it_is() -> Iterator[None]:
    """The product itself."""
    yield


MODES: dict[str, Any] = {
    "as_it_is": as_it_is, "deferred": as_it_is, "without_inmate_lock": without_inmate_lock,
    "checked_outside": checked_outside, "without_claims": without_claims, "without_station_lock": without_station_lock,
    "without_closing_locks": without_closing_locks, "shifted_without_claims": shifted_without_claims,
    "counted_without_lock": counted_without_lock, "accepted_blindly": handing.accepted_blindly,
    "without_shift_constraint": handing.without_shift_constraint,
}  # fmt: skip
PLAYS: dict[str, Callable[[], dict[str, object]]] = {
    "crowd": play_crowd, "double_click": play_double_click, "stream": play_stream, "closing": play_closing,
    "two_officers": play_two_officers, "take_back": play_take_back, "shifting": play_shifting,
    "guessing": play_guessing, "handing": partial(handing.play_handing, everybody, NOW),
    "shifts": partial(handing.play_shifts, everybody, NOW),
}  # fmt: skip


def main() -> None:
    """Prepare unless it was done before, play, and print the result as the last line."""
    if os.environ.get("CROWD_AGAIN") != "1":
        prepare()
    with MODES[os.environ.get("CROWD_MODE", "as_it_is")]():
        print(json.dumps(PLAYS[sys.argv[1]]()), flush=True)


if __name__ == "__main__":
    main()
