"""Whatever is done to a log behind our back is found."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from besuk.ground.audit import actions as audit
from besuk.ground.audit import seal
from besuk.ground.audit.actions import checkpoint
from besuk.ground.audit.chain import START, link
from besuk.ground.audit.models import CannotBeDeleted, ChainHead, Entry, EntryText, Transition
from besuk.ground.audit.tests.conftest import OFFICER
from besuk.ground.audit.verify import stored_entries, verify
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import unit

Spoil = Callable[[], None]


def raw(facility: Facility) -> "QuerySet[Entry]":
    """The rows without our own protection, as somebody with a database shell has them."""
    return QuerySet(Entry).filter(facility=facility)


@pytest.fixture
def broken_seal(log: Facility) -> Facility:
    """The triggers are gone, as for an intruder who is the owner of the database."""
    seal.unseal(connection)
    return log


def test_an_untouched_log_is_unbroken(log: Facility) -> None:
    report = verify(log)
    assert report.ok
    assert report.entries == 6


def test_an_empty_log_is_unbroken(facility: Facility) -> None:
    report = verify(facility)
    assert (report.ok, report.entries) == (True, 0)


def test_two_facilities_have_two_chains(log: Facility, now: datetime) -> None:
    other = Facility.objects.create(code="lain", name="Rutan Lain")
    with unit():
        audit.record("call.note", facility_id=other.pk, actor=OFFICER, about=other, now=now)
        audit.record("call.note", facility_id=log.pk, actor=OFFICER, about=log, now=now)
    assert (verify(log).entries, verify(other).entries) == (7, 1)
    assert verify(log).ok
    assert verify(other).ok


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "call.warn"),
        ("actor_subject", "somebody-else"),
        ("actor_role", "head"),
        ("object_ref", "x"),
        ("data", {"number": 99}),
        ("purpose", "x"),
        ("address", "192.0.2.8"),
        ("request_id", "x"),
        ("text_hash", "0" * 64),
        ("previous", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_entry_is_found(broken_seal: Facility, field: str, value: object) -> None:
    raw(broken_seal).filter(number=4).update(**{field: value})
    assert 4 in {one.number for one in verify(broken_seal).breaks}


def test_a_changed_time_is_found(broken_seal: Facility, now: datetime) -> None:
    raw(broken_seal).filter(number=4).update(at=now + timedelta(days=1))
    assert [one.number for one in verify(broken_seal).breaks] == [4]


def test_a_removed_entry_is_found(broken_seal: Facility) -> None:
    raw(broken_seal).filter(number=4).delete()
    assert next(one.number for one in verify(broken_seal).breaks) == 5


def test_two_exchanged_entries_are_found(broken_seal: Facility) -> None:
    for before, after in ((4, 40), (5, 4), (40, 5)):
        raw(broken_seal).filter(number=before).update(number=after)
    assert {one.number for one in verify(broken_seal).breaks} >= {4, 5}


def test_an_inserted_entry_is_found(broken_seal: Facility) -> None:
    for number in (6, 5):
        raw(broken_seal).filter(number=number).update(number=number + 1)
    copy = raw(broken_seal).get(number=4)
    copy.pk, copy.number = None, 5
    copy.save(force_insert=True)
    assert {one.number for one in verify(broken_seal).breaks} >= {5}


def test_a_cut_tail_is_found_by_the_head(broken_seal: Facility) -> None:
    raw(broken_seal).filter(number__gte=5).delete()
    report = verify(broken_seal)
    assert not report.breaks
    assert not report.head_ok


def test_a_cut_tail_with_a_forged_head_is_found_by_a_checkpoint(broken_seal: Facility, now: datetime) -> None:
    checkpoint(now)
    raw(broken_seal).filter(number__gte=5).delete()
    last = raw(broken_seal).get(number=4)
    ChainHead.objects.filter(facility=broken_seal).update(number=4, hash=last.hash)
    assert not verify(broken_seal).head_ok


def test_a_chain_written_anew_is_found_by_a_checkpoint(broken_seal: Facility, now: datetime) -> None:
    checkpoint(now)
    previous = START
    for row in list(stored_entries(broken_seal)):
        forged = {**row, "actor_subject": "somebody-else", "previous": previous}
        forged["hash"] = link(previous, forged)
        raw(broken_seal).filter(number=row["number"]).update(
            actor_subject="somebody-else", previous=previous, hash=forged["hash"]
        )
        previous = forged["hash"]
    ChainHead.objects.filter(facility=broken_seal).update(hash=previous)
    report = verify(broken_seal)
    assert [(one.number, one.what) for one in report.breaks] == [(6, "is not what a signed checkpoint saw")]


def test_a_text_may_be_deleted_and_the_chain_holds(log: Facility) -> None:
    EntryText.objects.filter(entry__facility=log).delete()
    assert verify(log).ok


def test_a_changed_text_is_found(log: Facility) -> None:
    EntryText.objects.filter(entry__facility=log).update(words="Suara jelas.")
    assert [one.number for one in verify(log).breaks] == [3]


def test_the_application_refuses_to_change_or_delete(log: Facility) -> None:
    with pytest.raises(CannotBeDeleted):
        Entry.objects.filter(facility=log).delete()
    with pytest.raises(CannotBeDeleted):
        Entry.objects.filter(facility=log).update(code="x")
    with pytest.raises(CannotBeDeleted):
        raw(log).get(number=1).delete()


@pytest.mark.parametrize("table", ["audit_entry", "audit_transition"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET facility_id = facility_id"])
def test_the_database_refuses_to_change_or_delete(log: Facility, now: datetime, table: str, statement: str) -> None:
    Transition.objects.create(
        facility=log, kind="x", object_pk=1, verb="x", before="a", after="b", at=now, actor_subject=""
    )
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        connection.cursor().execute(statement.format(table))
    assert verify(log).ok


def test_missing_triggers_are_noticed(log: Facility) -> None:
    assert seal.is_sealed(connection)
    connection.cursor().execute(
        next(iter(seal._postgres_off() if connection.vendor == "postgresql" else seal._sqlite_off()))
    )
    assert not seal.is_sealed(connection)
    seal.seal(connection)
    assert seal.is_sealed(connection)
