"""Reading calls: what runs now, what happened, where somebody's place is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import unconfirmed
from besuk.flow.live import rules, sentences
from besuk.flow.live.actions.enter import is_theirs
from besuk.flow.live.actions.hold import extra_of, spans_of
from besuk.flow.live.line_story import Figures, Stretch, figures, stretches
from besuk.flow.live.models import Call, Happening, Heartbeat, Participation
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.models import Facility

OPEN = ("prepared", "live")


@dataclass(frozen=True)
class LastWord:
    """What a page that comes too late is told."""

    role: str
    outcome: str


@dataclass(frozen=True)
class LiveCall:
    """A running call on the office board: no pictures."""

    call: Call
    state: str
    """prepared, live, or held."""
    holds: tuple[str, ...]
    officers: tuple[str, ...]
    inmate: str
    visitor: str
    minutes_left: int | None


@dataclass(frozen=True)
class Line:
    """One line of a visit's timeline. `outward` lines may be read by the family."""

    at: datetime
    code: str
    sentence: str
    who: str
    outward: bool
    side: str = ""
    """Whose act it was, where it was that of a side: visitor or inmate."""


def call_of(visit: Visit) -> Call | None:
    """The call of a visit, if there is one. One that was put off is none until it is prepared again."""
    return Call.objects.filter(visit=visit).exclude(state="put_off").first()


def participation_of(call: Call, actor: Actor) -> Participation | None:
    """The place of `actor` in the call; its ref makes the addresses of door and control socket."""
    seats = call.participations.filter(until__isnull=True) if call.state != "ended" else call.participations.all()
    return next((seat for seat in seats.order_by("-pk") if is_theirs(seat, actor)), None)


def running_at(station_pk: int) -> Call | None:
    """The running call of a station."""
    return Call.objects.select_related("visit").filter(station=station_pk, state__in=OPEN).first()


def ended_under(facility: Facility, staff_pk: int, since: datetime) -> list[Visit]:
    """Visits whose call this officer supervised and ended since then, and whose outcome nobody has stood by yet."""
    watched = Participation.objects.filter(staff=staff_pk, role="supervisor", call__ended_at__gt=since)
    return list(unconfirmed(facility).filter(pk__in=watched.values("call__visit")))


def last_word(participation_ref: str, actor: Actor) -> LastWord:
    """The end of a call for somebody who was in it.

    Raises Refused(NOT_IN_THIS_CALL), and Refused(CALL_NOT_OPEN) when the call is not over.
    """
    seat = Participation.objects.select_related("call").filter(ref=participation_ref).first()
    if seat is None or not is_theirs(seat, actor):
        raise refuse("NOT_IN_THIS_CALL")
    if seat.call.state != "ended":
        raise refuse("CALL_NOT_OPEN")
    return LastWord(seat.role, seat.call.outcome)


def live_now(facility: Facility, now: datetime) -> list[LiveCall]:
    """All calls that run at a facility, in the order of stations."""
    calls = Call.objects.filter(facility=facility, state__in=OPEN).select_related("visit__inmate", "station")
    return [_live(call, now) for call in calls.order_by("station__number")]


def watched_now(staff_pk: int) -> int:
    """How many running calls an officer watches."""
    seats = Participation.objects.filter(staff=staff_pk, role="supervisor", until__isnull=True)
    return seats.filter(call__state__in=OPEN).count()


def timeline(visit: Visit) -> list[Line]:
    """What happened, oldest first, in the reader's language. Officers appear by code."""
    lines = [Line(row.at, row.code, sentence, who, outward, row.side) for row in _happenings(visit)
             for sentence, who, outward in [sentences.of(row.code, row.side, row.data)]]  # fmt: skip
    booked = [] if visit.booked_at is None else [_booked(visit.booked_at)]
    return sorted([*booked, *_attendance(visit), *lines], key=lambda line: line.at)


def _booked(at: datetime) -> Line:
    sentence, who, outward = sentences.of("booked", "", {})
    return Line(at, "booked", sentence, who, outward)


def _attendance(visit: Visit) -> list[Line]:
    lines = []
    for row in visit.attendance.all():
        for code, at in (("arrived", row.arrived_at), ("ready", row.ready_at)):
            if at is not None:
                sentence, who, outward = sentences.of(code, row.side, {})
                lines.append(Line(at, code, sentence, who, outward, row.side))
    for ring in visit.ring_attempts.select_related("by"):
        sentence, who, outward = sentences.of("rung", "", {"officer": ring.by.code, "reached": ring.reached})
        lines.append(Line(ring.at, "rung", sentence, who, outward))
    return lines


def _happenings(visit: Visit) -> list[Happening]:
    return list(Happening.objects.filter(call__visit=visit).order_by("at", "pk"))


def _live(call: Call, now: datetime) -> LiveCall:
    spans = spans_of(call)
    holds = tuple(sorted({span.cause for span in spans if span.until is None}))
    watching = call.participations.filter(role="supervisor", until__isnull=True).select_related("staff")
    officers = tuple(sorted(seat.staff.code for seat in watching if seat.staff is not None))
    host = call.visit.host
    state = "held" if call.state == "live" and holds else call.state
    left = None
    if call.admitted_at is not None:
        length = call.visit.ends_at - call.visit.starts_at
        exact = rules.remaining(call.admitted_at, length, spans, now, call.latest_end, extra=extra_of(call))
        left = round(exact.total_seconds() / 60)
    return LiveCall(call, state, holds, officers, call.visit.inmate.name, host.name if host else "", left)


@dataclass(frozen=True)
class LineStory:
    """How one person's line was, oldest first."""

    place: Participation
    stretches: list[Stretch]
    figures: Figures


def line_stories(call: Call | None) -> list[LineStory]:
    """How the lines of both sides were, as long as it is kept; who was never on the line is left out."""
    places = Participation.objects.filter(call=call, role__in=["visitor", "inmate"]).order_by("pk")
    found = []
    for place in places.prefetch_related(Prefetch("heartbeats", Heartbeat.objects.order_by("at", "pk"))):
        samples = [(beat.at, beat.data) for beat in place.heartbeats.all()]
        if samples:
            found.append(LineStory(place, stretches(samples), figures(samples)))
    return found
