"""One unit of work: a transaction that knows its lock order and what must be written at its end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction


@dataclass
class Unit:
    """The open transaction: the highest lock taken, and work to do just before it commits."""

    rank: int = -1
    before_commit: list[Callable[[], None]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)


_current: ContextVar[Unit | None] = ContextVar("besuk_unit", default=None)


def current() -> Unit:
    """The open unit. Raises RuntimeError outside one: a change without a transaction is a bug."""
    unit_now = _current.get()
    if unit_now is None:
        raise RuntimeError("this needs a unit of work: `with unit():`")
    return unit_now


def is_open() -> bool:
    """Whether a unit of work is open in this context."""
    return _current.get() is not None


@contextmanager
def unit() -> Iterator[Unit]:
    """Open a transaction, or join the open one. The outermost commits, after `before_commit`.

    An exception anywhere rolls all of it back, also when an inner unit raised and an outer one
    would have caught it: half an action is never kept.
    """
    joined = _current.get()
    if joined is not None:
        with transaction.atomic(savepoint=False):
            yield joined
        return
    opened = Unit()
    token = _current.set(opened)
    try:
        with transaction.atomic():
            yield opened
            for finish in opened.before_commit:
                finish()
    finally:
        _current.reset(token)
