"""The worker delivers, tidies, and survives a database that is away."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.db import OperationalError

from besuk.ground.kernel import outbox
from besuk.ground.kernel.models import IdempotencyKey, OutboxMessage
from besuk.ground.kernel.unit import unit
from besuk.run.worker import AFTER_FAILURE_S, BUSY_S, IDLE_S, Worker
from besuk.testing.clock import FixedClock

heard: list[str] = []


@dataclass(frozen=True)
class Rang:
    topic: ClassVar[str] = "test.worker_rang"
    who: str


def hear(event: Rang, now: datetime) -> None:
    heard.append(event.who)


@pytest.fixture
def on_duty(db: None, clock_at: FixedClock) -> Worker:
    outbox.listen_later(Rang, hear)
    heard.clear()
    return Worker(threading.Event())


def test_it_delivers_what_is_due_and_comes_back_at_once(on_duty: Worker, clock_at: FixedClock) -> None:
    with unit():
        outbox.emit(Rang("Siti"), clock_at.at)
    assert on_duty.once() == BUSY_S
    assert heard == ["Siti"]
    assert on_duty.once() == IDLE_S
    assert heard == ["Siti"]


def test_it_tidies_once_an_hour(on_duty: Worker, clock_at: FixedClock) -> None:
    def old() -> None:
        long_ago = clock_at.at - timedelta(days=30)
        IdempotencyKey.objects.create(actor_subject="x", action="y", key="z", body_hash="", created_at=long_ago)

    old()
    on_duty.once()
    assert not IdempotencyKey.objects.exists()
    old()
    on_duty.once()
    assert IdempotencyKey.objects.exists()
    clock_at.move(hours=1)
    on_duty.once()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_waited_for(
    on_duty: Worker, clock_at: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(now: datetime) -> int:
        raise OperationalError("disk full")

    with unit():
        outbox.emit(Rang("Budi"), clock_at.at)
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "deliver_due", away)
        assert on_duty.once() == AFTER_FAILURE_S
    assert OutboxMessage.objects.filter(done_at__isnull=True).count() == 1


def test_it_stops_when_asked(on_duty: Worker) -> None:
    on_duty.stop.set()
    on_duty.run()
    assert heard == []
