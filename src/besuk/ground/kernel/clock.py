"""The only place that reads time.

Two kinds, never mixed: `now()` says *when* (aware UTC, for records, shown to people, may jump when
an administrator corrects the clock) and `monotonic()` says *how long* (seconds, never goes back; for
presence, leases and time-outs).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Source(Protocol):
    """Where time comes from: the machine, or a fixed clock in tests."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class MachineClock:
    """The machine's own time, moved by a fixed offset where a demo plays another date."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def monotonic(self) -> float:
        return time.monotonic()


_source: Source = MachineClock()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source.now()


def monotonic() -> float:
    """Seconds on a clock that never goes back; only differences mean anything."""
    return _source.monotonic()


def install(source: Source) -> None:
    """Make `source` the process's clock (start-up: a demo at another date)."""
    global _source  # noqa: PLW0603  one clock a process is the point
    _source = source


@contextmanager
def installed(source: Source) -> Iterator[None]:
    """Use `source` inside the block (tests)."""
    before = _source
    install(source)
    try:
        yield
    finally:
        install(before)
