"""The worker's part: carry word of a notice through each channel, once each."""

from datetime import datetime

from django.utils import translation

from besuk.ground.kernel import outbox
from besuk.ground.notices.channels import Channel, ChannelDown, Word, chosen
from besuk.ground.notices.events import NoticeWritten
from besuk.ground.notices.models import Delivery, Notice
from besuk.ground.notices.templates import OUTWARD


def carry_outside(event: NoticeWritten, now: datetime) -> None:
    """Try every channel that has not carried it yet. Raises ChannelDown when one failed: the outbox tries again."""
    notice = Notice.objects.get(pk=event.notice_id)
    done = set(Delivery.objects.filter(notice=notice, ok=True).values_list("channel", flat=True))
    failed = [name for name, channel in chosen().items() if name not in done and not _carry(notice, name, channel, now)]
    if failed:
        raise ChannelDown(", ".join(failed))


def _carry(notice: Notice, name: str, channel: Channel, now: datetime) -> bool:
    with translation.override(notice.language):
        word = Word(notice.pk, notice.recipient, notice.language, translation.gettext(OUTWARD), now)
    try:
        channel.carry(word)
    except ChannelDown as down:
        Delivery.objects.create(notice=notice, channel=name, at=now, ok=False, detail=str(down)[:200])
        return False
    Delivery.objects.create(notice=notice, channel=name, at=now, ok=True)
    return True


def connect() -> None:
    """Called once at start-up."""
    outbox.listen_later(NoticeWritten, carry_outside)
