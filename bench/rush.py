"""Heavy work on a running site's own database, until it is killed: `python -m bench.rush`, with the site's environment.

One after another, imports of 1,500 inmates with a family each, every one in a single transaction that is undone
at its end (so that the next can follow); and sixteen families at a time who book, or are refused. There is no
import by hand in the product yet: its rows are those of the big demo.
"""

import itertools
import json
import os
import secrets
import sys
import threading
from collections import Counter
from datetime import timedelta

import django

INMATES, FAMILIES = 1500, 16
SAY_EVERY_S = 1.0
BETWEEN_S = 1.0
"""Imports without a pause would leave SQLite's one writer to nobody else."""


def main() -> None:
    """Never ends by itself. Says each second how much was done so far, as a line of JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "besuk.config.settings")
    django.setup()
    done: Counter[str] = Counter()
    for number in range(FAMILIES):
        threading.Thread(target=_book, args=(number, done), daemon=True).start()
    threading.Thread(target=_import, args=(done,), daemon=True).start()
    while True:
        threading.Event().wait(SAY_EVERY_S)
        sys.stdout.write(json.dumps(done) + "\n")
        sys.stdout.flush()


def _import(done: Counter[str]) -> None:
    from django.db import DatabaseError, transaction

    from besuk.ground.kernel import clock
    from besuk.ground.kernel.models import Facility
    from besuk.run.demo.big import seed_big

    facility = Facility.objects.order_by("pk")[0]
    while True:
        try:
            with transaction.atomic():
                seed_big(facility, inmates=INMATES, years=0, now=clock.now())
                transaction.set_rollback(True)
            done["imports"] += 1
        except DatabaseError:
            done["imports_not_written"] += 1
        threading.Event().wait(BETWEEN_S)


def _book(number: int, done: Counter[str]) -> None:
    from django.db import DatabaseError

    from besuk.flow.approvals.models import Tie
    from besuk.flow.bookings.actions import confirm, hold
    from besuk.flow.bookings.queries import offers
    from besuk.ground.accounts.actors import visitor_actor
    from besuk.ground.kernel import clock
    from besuk.ground.kernel.errors import Refused

    ties = list(Tie.objects.select_related("facility", "inmate", "visitor").filter(state="approved").order_by("pk"))
    for turn in itertools.count(number):
        tie, now = ties[turn % len(ties)], clock.now()
        day, actor = now.date() + timedelta(days=1 + turn % 14), visitor_actor(tie.visitor)
        try:
            free = [one.slot for one in offers(tie, day, day + timedelta(days=1), now) if one.is_free]
            for slot in free[:1]:
                key = secrets.token_hex(8)
                where, start = slot.station_id, slot.interval.start
                visit = hold(tie_ref=tie.ref, station_id=where, starts_at=start, key=key, actor=actor, now=now)
                confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key=key, actor=actor, now=now)
                done["booked"] += 1
            done["asked"] += 1
        except Refused:
            done["refused"] += 1
        except DatabaseError:
            done["not_written"] += 1


if __name__ == "__main__":
    main()
