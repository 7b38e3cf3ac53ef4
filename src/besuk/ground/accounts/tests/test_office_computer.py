"""On a shared PC officers switch by code and PIN, so that nobody works under another's name."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from besuk.ground.accounts.actions import (
    pair_office_computer,
    revoke_office_computer,
    set_staff_pin,
    switch_staff_by_pin,
)
from besuk.ground.accounts.models import OfficeComputer, Staff
from besuk.ground.accounts.queries import computer_with
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import PIN, Cast

SOMEBODY = replace(NOBODY, address="192.0.2.1")


@pytest.fixture
def key(cast: Cast, now: datetime) -> str:
    """Of the PC at the counter of the Lapas."""
    desk = cast.lapas.actor("desk", now)
    _, made = pair_office_computer(facility_id=cast.lapas.facility.pk, name="Loket 1", actor=desk, now=now)
    return made


def switch(key: str, code: str, now: datetime, pin: str = PIN) -> Staff:
    """Try."""
    return switch_staff_by_pin(computer_key=key, staff_code=code, pin=pin, actor=SOMEBODY, now=now)


def test_pairing_is_noted_and_the_key_is_not_kept(cast: Cast, key: str) -> None:
    computer = OfficeComputer.objects.get()
    assert key not in str(computer.__dict__)
    assert computer_with(key) == computer
    assert Entry.objects.get().code == "computer.paired"


def test_only_staff_of_the_facility_pair_a_pc(cast: Cast, now: datetime) -> None:
    for actor in (cast.rutan.actor("desk", now), cast.lapas.actor("inspector", now), NOBODY):
        with pytest.raises(Refused) as refused:
            pair_office_computer(facility_id=cast.lapas.facility.pk, name="x", actor=actor, now=now)
        assert refused.value.codes == ("NOT_ALLOWED",)


def test_an_officer_switches_and_it_is_noted(cast: Cast, key: str, now: datetime) -> None:
    supervisor = cast.lapas.staff["supervisor"]
    assert switch(key, supervisor.code.lower(), now) == supervisor
    entry = Entry.objects.get(code="staff.signed_in")
    assert entry.object_ref == supervisor.subject
    assert entry.data["how"] == "pin"


def test_a_wrong_pin_is_refused_and_noted(cast: Cast, key: str, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        switch(key, cast.lapas.staff["supervisor"].code, now, "999999")
    assert refused.value.codes == ("STAFF_PIN_FAILED",)
    assert Entry.objects.filter(code="staff.sign_in_failed").count() == 1


def test_an_officer_of_another_facility_cannot_switch_here(cast: Cast, key: str, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        switch(key, cast.rutan.staff["desk"].code, now)
    assert refused.value.codes == ("STAFF_PIN_FAILED",)


def test_an_unknown_code_looks_the_same(cast: Cast, key: str, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        switch(key, "nobody", now)
    assert refused.value.codes == ("STAFF_PIN_FAILED",)


def test_without_a_pin_there_is_no_switching(cast: Cast, key: str, now: datetime) -> None:
    Staff.objects.update(pin_hash="")
    with pytest.raises(Refused):
        switch(key, cast.lapas.staff["desk"].code, now, "")


@pytest.mark.parametrize("other", ["", "x"])
def test_without_a_paired_pc_a_pin_is_worth_nothing(cast: Cast, now: datetime, other: str) -> None:
    with pytest.raises(Refused) as refused:
        switch(other, cast.lapas.staff["desk"].code, now)
    assert refused.value.codes == ("COMPUTER_NOT_PAIRED",)


def test_a_revoked_pc_is_worth_nothing(cast: Cast, key: str, now: datetime) -> None:
    computer = OfficeComputer.objects.get()
    revoke_office_computer(computer=computer, actor=cast.lapas.actor("head", now), now=now)
    with pytest.raises(Refused) as refused:
        switch(key, cast.lapas.staff["desk"].code, now)
    assert refused.value.codes == ("COMPUTER_NOT_PAIRED",)
    with pytest.raises(Refused) as refused:
        revoke_office_computer(computer=computer, actor=cast.lapas.actor("head", now), now=now)
    assert refused.value.codes == ("STATE_CHANGED",)


def test_tries_for_one_officer_run_out_and_others_go_on(cast: Cast, key: str, now: datetime) -> None:
    desk, head = cast.lapas.staff["desk"], cast.lapas.staff["head"]
    for _ in range(5):
        with pytest.raises(Refused):
            switch(key, desk.code, now, "999999")
    with pytest.raises(Refused) as refused:
        switch(key, desk.code, now)
    assert refused.value.codes == ("TOO_MANY_TRIES",)
    assert switch(key, head.code, now) == head
    assert switch(key, desk.code, now + timedelta(minutes=15)) == desk


def test_an_officer_sets_the_own_pin_only(cast: Cast, key: str, now: datetime) -> None:
    desk = cast.lapas.staff["desk"]
    set_staff_pin(staff=desk, pin="732915", actor=cast.lapas.actor("desk", now), now=now)
    assert switch(key, desk.code, now, "732915") == desk
    assert Entry.objects.filter(code="staff.pin_set").count() == 1
    with pytest.raises(Refused) as refused:
        set_staff_pin(staff=desk, pin="481526", actor=cast.lapas.actor("head", now), now=now)
    assert refused.value.codes == ("NOT_ALLOWED",)
    with pytest.raises(Refused) as refused:
        set_staff_pin(staff=desk, pin="123456", actor=cast.lapas.actor("desk", now), now=now)
    assert refused.value.codes == ("PIN_WEAK",)
