"""The load generator (media/load): people in calls who send recorded pictures and sound, as one child process."""

import json
import queue
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from besuk.ground.kernel import clock
from tools.build import load_binary, load_media

WITHIN_S = 30.0


class Load:
    """Orders to the generator, and what it says. Names of people are ours to choose."""

    def __init__(self) -> None:
        """Raises RuntimeError where set-up has not built it."""
        if not load_binary().exists():
            raise RuntimeError("no load generator: run `python3 -m tools.setup load`")
        command = [str(load_binary()), "-media", str(load_media())]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.failed: list[str] = []
        self._orders: dict[str, dict[str, Any]] = {}
        self._inside: set[str] = set()
        self._gone: set[str] = set()
        self._news: dict[str, dict[str, float]] = {}
        self._counts: queue.Queue[dict[str, Any]] = queue.Queue()
        self._changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def join(
        self,
        name: str,
        url: str,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        publish: bool = False,
        low: bool = False,
    ) -> None:
        """Somebody joins; `low` asks for everybody's small picture."""
        order = {"join": name, "url": url, "token": token, "headers": dict(headers or {})}
        self._orders[name] = {**order, "publish": publish, "low": low}
        self._say(self._orders[name])

    def leave(self, name: str) -> None:
        """Somebody leaves."""
        self._orders.pop(name, None)
        self._say({"leave": name})

    def come_back(self) -> list[str]:
        """Whoever was cut off or put out comes again, as a page does by itself. Who that was."""
        with self._changed:
            gone, self._gone = [name for name in self._gone if name in self._orders], set()
        for name in gone:
            self._say({"leave": name})
            self._say(self._orders[name])
        return gone

    def wait(self, event: str, names: Iterable[str], within_s: float = WITHIN_S) -> dict[str, float]:
        """Wait until `event` came from all; when it did (ms since 1970). Raises TimeoutError with who is missing."""
        wanted, until = set(names), clock.monotonic() + within_s
        with self._changed:
            while missing := wanted - self._news.get(event, {}).keys():
                if not self._changed.wait(max(0.0, until - clock.monotonic())):
                    raise TimeoutError(f"{event} did not come from {sorted(missing)[:5]}; failed: {self.failed[:3]}")
            return {name: at for name, at in self._news[event].items() if name in wanted}

    def counts(self) -> dict[str, dict[str, dict[str, int]]]:
        """What reached each person from each other one (by identity): frames and packets of sound."""
        self._say({"count": True})
        found: dict[str, dict[str, dict[str, int]]] = self._counts.get(timeout=WITHIN_S)
        return found

    def end(self) -> None:
        """Everybody is gone at once."""
        self.process.kill()
        self.process.wait()

    def _say(self, order: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            news = json.loads(line)
            if news["event"] == "counts":
                self._counts.put(news.get("people", {}))
                continue
            with self._changed:
                self._news.setdefault(news["event"], {}).setdefault(news["name"], news["at_ms"])
                if news["event"] in {"failed", "put_out"}:
                    self.failed.append(f"{news['name']}: {news.get('why')}")
                self._follow(news["event"], news["name"])
                self._changed.notify_all()

    def _follow(self, event: str, name: str) -> None:
        """Who is inside. Trouble of somebody inside is no going: their socket says when it closes."""
        if event == "joined":
            self._inside.add(name)
        elif event == "left" or (event == "failed" and name not in self._inside):
            self._inside.discard(name)
            self._gone.add(name)


@contextmanager
def load() -> Iterator[Load]:
    """A generator for the block."""
    crowd = Load()
    try:
        yield crowd
    finally:
        crowd.end()
