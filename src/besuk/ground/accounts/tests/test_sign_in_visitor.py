"""A number and a PIN; nothing tells whether a number is known."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password

from besuk.ground.accounts.actions import set_visitor_pin, sign_in_visitor, who_knows
from besuk.ground.accounts.actions.sign_in_visitor import BY_PHONE
from besuk.ground.accounts.models import Visitor
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import PIN, Cast

SOMEBODY = replace(NOBODY, address="192.0.2.1")
FAMILY = "0812 3456 7801"


class CountingHasher(MD5PasswordHasher):
    """Counts how often something is hashed."""

    algorithm = "counted"
    count: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).count += 1
        return super().encode(password, salt)


def sign_in(now: datetime, phone: str = FAMILY, pin: str = PIN, ref: str = "") -> Visitor:
    """Try."""
    return sign_in_visitor(phone=phone, visitor_ref=ref, pin=pin, actor=SOMEBODY, now=now)


def codes(now: datetime, **other: str) -> tuple[str, ...]:
    """With what it is refused."""
    with pytest.raises(Refused) as refused:
        sign_in(now, **other)
    return refused.value.codes


def test_the_right_pin_signs_in(cast: Cast, now: datetime) -> None:
    assert sign_in(now, "0812-3456-7802") == cast.yosina


def test_those_who_share_number_and_pin_choose(cast: Cast, now: datetime) -> None:
    assert set(who_knows(phone=FAMILY, pin=PIN, actor=SOMEBODY, now=now)) == {cast.siti, cast.budi}
    assert codes(now) == ("CHOOSE_PERSON",)
    assert sign_in(now, ref=cast.budi.ref) == cast.budi


def test_with_an_own_pin_there_is_nothing_to_choose(cast: Cast, now: datetime) -> None:
    Visitor.objects.filter(pk=cast.budi.pk).update(pin_hash=make_password("732915"))
    assert sign_in(now) == cast.siti
    assert sign_in(now, pin="732915") == cast.budi


def test_somebody_elses_ref_does_not_help(cast: Cast, now: datetime) -> None:
    assert codes(now, ref=cast.yosina.ref) == ("SIGN_IN_FAILED",)


def test_unknown_number_wrong_pin_and_barred_person_look_the_same(cast: Cast, now: datetime) -> None:
    Visitor.objects.filter(pk=cast.outsider.pk).update(barred_at=now)
    answers = {
        codes(now, phone="0812 9999 9999"),
        codes(now, pin="999999"),
        codes(now, phone="0812 3456 7809"),
    }
    assert answers == {("SIGN_IN_FAILED",)}


def test_the_same_work_is_done_whatever_the_number_is(cast: Cast, now: datetime, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{CountingHasher.__module__}.CountingHasher", *settings.PASSWORD_HASHERS]
    Visitor.objects.update(pin_hash=make_password(PIN))
    work = []
    for phone in ("0812 9999 9999", "0812 3456 7802", FAMILY):
        before = CountingHasher.count
        codes(now, phone=phone, pin="999999")
        work.append(CountingHasher.count - before)
    assert work[0] == work[1] == work[2]


def test_tries_on_one_number_run_out_also_for_the_right_pin(cast: Cast, now: datetime) -> None:
    for _ in range(BY_PHONE.tries):
        codes(now, phone="0812 3456 7802", pin="999999")
    assert codes(now, phone="0812 3456 7802") == ("TOO_MANY_TRIES",)
    assert sign_in(now + timedelta(minutes=15), "0812 3456 7802") == cast.yosina


def test_an_unknown_number_runs_out_the_same_way(cast: Cast, now: datetime) -> None:
    for _ in range(BY_PHONE.tries):
        codes(now, phone="0812 9999 9999", pin="999999")
    assert codes(now, phone="0812 9999 9999") == ("TOO_MANY_TRIES",)


def test_a_number_that_is_none_is_told(cast: Cast, now: datetime) -> None:
    assert codes(now, phone="12") == ("PHONE_INVALID",)


def test_the_counter_gives_a_new_pin_and_it_is_noted(cast: Cast, now: datetime) -> None:
    desk = cast.lapas.actor("desk", now)
    set_visitor_pin(visitor=cast.yosina, pin="732915", facility_id=cast.lapas.facility.pk, actor=desk, now=now)
    assert sign_in(now, "0812 3456 7802", "732915") == cast.yosina
    assert codes(now, phone="0812 3456 7802") == ("SIGN_IN_FAILED",)
    entry = Entry.objects.get(code="visitor.pin_set")
    assert (entry.object_ref, entry.actor_subject) == (cast.yosina.subject, desk.subject)


def test_only_the_desk_gives_new_pins_and_no_weak_ones(cast: Cast, now: datetime) -> None:
    here = cast.lapas.facility.pk
    for site, role, pin, code in (
        (cast.lapas, "supervisor", "732915", "NOT_ALLOWED"),
        (cast.rutan, "desk", "732915", "NOT_ALLOWED"),
        (cast.lapas, "desk", "111111", "PIN_WEAK"),
    ):
        with pytest.raises(Refused) as refused:
            set_visitor_pin(visitor=cast.siti, pin=pin, facility_id=here, actor=site.actor(role, now), now=now)
        assert refused.value.codes == (code,)
    assert sign_in(now, ref=cast.siti.ref) == cast.siti
