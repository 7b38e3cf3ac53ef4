"""The same form sent twice does its work once."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, take_rank
from besuk.ground.kernel.models import IdempotencyKey

KEPT = timedelta(days=7)


def once(actor: Actor, action: str, key: str, body: str, now: datetime) -> IdempotencyKey:
    """Claim `key` for this actor and action, first thing in the unit.

    Returns the row. Its `result` is empty when this is the first time (do the work, then call
    `answered`), and holds the first answer when it was done before. Raises
    Refused(SENT_BEFORE_DIFFERENTLY) when the same key came with another body, and
    Refused(FORM_INCOMPLETE) without a key. A refused action leaves no row, since its unit rolls back.
    """
    if not key or len(key) > 64:
        raise refuse("FORM_INCOMPLETE")
    take_rank(Rank.IDEMPOTENCY)
    body_hash = hashlib.sha256(body.encode()).hexdigest()
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                actor_subject=actor.subject, action=action, key=key, body_hash=body_hash, created_at=now
            )
    except IntegrityError:
        row = IdempotencyKey.objects.get(actor_subject=actor.subject, action=action, key=key)
    if row.body_hash != body_hash:
        raise refuse("SENT_BEFORE_DIFFERENTLY")
    return row


def answered(row: IdempotencyKey, result: str) -> None:
    """Store the answer that every repetition will get."""
    row.result = result
    row.save(update_fields=["result"])


def sweep(now: datetime) -> int:
    """Delete keys older than `KEPT`; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()[0]
