"""Reading the inbox."""

from dataclasses import dataclass
from datetime import datetime

from besuk.ground.notices.models import Notice
from besuk.ground.notices.templates import render


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One notice in the reader's language."""

    title: str
    body: str
    at: datetime
    facility: str
    zone: str
    is_new: bool


def inbox(recipient_subject: str, limit: int = 50) -> list[InboxLine]:
    """The newest notices of this person, rendered in the active language."""
    rows = Notice.objects.filter(recipient=recipient_subject).select_related("facility").order_by("-created_at", "-pk")
    return [_line(notice) for notice in rows[:limit]]


def _line(notice: Notice) -> InboxLine:
    text = render(notice.template, notice.values)
    new = notice.read_at is None
    return InboxLine(text.title, text.body, notice.created_at, notice.facility.name, notice.facility.zone, new)


def unread(recipient_subject: str) -> int:
    """How many notices this person has not seen."""
    return Notice.objects.filter(recipient=recipient_subject, read_at__isnull=True).count()
