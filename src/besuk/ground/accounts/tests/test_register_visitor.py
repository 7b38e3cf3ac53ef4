"""Somebody outside opens an account."""

import hashlib
from dataclasses import replace
from datetime import datetime

import pytest
from django.contrib.auth.hashers import check_password

from besuk.config.settings import PASSWORD_HASHERS
from besuk.ground.accounts.actions import register_visitor, sign_in_visitor
from besuk.ground.accounts.actions.register_visitor import BY_ADDRESS, _save
from besuk.ground.accounts.models import Visitor
from besuk.ground.accounts.queries import first_with_nik, nik_of, people_with_phone
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.models import IdempotencyKey

pytestmark = pytest.mark.django_db
NIK = "9971015507850001"
SOMEBODY = replace(NOBODY, address="192.0.2.1")


def register(now: datetime, **other: str) -> Visitor:
    """Siti registers, with what is `other`."""
    form = {"name": "Siti  Aminah", "honorific": "ibu", "phone": "0812 3456 7890", "nik": NIK, "pin": "481526"}
    return register_visitor(**{**form, "language": "id", **other}, actor=SOMEBODY, now=now)


def test_it_keeps_what_the_form_says(now: datetime) -> None:
    siti = register(now, language="en")
    siti.refresh_from_db()
    assert (siti.name, siti.honorific, siti.phone, siti.language) == ("Siti Aminah", "ibu", "+6281234567890", "en")
    assert siti.created_at == now


def test_the_nik_is_sealed_and_only_its_end_is_readable(now: datetime) -> None:
    siti = register(now, nik="9971 0155 0785 0001")
    assert nik_of(siti) == NIK
    assert siti.nik_last4 == "0001"
    row = Visitor.objects.filter(pk=siti.pk).values_list()[0]
    assert NIK not in str(row)
    assert NIK.encode() not in b"".join(bytes(one) for one in row if isinstance(one, bytes | memoryview))


def test_a_form_sent_twice_opens_one_account(now: datetime) -> None:
    assert register(now, key="k").pk == register(now, key="k").pk
    assert Visitor.objects.count() == 1
    with pytest.raises(Refused) as refused:
        register(now, key="k", pin="730416")
    assert refused.value.codes == ("SENT_BEFORE_DIFFERENTLY",)
    kept = str(IdempotencyKey.objects.values_list()[0])
    assert NIK not in kept
    assert hashlib.sha256(f"Siti Aminah|ibu|+6281234567890|{NIK}|481526".encode()).hexdigest() not in kept


def test_the_pin_is_hashed(now: datetime) -> None:
    siti = register(now)
    assert "481526" not in siti.pin_hash
    assert check_password("481526", siti.pin_hash)


def test_pins_are_hashed_with_argon2_at_full_cost(now: datetime) -> None:
    assert register(now).pin_hash.startswith("argon2$argon2id$")
    assert PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_everything_wrong_is_told_at_once(now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        register(now, name=" ", phone="1", nik="1", pin="111111", honorific="doctor")
    assert set(refused.value.codes) == {"NAME_MISSING", "PHONE_INVALID", "NIK_INVALID", "PIN_WEAK", "FORM_INCOMPLETE"}
    assert not Visitor.objects.exists()


def test_several_people_may_share_a_number(now: datetime) -> None:
    siti = register(now)
    budi = register(now, name="Budi", honorific="bapak", nik="9971011507150002", pin="732915")
    assert list(people_with_phone("+6281234567890")) == [siti, budi]


def test_a_nik_that_is_known_gets_the_same_answer_as_a_new_one(now: datetime) -> None:
    first = register(now)
    second = register(now, name="Orang Lain", phone="0813 9999 0000", pin="732915")
    assert second.pk != first.pk
    assert sign_in_visitor(phone="0813 9999 0000", pin="732915", actor=SOMEBODY, now=now) == second


def test_the_desk_sees_who_had_the_nik_first(now: datetime) -> None:
    first = register(now)
    second, third = register(now, name="Orang Lain"), register(now, name="Orang Ketiga")
    assert first_with_nik(first) is None
    assert first_with_nik(second) == first_with_nik(third) == first


def test_two_forms_with_one_nik_at_the_same_moment_make_one_first(now: datetime) -> None:
    first = register(now)
    late = Visitor(
        name="Orang Lain", honorific="ibu", phone="+6281", nik_sealed=b"", nik_index=first.nik_index, nik_last4="0001",
        created_at=now,
    )  # fmt: skip
    _save(late)
    assert late.duplicate_of == first


def test_one_address_cannot_register_without_end(now: datetime) -> None:
    for _ in range(BY_ADDRESS.tries):
        register(now)
    with pytest.raises(Refused) as refused:
        register(now)
    assert refused.value.codes == ("TOO_MANY_TRIES",)
