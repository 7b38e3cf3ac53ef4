"""A small tree of processes under one parent: start, restart what dies, end all. No Django.

`besuk serve` and `besuk demo` run the guard in the parent, so the parent must stay light and alive.
Children cannot outlive it (`ground/media/child.py`).
"""

import asyncio
import logging
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from besuk.ground.media.child import start_child

log = logging.getLogger(__name__)

LOOK_S = 0.1
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
SETTLED_S = 30.0
"""A child that ran this long has settled: its next death is a first one again."""


@dataclass(frozen=True)
class Program:
    """What to run. `stop_signals` are sent one after the other until it obeys; then it is killed."""

    name: str
    command: Sequence[str]
    output: Path | None = None
    environment: Mapping[str, str] | None = None
    stop_signals: Sequence[signal.Signals] = (signal.SIGTERM,)
    stop_patience_s: float = 3.0


@dataclass
class _Running:
    program: Program
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    again_at: float = 0.0
    deaths: int = 0


@dataclass
class ProcessTree:
    """Starts its programs in order and keeps them running until `stop`."""

    programs: Sequence[Program]
    on_death: Callable[[str, int], None] | None = None
    """Told the name and exit code of a child that died by itself."""
    monotonic: Callable[[], float] = time.monotonic
    _running: dict[str, _Running] = field(default_factory=dict, init=False)

    def start(self) -> None:
        """Start everything, in order. Call from the main thread (see `start_child`)."""
        for program in self.programs:
            self._running[program.name] = running = _Running(program)
            self._start(running)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep everything running until `stop` is set, then end it all."""
        try:
            while not stop.is_set():
                self.look()
                try:
                    async with asyncio.timeout(LOOK_S):
                        await stop.wait()
                except TimeoutError:
                    continue
        finally:
            await self.stop()

    def look(self) -> None:
        """Notice deaths and start again what is due. The pause doubles with each early death."""
        now = self.monotonic()
        for running in self._running.values():
            code = running.child.poll() if running.child else None
            if running.child is not None and code is not None:
                self._died(running, code, now)
            if running.child is None and now >= running.again_at:
                self._start(running)

    def pid(self, name: str) -> int | None:
        """The process id of a child that runs now."""
        running = self._running.get(name)
        return running.child.pid if running and running.child else None

    def kill(self, name: str) -> None:
        """Kill a child now (SIGKILL); it is started again like one that died."""
        running = self._running[name]
        if running.child is not None:
            running.child.kill()

    async def stop(self) -> None:
        """End every child, last started first asked; what does not obey is killed. Never leaves one."""
        alive = [running for running in reversed(self._running.values()) if running.child is not None]
        await asyncio.gather(*(_end(running) for running in alive))

    def _start(self, running: _Running) -> None:
        program = running.program
        running.child = start_child(program.command, output=program.output, environment=program.environment)
        running.started_at = self.monotonic()
        log.info("%s started (%s)", program.name, running.child.pid)

    def _died(self, running: _Running, code: int, now: float) -> None:
        running.child = None
        running.deaths = 1 if now - running.started_at >= SETTLED_S else running.deaths + 1
        pause = min(FIRST_PAUSE_S * 2 ** (running.deaths - 1), LONGEST_PAUSE_S)
        running.again_at = now + pause
        log.error("%s died (%s), starts again in %.1f s", running.program.name, code, pause)
        if self.on_death is not None:
            self.on_death(running.program.name, code)


async def _end(running: _Running) -> None:
    child, program = running.child, running.program
    if child is None:
        return
    for wish in program.stop_signals:
        if child.poll() is None:
            child.send_signal(wish)
            await _gone(child, program.stop_patience_s / len(program.stop_signals))
    if child.poll() is None:
        log.error("%s does not obey: killing it", program.name)
        child.kill()
    child.wait()
    running.child = None


async def _gone(child: subprocess.Popen[bytes], patience_s: float) -> None:
    """Wait until the child is gone, about `patience_s` seconds at most."""
    for _ in range(int(patience_s * 100)):
        if child.poll() is not None:
            return
        await asyncio.sleep(0.01)
