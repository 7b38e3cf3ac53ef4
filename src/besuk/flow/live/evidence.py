"""What the record says of a visit that is over: who was there, how long, what held, who ended it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Prefetch

from besuk.flow.bookings.models import Visit
from besuk.flow.live import rules
from besuk.flow.live.actions.hold import spans_of
from besuk.flow.live.models import Call, Happening

MINUTE = timedelta(minutes=1)
BY_US = ("no_supervisor", "technical", "recorder", "identity")


@dataclass(frozen=True)
class Proof:
    """The evidence about one visit, in whole minutes. Without a call there was no talk."""

    length: int
    talked: int = 0
    held_by_us: int = 0
    """Nobody watched, the line, the recorder, a face to check; where an officer paused as well, it counts here."""
    paused: int = 0
    """Held by an officer's pause alone."""
    ended_by: str = ""
    visitor_came: bool = False
    inmate_came: bool = False
    was_admitted: bool = False


def proofs_of(visits: Sequence[Visit]) -> dict[int, Proof]:
    """The evidence about each of these visits, by primary key, in a handful of queries."""
    ended = Happening.objects.filter(code="ended")
    calls = Call.objects.filter(visit__in=visits).select_related("visit")
    calls = calls.prefetch_related("holds", Prefetch("happenings", ended, to_attr="ends"))
    found = {call.visit_id: call for call in calls}
    came: dict[int, set[str]] = {}
    rows = Visit.objects.filter(pk__in=[one.pk for one in visits], attendance__arrived_at__isnull=False)
    for pk, side in rows.values_list("pk", "attendance__side"):
        came.setdefault(pk, set()).add(str(side))
    return {one.pk: _proof(one, found.get(one.pk), came.get(one.pk, set())) for one in visits}


def ended_by(call: Call) -> str:
    """Who ended a call, as its evidence has it."""
    end = call.happenings.filter(code="ended").order_by("-pk").first()
    return str(end.data.get("by", "")) if end else ""


def _proof(visit: Visit, call: Call | None, came: set[str]) -> Proof:
    length = round((visit.ends_at - visit.starts_at) / MINUTE)
    there = Proof(length, visitor_came="visitor" in came, inmate_came="inmate" in came)
    if call is None or call.ended_at is None:
        return there
    begin, end = call.admitted_at, call.ended_at
    ends: list[Happening] = getattr(call, "ends", [])
    there = replace(there, ended_by=str(ends[-1].data.get("by", "")) if ends else "")
    if begin is None:
        return there
    spans = spans_of(call)
    held = rules.held_for(spans, begin, end)
    by_us = rules.held_for([span for span in spans if span.cause in BY_US], begin, end)
    return replace(
        there,
        talked=round(rules.talked(spans, begin, end) / MINUTE),
        held_by_us=round(by_us / MINUTE),
        paused=round((held - by_us) / MINUTE),
        was_admitted=True,
    )
