"""`python -m besuk.testing.due_now [SECONDS]`: make one more visit due this minute, on a running demo's database.

With SECONDS its slot ends so soon, and the inmate's next visit begins at that moment: no minute can be given later.

For benchmarks that need many calls in a row; the timetable would give one every few minutes. Straight on the
models: what stands in the way is cleared away.
"""

import os
import sys
from datetime import timedelta

import django

LENGTH = timedelta(minutes=10)
SHORT = timedelta(minutes=3)


def main() -> None:
    """Book it; prints the visit's ref."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "besuk.config.settings")
    django.setup()
    from django.db import transaction

    from besuk.flow.approvals.models import Tie
    from besuk.flow.bookings.models import Claim, Visit
    from besuk.flow.live.models import Call
    from besuk.ground.facilities.models import Station
    from besuk.ground.kernel import clock
    from besuk.testing.builders import CELL, booked_visit

    soon_over = timedelta(seconds=int(sys.argv[1])) if len(sys.argv) > 1 else None
    length = SHORT if soon_over else LENGTH
    start = clock.now() - SHORT + soon_over if soon_over else clock.now().replace(second=0, microsecond=0)
    with transaction.atomic():
        tie = Tie.objects.select_related("facility", "inmate", "visitor").filter(state="approved").order_by("pk")[0]
        busy = Call.objects.filter(state__in=["prepared", "live"]).values("station")
        station, other = Station.objects.filter(facility=tie.facility).exclude(pk__in=busy).order_by("number")[:2]
        near = Visit.objects.filter(facility=tie.facility, state="booked", starts_at__lt=start + timedelta(minutes=40))
        for visit in near.exclude(call__state__in=["prepared", "live"]):
            visit.state = "cancelled"
            visit.save(update_fields=["state"])
        around = Claim.objects.filter(cell__gte=start - timedelta(minutes=5), cell__lt=start + timedelta(minutes=40))
        there = around.filter(visit__facility=tie.facility)  # the visits of other prisons stand, and so do their cells
        there.exclude(visit__call__state__in=["prepared", "live"]).delete()
        # what runs keeps its cells, or a restart would book its slot again; the two people's are taken over
        ours = [start + CELL * n for n in range((length + SHORT) // CELL + 2)]
        there.filter(kind=Claim.Kind.INMATE, subject=tie.inmate_id or 0, cell__in=ours).delete()
        there.filter(kind=Claim.Kind.VISITOR, subject=tie.visitor_id, cell__in=ours).delete()
        if Visit.objects.filter(station=station, starts_at=start, state="booked").exists():
            raise SystemExit("the station has a visit at this minute")
        made = booked_visit(tie, starts_at=start, minutes=length // timedelta(minutes=1), station=station)
        if soon_over:
            booked_visit(tie, starts_at=made.ends_at, minutes=5, station=other)
    sys.stdout.write(f"{made.ref}\n")


if __name__ == "__main__":
    main()
