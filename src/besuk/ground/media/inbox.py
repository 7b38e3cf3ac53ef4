"""The inbox of the media server's reports: kept first, handled once, by event id.

LiveKit sends again after 1, 2, 4, 8 seconds when we do not answer, so the same report may come twice.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from besuk.ground.kernel.unit import unit
from besuk.ground.media.events import MediaEvent
from besuk.ground.media.models import RawMediaEvent


def keep(event: MediaEvent, body: bytes, *, now: datetime) -> bool:
    """Keep the report as it came. False when it is already here."""
    kept = {"room": event.room, "received_at": now, "body": body.decode(errors="replace")}
    with unit():
        _, new = RawMediaEvent.objects.get_or_create(event_id=event.event_id, defaults=kept)
    return new


def handle(event: MediaEvent, handler: Callable[[MediaEvent], None], *, now: datetime) -> bool:
    """Run `handler` once for a kept report, in one transaction with the mark that it is done.

    False when somebody else handled it. When the handler raises, the report stays open with the
    error beside it, and the exception goes on.
    """
    try:
        with unit():
            mine = RawMediaEvent.objects.filter(event_id=event.event_id, handled_at=None)
            if mine.update(handled_at=now, error="") != 1:
                return False
            handler(event)
    except Exception as error:
        RawMediaEvent.objects.filter(event_id=event.event_id, handled_at=None).update(error=repr(error)[:300])
        raise
    return True


def unhandled(*, limit: int = 100) -> Sequence[RawMediaEvent]:
    """Reports that nobody has handled, oldest first (the keeper takes them up again)."""
    return list(RawMediaEvent.objects.filter(handled_at=None).order_by("received_at", "pk")[:limit])
