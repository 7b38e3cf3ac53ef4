"""Rate limits as token buckets in the database, so that they hold over all processes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.models import RateBucket


@dataclass(frozen=True)
class Limit:
    """At most `tries` at once, all of them back after `per`."""

    tries: int
    per: timedelta


def take(key: str, limit: Limit, now: datetime) -> None:
    """Use up one try. Raises Refused(TOO_MANY_TRIES) with the wait in minutes when none is left."""
    with transaction.atomic():
        bucket, _ = RateBucket.objects.select_for_update().get_or_create(
            key=key[:120], defaults={"tokens": float(limit.tries), "updated_at": now}
        )
        tokens = refilled(bucket.tokens, bucket.updated_at, now, limit)
        if tokens < 1:
            wait = (1 - tokens) * limit.per / limit.tries
            raise refuse("TOO_MANY_TRIES", minutes=max(1, round(wait.total_seconds() / 60)))
        bucket.tokens, bucket.updated_at = tokens - 1, now
        bucket.save(update_fields=["tokens", "updated_at"])


def give_back(key: str, limit: Limit, now: datetime) -> None:
    """All tries are there again: whoever used them up was right in the end. Harmless when none was used."""
    RateBucket.objects.filter(key=key[:120]).update(tokens=float(limit.tries), updated_at=now)


def refilled(tokens: float, updated_at: datetime, now: datetime, limit: Limit) -> float:
    """Tokens at `now`; a clock set back refills nothing."""
    passed = max((now - updated_at) / limit.per, 0.0)
    return min(float(limit.tries), tokens + passed * limit.tries)
