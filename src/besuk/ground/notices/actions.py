"""Write a notice; the worker carries word of it outside."""

from collections.abc import Mapping
from datetime import datetime

from besuk.ground.kernel import outbox
from besuk.ground.kernel.unit import unit
from besuk.ground.notices.events import NoticeWritten
from besuk.ground.notices.models import Notice
from besuk.ground.notices.templates import Value, missing_values


def notify(
    *,
    facility_id: int,
    recipient_subject: str,
    template: str,
    values: Mapping[str, Value],
    now: datetime,
    language: str = "id",
) -> Notice:
    """Put a notice into the inbox of `recipient_subject`, and word of it into the outbox.

    `values` are JSON; moments as ISO text under names ending in `_at`, with `zone`. `language` is that of
    the word sent outside. Raises ValueError for an unknown template or a missing value: a mistake of ours.
    """
    try:
        missing = missing_values(template, values)
    except KeyError:
        raise ValueError(f"no such template: {template}") from None
    if missing:
        raise ValueError(f"{template} needs {', '.join(sorted(missing))}")
    with unit():
        notice = Notice.objects.create(
            facility_id=facility_id,
            recipient=recipient_subject,
            template=template,
            values=dict(values),
            language=language,
            created_at=now,
        )
        outbox.emit(NoticeWritten(notice.pk), now)
    return notice


def mark_read(*, recipient_subject: str, now: datetime) -> int:
    """Note that this person has seen the inbox; returns how many notices were new."""
    return Notice.objects.filter(recipient=recipient_subject, read_at__isnull=True).update(read_at=now)
