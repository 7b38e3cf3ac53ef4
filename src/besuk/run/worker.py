"""The worker: delivers what the outbox holds and tidies up. A process of its own, so that it never delays a call."""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connection

from besuk.flow.bookings import jobs as bookings
from besuk.flow.live import jobs as live
from besuk.ground.kernel import clock, idempotency, outbox

log = logging.getLogger(__name__)

IDLE_S = 0.5
BUSY_S = 0.02
AFTER_FAILURE_S = 5.0
SWEEP_EVERY_S = 3600.0

Sweep = Callable[[datetime], int]
SWEEPS: tuple[tuple[str, Sweep], ...] = (
    ("idempotency keys", idempotency.sweep),
    ("outbox", outbox.sweep),
    ("lapsed holds", bookings.run),
    ("samples of lines", live.forget_lines),
)


@dataclass
class Worker:
    """One worker. Several may run: each message is claimed before it is delivered."""

    stop: threading.Event
    swept_at: float | None = None

    def run(self) -> None:
        """Work until `stop` is set. A database that is away is waited for."""
        while not self.stop.is_set():
            self.stop.wait(self.once())

    def once(self) -> float:
        """One round; returns how long to pause before the next, in seconds."""
        try:
            close_old_connections()
            tried = outbox.deliver_due(clock.now())
            self._sweep_when_due()
        except DatabaseError:
            log.exception("the database is away; the worker waits")
            connection.close()
            return AFTER_FAILURE_S
        return BUSY_S if tried else IDLE_S

    def _sweep_when_due(self) -> None:
        seconds = clock.monotonic()
        if self.swept_at is not None and seconds - self.swept_at < SWEEP_EVERY_S:
            return
        self.swept_at = seconds
        for name, sweep in SWEEPS:
            log.info("%s: %s removed", name, sweep(clock.now()))


def run_worker() -> None:
    """Run in this process until SIGTERM or Ctrl-C."""
    stop = threading.Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda *_: stop.set())
    Worker(stop).run()
