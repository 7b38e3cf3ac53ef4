"""A notice stands in the inbox at once; outside, only that there is news."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from besuk.ground.kernel import outbox
from besuk.ground.kernel.models import Facility, OutboxMessage
from besuk.ground.notices import channels
from besuk.ground.notices.actions import mark_read, notify
from besuk.ground.notices.channels import ChannelDown, Word
from besuk.ground.notices.models import Delivery, Notice
from besuk.ground.notices.queries import inbox, unread
from besuk.ground.notices.templates import OUTWARD, TEMPLATES, render

SITI = "subject-of-siti"
BOOKED = {"starts_at": "2026-12-03T02:20:00+00:00", "zone": "Asia/Jakarta", "inmate": "Yatno"}


@pytest.fixture
def facility(db: None) -> Facility:
    """A prison."""
    return Facility.objects.create(code="uji", name="Lapas Uji")


def tell(facility: Facility, now: datetime, **other: Any) -> Notice:
    """Tell Siti of her booking, with what is `other`."""
    given: dict[str, Any] = {"recipient_subject": SITI, "template": "visit_booked", "values": BOOKED, **other}
    return notify(facility_id=facility.pk, now=now, **given)


def test_it_stands_in_the_inbox_of_its_reader_only(facility: Facility, now: datetime) -> None:
    tell(facility, now)
    (line,) = inbox(SITI)
    assert line.title == "Kunjungan video sudah dipesan"
    assert line.body.startswith("Kamis, 3 Desember 2026, 09.20 WIB, dengan Yatno.")
    assert (line.facility, line.is_new) == ("Lapas Uji", True)
    assert inbox("somebody-else") == []


def test_it_is_read_in_the_language_of_the_moment(facility: Facility, now: datetime) -> None:
    tell(facility, now)
    with translation.override("en"):
        assert "Thursday, 3 December 2026, 09:20 WIB" in inbox(SITI)[0].body


def test_a_moment_is_told_in_the_zone_given() -> None:
    told = render("visit_soon", {"starts_at": "2026-12-03T02:20:00+00:00", "zone": "Asia/Jayapura"})
    assert told.body.startswith("Kamis, 3 Desember 2026, 11.20 WIT")


def test_the_newest_stands_first_and_reading_is_noted(facility: Facility, now: datetime) -> None:
    tell(facility, now)
    tell(facility, now + timedelta(minutes=1), template="visit_soon", values=BOOKED)
    assert next(line.title for line in inbox(SITI)) == "Kunjungan video Anda sebentar lagi"
    assert unread(SITI) == 2
    assert mark_read(recipient_subject=SITI, now=now) == 2
    assert unread(SITI) == 0
    assert not inbox(SITI)[0].is_new


def test_a_template_of_an_older_release_is_no_crash(facility: Facility, now: datetime) -> None:
    Notice.objects.create(facility=facility, recipient=SITI, template="gone", created_at=now)
    assert inbox(SITI)[0].title == OUTWARD


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"template": "nothing"}, "no such template"),
        ({"values": {"zone": "Asia/Jakarta"}}, "visit_booked needs inmate, starts_at"),
    ],
)
def test_a_mistake_of_ours_is_told_at_once(
    facility: Facility, now: datetime, other: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        tell(facility, now, **other)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_every_template_can_be_told_from_the_values_it_names(code: str) -> None:
    filled = {**BOOKED, "was_at": BOOKED["starts_at"]}
    values = {name: filled.get(name, "x") for name in TEMPLATES[code].needs}
    told = render(code, values)
    assert told.title
    assert "{" not in told.body


def carried(settings: Any) -> list[dict[str, Any]]:
    """Lines of the file channel."""
    path: Path = settings.BESUK_DATA_DIR / "notices.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_word_goes_out_only_after_the_commit_and_says_nothing(facility: Facility, now: datetime, settings: Any) -> None:
    settings.BESUK_NOTICE_CHANNELS = ["file"]
    notice = tell(facility, now)
    assert carried(settings) == []
    assert outbox.deliver_due(now) == 1
    (line,) = carried(settings)
    assert line == {"notice": notice.pk, "to": SITI, "language": "id", "text": OUTWARD, "at": now.isoformat()}
    assert Delivery.objects.get().ok


def test_without_channels_there_is_still_the_inbox(facility: Facility, now: datetime, settings: Any) -> None:
    settings.BESUK_NOTICE_CHANNELS = []
    tell(facility, now)
    outbox.deliver_due(now)
    assert len(inbox(SITI)) == 1
    assert OutboxMessage.objects.get().done_at == now


class Line:
    """A channel that can be cut."""

    def __init__(self) -> None:
        self.cut = True
        self.words: list[Word] = []

    def carry(self, word: Word) -> None:
        if self.cut:
            raise ChannelDown("no line")
        self.words.append(word)


def test_a_channel_that_is_down_is_tried_again_and_the_other_is_not(
    facility: Facility, now: datetime, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    first, second = Line(), Line()
    second.cut = False
    monkeypatch.setattr(channels, "known", lambda: {"first": first, "second": second})
    settings.BESUK_NOTICE_CHANNELS = ["first", "second"]
    tell(facility, now)
    outbox.deliver_due(now)
    assert (len(first.words), len(second.words)) == (0, 1)
    first.cut = False
    outbox.deliver_due(now + timedelta(seconds=5))
    assert (len(first.words), len(second.words)) == (1, 1)
    log = list(Delivery.objects.order_by("pk").values_list("channel", "ok", "detail"))
    assert log == [("first", False, "no line"), ("second", True, ""), ("first", True, "")]


def test_a_full_disk_is_a_channel_that_is_down(facility: Facility, now: datetime, settings: Any) -> None:
    settings.BESUK_NOTICE_CHANNELS = ["file"]
    settings.BESUK_DATA_DIR.parent.mkdir(parents=True, exist_ok=True)
    settings.BESUK_DATA_DIR.write_text("a file where the folder should be")
    tell(facility, now)
    outbox.deliver_due(now)
    assert not Delivery.objects.get().ok
    assert OutboxMessage.objects.get().done_at is None
    settings.BESUK_DATA_DIR.unlink()


def test_the_console_says_it(
    facility: Facility, now: datetime, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BESUK_NOTICE_CHANNELS = ["console"]
    tell(facility, now)
    outbox.deliver_due(now)
    assert f"to {SITI}: {OUTWARD}" in caplog.text
