"""News for later: written in the transaction, delivered after it, at least once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol, TypeVar

from django.db import transaction
from django.db.models import Q

from besuk.ground.kernel.models import OutboxMessage
from besuk.ground.kernel.unit import current

MOST_TRIES = 12
CLAIM = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)


class Event(Protocol):
    """A frozen dataclass of JSON values with a dotted topic."""

    topic: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


E = TypeVar("E", bound=Event)
Handler = Callable[[Mapping[str, Any], datetime], None]

_later: dict[str, list[tuple[str, Handler]]] = {}
_at_once: dict[str, list[Callable[[Any, datetime], None]]] = {}


def emit(event: Event, now: datetime) -> None:
    """Tell listeners. In-transaction listeners run at once; one outbox row is written per later listener."""
    current()
    for listener in _at_once.get(event.topic, []):
        listener(event, now)
    for name, _ in _later.get(event.topic, []):
        OutboxMessage.objects.create(
            topic=f"{event.topic}>{name}",
            body=asdict(event),
            created_at=now,
            due_at=now,
        )


def listen_later(kind: type[E], listener: Callable[[E, datetime], None]) -> None:
    """Have the worker call `listener(event, now)` after the commit, until it succeeds."""
    names = {f.name for f in fields(kind)}

    def handle(body: Mapping[str, Any], now: datetime) -> None:
        listener(kind(**{k: v for k, v in body.items() if k in names}), now)

    name = f"{listener.__module__}.{listener.__qualname__}"
    known = _later.setdefault(kind.topic, [])
    if name not in [n for n, _ in known]:
        known.append((name, handle))


def listen_at_once(kind: type[E], listener: Callable[[E, datetime], None]) -> None:
    """Call `listener(event, now)` inside the transaction: both happen or neither."""
    known = _at_once.setdefault(kind.topic, [])
    if listener not in known:
        known.append(listener)


def deliver_due(now: datetime, limit: int = 50) -> int:
    """Deliver messages that are due; returns how many were tried. Called by the worker."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    open_ = OutboxMessage.objects.filter(free, due_at__lte=now, done_at__isnull=True, dead_at__isnull=True)
    due = list(open_.order_by("due_at", "pk")[:limit])
    return sum(_deliver(message, now) for message in due)


def _deliver(message: OutboxMessage, now: datetime) -> bool:
    mine = OutboxMessage.objects.filter(pk=message.pk, done_at__isnull=True).filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    )
    if mine.update(claimed_until=now + CLAIM, tries=message.tries + 1) != 1:
        return False
    topic, _, name = message.topic.partition(">")
    handler = dict(_later.get(topic, [])).get(name)
    try:
        if handler is None:
            raise LookupError(f"nobody listens as {name}")
        handler(message.body, now)
    except Exception as error:  # noqa: BLE001  any failure means: try again later, keep the raw story
        _failed(message, error, now)
    else:
        OutboxMessage.objects.filter(pk=message.pk).update(done_at=now, claimed_until=None)
    return True


def _failed(message: OutboxMessage, error: Exception, now: datetime) -> None:
    tries = message.tries + 1
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 12), LONGEST_WAIT)
    OutboxMessage.objects.filter(pk=message.pk).update(
        claimed_until=None,
        due_at=now + wait,
        dead_at=now if tries >= MOST_TRIES else None,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )


def sweep(now: datetime) -> int:
    """Delete delivered messages older than a week; dead ones stay for a person. Returns how many."""
    with transaction.atomic():
        return OutboxMessage.objects.filter(done_at__lt=now - timedelta(days=7)).delete()[0]
