"""Things of the flow, ready to be tested with: an approved tie, a booked visit, a call both sides wait in.

Straight on the models, and whole: a booked visit has its claims, its ledger row and its attendance, as
`bookings.actions` would have left them (a test of its own compares the two).
"""

from datetime import datetime, timedelta

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import Claim, LedgerEntry, Visit, VisitPerson
from besuk.flow.checkin.models import Attendance
from besuk.flow.live.models import Call
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.accounts.models import Staff, Visitor
from besuk.ground.facilities.models import Inmate, Station
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel.models import Facility
from besuk.testing.clock import THURSDAY

CELL = timedelta(minutes=5)


def tie(
    visitor: Visitor,
    inmate: Inmate,
    *,
    relation: str = "spouse",
    state: str = "approved",
    now: datetime = THURSDAY,
) -> Tie:
    """A tie in any state; an approved one is valid for a year, with a permit where the inmate is on remand."""
    decided = state != "submitted"
    remand = inmate.legal_status == Inmate.LegalStatus.REMAND
    return Tie.objects.create(
        facility=inmate.facility,
        visitor=visitor,
        inmate=inmate,
        inmate_named=inmate.name,
        relation=relation,
        state=state,
        submitted_at=now - timedelta(days=10),
        decided_at=now - timedelta(days=9) if decided else None,
        expires_on=(now + timedelta(days=365)).date() if decided else None,
        permit_issuer="Kejaksaan Negeri" if remand else "",
        permit_expires_on=(now + timedelta(days=60)).date() if remand else None,
    )


def approved_tie(visitor: Visitor, inmate: Inmate, *, relation: str = "spouse", now: datetime = THURSDAY) -> Tie:
    """The vetted link between the two."""
    return tie(visitor, inmate, relation=relation, now=now)


def booked_visit(
    approved: Tie,
    *,
    starts_at: datetime = THURSDAY,
    minutes: int = 15,
    station: Station | None = None,
    companions: tuple[str, ...] = (),
    now: datetime | None = None,
) -> Visit:
    """A booked visit of the tie, at the facility's first station unless another is given.

    `starts_at` is by default the moment of the cast's clock: due now. `now` is when it was booked.
    """
    inmate = approved.inmate
    if inmate is None:
        raise ValueError("a visit needs a tie whose inmate is known")
    booked_at = now or starts_at - timedelta(days=2)
    visit = Visit.objects.create(
        facility=approved.facility,
        inmate=inmate,
        station=station or approved.facility.stations.order_by("number")[0],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        state="booked",
        held_until=booked_at + timedelta(minutes=10),
        created_at=booked_at,
        booked_at=booked_at,
        rules_accepted_at=booked_at,
        booked_by=approved.visitor.subject,
    )
    VisitPerson.objects.create(
        visit=visit, visitor=approved.visitor, tie=approved, name=approved.visitor.name, is_host=True
    )
    VisitPerson.objects.bulk_create([VisitPerson(visit=visit, name=name) for name in companions])
    _claim(visit, approved, inmate)
    Attendance.objects.bulk_create([Attendance(visit=visit, side=side) for side in ("visitor", "inmate")])
    return visit


def _claim(visit: Visit, approved: Tie, inmate: Inmate) -> None:
    """What the visit takes: 5-minute cells (the station's include the buffer) and one unit of the week."""
    cells = (visit.ends_at - visit.starts_at) // CELL
    with_buffer = cells + visit.buffer_minutes // 5
    taken = [
        (Claim.Kind.STATION, visit.station_id, with_buffer),
        (Claim.Kind.INMATE, inmate.pk, cells),
        (Claim.Kind.VISITOR, approved.visitor_id, cells),
    ]
    rows = [
        Claim(kind=kind, subject=pk, cell=visit.starts_at + CELL * n, visit=visit)
        for kind, pk, count in taken
        for n in range(count)
    ]
    Claim.objects.bulk_create(rows)
    day = visit.starts_at.astimezone(zone_of(visit.facility)).date()
    LedgerEntry.objects.create(
        facility=visit.facility,
        inmate=inmate,
        tie=approved,
        visit=visit,
        week=day - timedelta(days=day.weekday()),
        kind=LedgerEntry.Kind.USED,
        units=-1,
        reason="booked",
        at=visit.created_at,
    )


def on_duty(staff: Staff, facility: Facility, *, now: datetime = THURSDAY) -> None:
    """The officer has begun a shift: without one nobody watches."""
    from besuk.flow.oversight.models import Shift

    Shift.objects.create(staff=staff, facility=facility, started_at=now)


def call_ready(visit: Visit, *, now: datetime = THURSDAY) -> Call:
    """A prepared call: both sides are ready, nobody has joined, nobody is admitted."""
    from besuk.flow.live.actions import prepare

    Attendance.objects.filter(visit=visit).update(state="ready", arrived_at=now, ready_at=now)
    return prepare(visit_ref=visit.ref, actor=SYSTEM, now=now)
