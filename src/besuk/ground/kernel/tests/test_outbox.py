"""News is written with the act and delivered after it, at least once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from besuk.ground.kernel import outbox
from besuk.ground.kernel.models import OutboxMessage
from besuk.ground.kernel.unit import unit

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class BellRang:
    """The news of these tests."""

    topic: ClassVar[str] = "tests.bell_rang"
    number: int


heard: list[int] = []
broken: list[bool] = []


def hear(event: BellRang, now: datetime) -> None:
    """A listener that can be made to fail."""
    if broken:
        raise OSError("no line")
    heard.append(event.number)


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    heard.clear()
    broken.clear()
    outbox.listen_later(BellRang, hear)
    yield
    outbox._later.pop(BellRang.topic)
    outbox._at_once.pop(BellRang.topic, None)


def ring(now: datetime, number: int = 1) -> None:
    """Tell the news."""
    with unit():
        outbox.emit(BellRang(number), now)


def test_it_needs_a_unit_of_work(now: datetime) -> None:
    with pytest.raises(RuntimeError):
        outbox.emit(BellRang(1), now)


def test_it_is_delivered_once_the_worker_comes(now: datetime) -> None:
    ring(now)
    assert heard == []
    assert outbox.deliver_due(now) == 1
    assert heard == [1]
    assert outbox.deliver_due(now) == 0
    assert heard == [1]


def test_nothing_is_told_when_the_act_fails(now: datetime) -> None:
    def fails() -> None:
        with unit():
            outbox.emit(BellRang(1), now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not OutboxMessage.objects.exists()


def test_a_failure_is_tried_again_later_each_time(now: datetime) -> None:
    broken.append(True)
    ring(now)
    outbox.deliver_due(now)
    message = OutboxMessage.objects.get()
    assert (message.tries, message.due_at - now, message.done_at) == (1, timedelta(seconds=5), None)
    assert message.last_error == "OSError: no line"
    assert outbox.deliver_due(now + timedelta(seconds=4)) == 0
    outbox.deliver_due(now + timedelta(seconds=5))
    message.refresh_from_db()
    assert message.due_at - now == timedelta(seconds=15)
    broken.clear()
    assert outbox.deliver_due(message.due_at) == 1
    assert heard == [1]


def test_after_twelve_failures_a_person_must_look(now: datetime) -> None:
    broken.append(True)
    ring(now)
    at = now
    for _ in range(outbox.MOST_TRIES):
        outbox.deliver_due(at)
        at = OutboxMessage.objects.get().due_at
    message = OutboxMessage.objects.get()
    assert message.dead_at is not None
    assert message.tries == outbox.MOST_TRIES
    broken.clear()
    assert outbox.deliver_due(at + timedelta(days=1)) == 0
    assert heard == []


def test_no_wait_is_longer_than_an_hour(now: datetime) -> None:
    broken.append(True)
    ring(now)
    OutboxMessage.objects.update(tries=outbox.MOST_TRIES - 2)
    outbox.deliver_due(now)
    assert OutboxMessage.objects.get().due_at - now == timedelta(hours=1)


def test_what_another_worker_has_claimed_is_left_alone_until_the_claim_ends(now: datetime) -> None:
    ring(now)
    OutboxMessage.objects.update(claimed_until=now + outbox.CLAIM)
    assert outbox.deliver_due(now) == 0
    assert outbox.deliver_due(now + outbox.CLAIM) == 1
    assert heard == [1]


def test_a_message_claimed_between_reading_and_taking_is_not_delivered(now: datetime) -> None:
    ring(now)
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(claimed_until=now + outbox.CLAIM)
    assert not outbox._deliver(message, now)
    assert heard == []


def test_news_nobody_listens_to_any_more_is_kept_with_the_reason(now: datetime) -> None:
    ring(now)
    known = outbox._later.pop(BellRang.topic)
    outbox.deliver_due(now)
    outbox._later[BellRang.topic] = known
    assert OutboxMessage.objects.get().last_error.startswith("LookupError: nobody listens as")


def test_an_at_once_listener_hears_inside_the_transaction(now: datetime) -> None:
    at_once: list[int] = []

    def hear_now(event: BellRang, now: datetime) -> None:
        at_once.append(event.number)

    outbox.listen_at_once(BellRang, hear_now)
    ring(now, 7)
    assert at_once == [7]


def test_listening_twice_is_hearing_once(now: datetime) -> None:
    outbox.listen_later(BellRang, hear)
    ring(now)
    outbox.deliver_due(now)
    assert heard == [1]


def test_the_sweeper_takes_the_delivered_of_last_week_and_leaves_the_dead(now: datetime) -> None:
    for number in (1, 2, 3):
        ring(now, number)
    first, second, _ = OutboxMessage.objects.order_by("pk")
    OutboxMessage.objects.filter(pk=first.pk).update(done_at=now - timedelta(days=8))
    OutboxMessage.objects.filter(pk=second.pk).update(dead_at=now - timedelta(days=8))
    assert outbox.sweep(now) == 1
    assert OutboxMessage.objects.count() == 2
