"""The queue between the loop and the database: in order, never lost, nobody waits who closes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError

from besuk.flow.live.records import OwnThread, Records
from besuk.ground.kernel.errors import Refused, refuse

R = TypeVar("R")


class Shaky:
    """Fails as often as it is told."""

    def __init__(self) -> None:
        self.failures = 0

    async def run(self, work: Callable[[], R]) -> R:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise OperationalError("locked")
        return work()

    async def close(self) -> None:
        return


@pytest.fixture
def shaky() -> Shaky:
    return Shaky()


@pytest.fixture
async def records(shaky: Shaky) -> AsyncIterator[Records]:
    running = Records(shaky)
    running.start()
    yield running
    await running.stop()


async def test_what_is_recorded_later_is_tried_until_it_is_recorded(records: Records, shaky: Shaky) -> None:
    done: list[int] = []
    shaky.failures = 2
    records.later(lambda: done.append(1), "closing")
    await records.settled()
    assert done == [1]


async def test_an_opening_act_waits_for_all_closing_ones_before_it(records: Records, shaky: Shaky) -> None:
    done: list[str] = []
    shaky.failures = 1
    records.later(lambda: done.append("close"), "closing")
    await records.write(lambda: done.append("open"), "opening")
    assert done == ["close", "open"]


async def test_an_opening_act_is_not_tried_again(records: Records, shaky: Shaky) -> None:
    shaky.failures = 1
    done: list[int] = []
    with pytest.raises(Refused, match="MEDIA_UNAVAILABLE"):
        await records.write(lambda: done.append(1), "opening")
    await records.settled()
    assert done == []


async def test_a_refusal_is_final_and_the_queue_goes_on(records: Records) -> None:
    def refused() -> None:
        raise refuse("STATE_CHANGED")

    records.later(refused, "closing")
    with pytest.raises(Refused, match="STATE_CHANGED"):
        await records.write(refused, "opening")
    assert await records.write(lambda: 7, "next") == 7


async def test_a_mistake_of_ours_does_not_block_everything_behind_it(records: Records) -> None:
    def broken() -> None:
        raise KeyError("a bug")

    records.later(broken, "closing")
    assert await records.write(lambda: 7, "next") == 7


async def test_who_stops_waiting_does_not_undo_the_record(records: Records) -> None:
    done: list[int] = []
    waiting = asyncio.ensure_future(records.write(lambda: done.append(1), "opening"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await records.settled()
    assert done == [1]


async def test_a_read_does_not_stand_in_the_queue(records: Records, shaky: Shaky) -> None:
    shaky.failures = 1
    records.later(lambda: None, "closing")
    await asyncio.sleep(0.01)
    assert await asyncio.wait_for(records.read(lambda: 3), 0.05) == 3


async def test_stopping_gives_up_after_its_patience(shaky: Shaky) -> None:
    running = Records(shaky)
    running.start()
    shaky.failures = 1000
    running.later(lambda: None, "closing")
    await asyncio.wait_for(running.stop(patience_s=0.1), 1)


@pytest.mark.django_db(transaction=True)
async def test_the_calls_have_a_thread_of_their_own() -> None:
    import threading

    own = OwnThread()
    names = {await own.run(lambda: threading.current_thread().name) for _ in range(3)}
    await own.close()
    assert names == {"besuk-calls_0"}


@pytest.mark.django_db(transaction=True)
async def test_what_was_given_up_halfway_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database was locked while the work ran: whoever was told that it is not done is told the truth."""
    monkeypatch.setattr("besuk.flow.live.records.PROMPT_S", 0.2)
    running, heard = Records(OwnThread()), list[object]()
    running.start()

    def work(seconds: float) -> str:
        Session.objects.create(session_key=f"s{seconds}", session_data="", expire_date=datetime(2030, 1, 1, tzinfo=UTC))
        time.sleep(seconds)
        return "done"

    assert await running.write_promptly(partial(work, 0), "quick", heard.append) == "done"
    with pytest.raises(Refused, match="RECORD_BEHIND"):
        await running.write_promptly(partial(work, 0.6), "slow", heard.append)
    await running.settled()
    assert await running.read(lambda: list(Session.objects.values_list("session_key", flat=True))) == ["s0"]
    assert heard == ["done"]
    await running.stop()
