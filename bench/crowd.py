"""A busy prison: a running demo, and so many calls that are live at once, by people without browsers.

Parties and officers are small clients (`bench/people.py`), their pictures and sound the load generator's,
and everything goes through the product's own doors: sockets, door, acts, media server.
"""

import asyncio
import json
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from bench.load import Load, load
from bench.people import Address, Counts, Officer, Party
from besuk.ground.kernel import clock
from besuk.testing.site import Site, running_demo

LIVE_WITHIN_S = 60.0
COUNT_EVERY_S = 1.0
R = TypeVar("R")


class Crowd:
    """All clients of a site, in an event loop on a thread of its own. Use `crowd()`."""

    def __init__(self, site: Site, people: Load, told: dict[str, Any], officers: int) -> None:
        self.site, self.load, self.told = site, people, told
        self.counts: Counts = {}
        self.came_back: list[str] = []
        """Who was cut off and came again, in order."""
        refs = [call["ref"] for call in told["calls"]]
        self.parties = [party for call in told["calls"] for party in self._sides(call)]
        self.officers = [
            Officer(one["code"], self.as_officer(n), people, refs[n::officers])
            for n, one in enumerate(told["officers"][:officers])
        ]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._tasks: list[asyncio.Task[None]] = []

    def as_officer(self, number: int) -> Address:
        """The sign-in of one of the officers that were made."""
        return self._address(self.told["officers"][number]["session"])

    def _address(self, session: str) -> Address:
        return Address(self.site.port, f"besuk_session_{self.site.port}={session}")

    def _sides(self, call: dict[str, str]) -> tuple[Party, Party]:
        station = Address(self.site.port, f"besuk_station={call['station_key']}")
        visitor = Party(call["visitor"], self._address(call["visitor_session"]), self.load)
        return visitor, Party(call["inmate"], station, self.load)

    def start(self) -> None:
        """Everybody comes: control sockets first, then through the door."""
        self._thread.start()
        self.do(self._begin)

    def stop(self) -> None:
        """Everybody is gone."""
        if self._thread.is_alive():
            self.do(self._end)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)

    def do(self, work: Callable[[], Coroutine[Any, Any, R]]) -> R:
        """Run a coroutine function in the clients' loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result(60)

    def become_live(self, within_s: float = LIVE_WITHIN_S) -> float:
        """Wait until both sides of every call have an open floor; seconds it took. Raises TimeoutError."""
        began = clock.monotonic()
        while closed := [party.ref for party in self.parties if not party.state.get("floor")]:
            if clock.monotonic() > began + within_s:
                raise TimeoutError(f"not live: {closed[:6]} of {len(self.parties)}; {self.faults()[:4]}")
            pause(0.1)
        return clock.monotonic() - began

    def must_flow(self) -> None:
        """Raises RuntimeError unless pictures and sound of everybody reach everybody they should."""
        before = self.load.counts()
        pause(3.0)
        after = self.load.counts()
        for call in self.told["calls"]:
            for who, other in ((call["visitor"], call["inmate"]), (call["inmate"], call["visitor"])):
                if not _moved(before, after, who, other):
                    raise RuntimeError(f"{who} gets nothing of {other}: {after.get(who)}")

    def faults(self) -> list[str]:
        """What went wrong so far, at any client and in the load generator."""
        lines = [*(one.line for one in self.parties), *(one.line for one in self.officers)]
        return [fault for line in lines for fault in line.heard.faults] + self.load.failed

    async def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        runs = [*(one.run() for one in self.parties), *(one.run() for one in self.officers)]
        self._tasks = [loop.create_task(run) for run in runs]
        self._tasks.append(loop.create_task(self._count()))

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _count(self) -> None:
        """Officers' heartbeats say what reached them."""
        while True:
            with suppress(Exception):
                self.came_back += await asyncio.to_thread(self.load.come_back)
                self.counts = await asyncio.to_thread(self.load.counts)
                for officer in self.officers:
                    officer.learn(self.counts)
            await asyncio.sleep(COUNT_EVERY_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


def _moved(before: Counts, after: Counts, who: str, other: str) -> bool:
    old, new = before.get(who, {}).get(other, {}), after.get(who, {}).get(other, {})
    return all(new.get(kind, 0) > old.get(kind, 0) for kind in ("frames", "audio"))


def pause(seconds: float) -> None:
    """Let time pass."""
    threading.Event().wait(seconds)


@contextmanager
def crowd(
    calls: int, *, officers: int, spare_officers: int = 0, each: int = 8, minutes: int = 30, attention: int = 10
) -> Iterator[Crowd]:
    """A site with so many calls about to go live; `spare_officers` have sign-ins but no client.

    Call `start` and `become_live`. Before that nobody is on the line, which is idle.
    """
    wishes = {"calls": calls, "officers": officers + spare_officers, "each": each, "minutes": minutes}
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as site, load() as people:
        everybody = Crowd(site, people, _told(site, {**wishes, "attention": attention}), officers)
        try:
            yield everybody
        finally:
            everybody.stop()


def _told(site: Site, wishes: Mapping[str, int]) -> dict[str, Any]:
    done = site.run("besuk.testing.crowd", *(word for name, n in wishes.items() for word in (f"--{name}", str(n))))
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
