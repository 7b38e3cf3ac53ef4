"""An entry is written with the act, or not at all."""

from datetime import datetime

import pytest

from besuk.ground.audit import actions as audit
from besuk.ground.audit.models import Entry, EntryText
from besuk.ground.audit.queries import entries_about, entries_by
from besuk.ground.audit.tests.conftest import OFFICER
from besuk.ground.audit.verify import verify
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import unit


def test_it_needs_a_unit_of_work(facility: Facility, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        audit.record("call.note", facility_id=facility.pk, actor=OFFICER, about=facility, now=now)


def test_nothing_is_written_when_the_act_fails(facility: Facility, now: datetime) -> None:
    def act_that_fails() -> None:
        with unit():
            audit.record("call.note", facility_id=facility.pk, actor=OFFICER, about=facility, now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_that_fails()
    assert verify(facility).entries == 0


def test_it_says_who_did_what_to_what_from_where(log: Facility) -> None:
    entry = Entry.objects.filter(facility=log).order_by("number")[0]
    assert (entry.actor_kind, entry.actor_subject, entry.actor_role) == ("staff", "subject-of-officer", "supervisor")
    assert (entry.object_kind, entry.object_ref) == ("kernel.facility", "uji")
    assert entry.address == "192.0.2.7"


def test_free_text_stands_beside_the_chain(log: Facility) -> None:
    entry = Entry.objects.get(facility=log, number=3)
    assert "Suara" not in str(entry.data)
    assert EntryText.objects.get(entry=entry).words == "Suara kurang jelas."


def test_equal_texts_have_different_hashes(log: Facility, now: datetime) -> None:
    for _ in range(2):
        with unit():
            audit.record(
                "call.note", facility_id=log.pk, actor=OFFICER, about=log, now=now, words="Suara kurang jelas."
            )
    hashes = set(Entry.objects.exclude(text_hash="").values_list("text_hash", flat=True))
    assert len(hashes) == 3


def test_what_was_done_to_a_thing_can_be_read(log: Facility) -> None:
    lines = entries_about(log, [("kernel.facility", "uji")])
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6]
    assert {line.sentence for line in lines} == {"Catatan ditulis"}
    assert entries_about(log, [("kernel.facility", "lain")]) == []
    assert entries_about(log, []) == []


def test_what_a_person_did_can_be_read_newest_first(log: Facility) -> None:
    assert [line.number for line in entries_by(log, "subject-of-officer", limit=2)] == [6, 5]
    assert entries_by(log, "nobody") == []


def test_another_facility_cannot_be_read_through_this_one(log: Facility) -> None:
    other = Facility.objects.create(code="lain", name="Rutan Lain")
    assert entries_about(other, [("kernel.facility", "uji")]) == []
