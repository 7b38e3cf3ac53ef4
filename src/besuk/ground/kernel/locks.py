"""One way to lock, and its law.

1. Lock what you consume, not what you free.
2. In rank order, and inside a rank by primary key: idempotency key, stations, inmates, visitors, ledger,
   visits, claims, call, audit chain heads.
3. Late, but before checking; each rank once in a transaction (asking again for what you hold is fine).
4. Every action that can change an answer of `may_talk` takes the same inmate and visitor locks as `book`.
5. A listener inside the transaction takes no lock left of those held; otherwise it goes through the outbox.

On SQLite a transaction is IMMEDIATE: the whole database is the lock. The order is checked all the
same, so that a mistake shows on the developer's machine and not first on PostgreSQL.
"""

from enum import IntEnum
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from besuk.ground.kernel.unit import current

M = TypeVar("M", bound=Model)


class Rank(IntEnum):
    """The order of locking, lowest first."""

    IDEMPOTENCY = 0
    STATION = 5
    """Only what closes a station and what books one in a single step: a hold is asked again when it is confirmed."""
    INMATE = 10
    VISITOR = 20
    LEDGER = 30
    VISIT = 40
    CLAIM = 50
    CALL = 60
    CHAIN = 90


class LockOrderError(RuntimeError):
    """Locks were asked for out of order: two transactions could wait for each other for ever."""


def lock(rank: Rank, rows: QuerySet[M]) -> list[M]:
    """Lock `rows` until the unit ends and return them fresh, by primary key.

    Without the key: foreign keys are checked at commit, after the chain head is locked, and must not wait for a row
    whose holder waits for that head. Two who lock a row still wait for each other.

    Raises LockOrderError when a higher rank is already held, RuntimeError outside a unit.
    """
    take_rank(rank)
    ordered = rows.order_by("pk")
    if connection.features.has_select_for_update:
        ordered = ordered.select_for_update(of=("self",), no_key=True)
    return list(ordered)


def take_rank(rank: Rank) -> None:
    """Note that a lock of `rank` is being taken. Raises LockOrderError out of order."""
    unit = current()
    if rank < unit.rank:
        held = Rank(unit.rank).name
        raise LockOrderError(f"{rank.name} asked for while {held} is held; see kernel/locks.py")
    unit.rank = max(unit.rank, int(rank))
