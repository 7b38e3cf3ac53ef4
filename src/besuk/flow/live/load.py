"""Building stages from the database: at start-up, and for calls that others prepared or ended."""

from collections.abc import Collection

from besuk.flow.bookings.models import Visit, VisitPerson
from besuk.flow.checkin.models import Attendance
from besuk.flow.live.actions.hold import extra_of, spans_of
from besuk.flow.live.models import Call, Participation
from besuk.flow.live.privilege import privileged_among, supervised
from besuk.flow.live.stage import Seat, Stage
from besuk.ground.facilities.queries import policy_of
from besuk.ground.kernel.actor import Kind

OPEN = ("prepared", "live")


def open_calls() -> tuple[list[str], set[str]]:
    """Names of all calls that are ours to conduct and not over, and the rooms of all that are not over.

    Privileged calls are not ours: nobody may watch them.
    """
    calls = list(Call.objects.filter(state__in=OPEN).order_by("pk"))
    privileged = privileged_among(calls)
    return [call.ref for call in calls if call.pk not in privileged], {call.room for call in calls}


def states_of(refs: Collection[str]) -> dict[str, tuple[str, str]]:
    """State and outcome of calls by name."""
    rows = Call.objects.filter(ref__in=refs).values_list("ref", "state", "outcome")
    return {ref: (state, outcome) for ref, state, outcome in rows}


def attendance_of(visit_refs: Collection[str]) -> dict[tuple[str, str], str]:
    """State of attendance by visit and side."""
    rows = Attendance.objects.filter(visit__ref__in=visit_refs).values_list("visit__ref", "side", "state")
    return {(visit, side): state for visit, side, state in rows}


def sensitive_among(visit_refs: Collection[str]) -> set[str]:
    """Which of these visits want two supervisors."""
    return set(Visit.objects.filter(ref__in=visit_refs, sensitive=True).values_list("ref", flat=True))


def marks_of(call: Call, host: VisitPerson | None) -> tuple[str, ...]:
    """What an officer should know from the start: the first call of this tie, a child among the people."""
    met = Call.objects.filter(visit__people__tie=host.tie, admitted_at__isnull=False) if host and host.tie else None
    first = met is not None and not met.exclude(pk=call.pk).exists()
    child = call.visit.people.filter(is_child=True).exists()
    return tuple(code for code, holds in (("first_call", first), ("child", child)) if holds)


def counted_in(call: Call) -> int | None:
    """How many people an officer counted last on the visitor's side; None when nobody did."""
    last = call.happenings.filter(code="people_counted").order_by("pk").last()
    return int(last.data["count"]) if last else None


def inattentive_in(call: Call) -> frozenset[str]:
    """Codes of officers whose last attention check in this call was missed, and not made good by their PIN."""
    codes = ("attention_missed", "attention_confirmed")
    rows = call.happenings.filter(code__in=codes).order_by("pk").values_list("code", "data")
    last = {str(data.get("officer", "")): code for code, data in rows}
    return frozenset(officer for officer, code in last.items() if code == "attention_missed")


def load(call_ref: str) -> Stage | None:
    """The stage of an open call; None when it is over, unknown, or privileged."""
    related = ("visit__inmate", "station", "facility")
    call = Call.objects.select_related(*related).filter(ref=call_ref, state__in=OPEN).first()
    proof = supervised(call) if call is not None else None
    if call is None or proof is None:
        return None
    visit = call.visit
    host = visit.people.select_related("tie", "visitor").filter(is_host=True).first()
    stage = Stage(
        pk=call.pk,
        ref=call.ref,
        facility_id=call.facility_id,
        visit_ref=visit.ref,
        supervised=proof,
        station=str(call.station),
        starts_at=visit.starts_at,
        length=visit.ends_at - visit.starts_at,
        latest_end=call.latest_end,
        inmate_name=visit.inmate.call_name or visit.inmate.name,
        visitor_name=host.name if host else "",
        attention_s=60.0 * policy_of(call.facility_id).attention_minutes,
        relation=str(host.tie.relation) if host and host.tie else "",
        state=call.state,
        admitted_at=call.admitted_at,
        people=visit.people.count(),
        counted=counted_in(call),
    )
    stage.spans, stage.extra = spans_of(call), extra_of(call)
    stage.inattentive = inattentive_in(call)
    stage.marks, stage.sensitive = marks_of(call, host), visit.sensitive
    stage.attendance = {side: state for (_, side), state in attendance_of([visit.ref]).items()}
    seats = call.participations.select_related("visitor", "station", "staff").filter(until__isnull=True)
    stage.seats = {row.ref: seat_of(row, stage) for row in seats.order_by("pk")}
    return stage


def seat_of(row: Participation, stage: Stage) -> Seat:
    """A participation as the stage keeps it."""
    owner: tuple[Kind, int]
    if row.visitor is not None:
        owner, label = ("visitor", row.visitor.pk), stage.visitor_name
    elif row.staff is not None:
        owner, label = ("staff", row.staff.pk), row.staff.code
    else:
        owner, label = ("station", row.station_id or 0), stage.inmate_name
    ejected, muted = row.ejected_at is not None, row.muted_at is not None
    return Seat(row.ref, row.role, owner, label, ejected=ejected, muted=muted)
