"""A station is needed for something else (a hearing by video): closed for a time, its visits cancelled."""

from collections.abc import Collection
from datetime import datetime

from besuk.flow.bookings.actions.cancel_rest import cancel_shown
from besuk.flow.bookings.queries import kept_at
from besuk.ground.accounts.capabilities import DESK_BOOK
from besuk.ground.audit.actions import record
from besuk.ground.facilities.models import Station
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.interval import Interval
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit
from besuk.ground.timetable.models import Closure


def take_station(
    *,
    station: Station,
    span: Interval,
    visit_refs: Collection[str],
    reason: str,
    key: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Close the station for `span` and cancel the visits in it, which must be those that were shown.

    Raises Refused(WORDS_MISSING), (SESSION_CLOSED) when it is closed then already, (VISIT_OVER) for a time that
    has passed, and (STATE_CHANGED) when somebody booked since, or sits there now.
    """
    actor.must(DESK_BOOK, station.facility_id)
    if not reason.strip():
        raise refuse("WORDS_MISSING")
    if span.end <= now:
        raise refuse("VISIT_OVER")
    with unit():
        body = f"{station.pk}|{span.start}|{span.end}|{sorted(visit_refs)}|{reason}"
        answer = once(actor, "station.take", key, body, now)
        if answer.result:
            return len(visit_refs)
        lock(Rank.STATION, Station.objects.filter(pk=station.pk))
        at_once = Closure.objects.filter(station=station, starts_at__lt=span.end, ends_at__gt=span.start)
        if at_once.exists():
            raise refuse("SESSION_CLOSED")
        Closure.objects.create(
            facility_id=station.facility_id,
            station=station,
            starts_at=span.start,
            ends_at=span.end,
            reason=reason.strip()[:200],
        )  # before the visits are cancelled: what is closed now is no choice for who gets a unit back
        cancel_shown(kept_at(station, span), visit_refs, reason.strip(), actor, now)
        data: dict[str, str | int] = {
            "from": span.start.isoformat(), "until": span.end.isoformat(), "visits": len(visit_refs),
        }  # fmt: skip
        record("station.taken", facility_id=station.facility_id, actor=actor, about=station, now=now, data=data,
               words=reason.strip())  # fmt: skip
        answered(answer, "done")
        return len(visit_refs)
