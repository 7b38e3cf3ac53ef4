"""The authenticator app: enrolled with a first code, asked for, never the same code twice."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from besuk.ground.accounts.actions import (
    confirm_authenticator,
    offer_authenticator,
    offered_address,
    prove_second_factor,
)
from besuk.ground.accounts.models import RecoveryCode, SecondFactor, Staff
from besuk.ground.accounts.queries import factor_of
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast

SOMEBODY = replace(NOBODY, address="192.0.2.1")


def app(address: str, at: datetime) -> str:
    """What an authenticator app shows at that moment, knowing only the QR code."""
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


@pytest.fixture
def officer(cast: Cast) -> Staff:
    """Somebody without a second factor."""
    return cast.lapas.staff["desk"]


@pytest.fixture
def address(officer: Staff, now: datetime) -> str:
    """The officer's QR code, in force."""
    told = offer_authenticator(staff=officer, now=now)
    confirm_authenticator(staff=officer, code=app(told, now), actor=SOMEBODY, now=now)
    return told


def prove(officer: Staff, code: str, at: datetime) -> str:
    """Try a code."""
    return prove_second_factor(staff=officer, code=code, actor=SOMEBODY, now=at)


def test_it_is_in_force_only_after_a_first_right_code(officer: Staff, now: datetime) -> None:
    told = offer_authenticator(staff=officer, now=now)
    assert factor_of(officer) is None
    with pytest.raises(Refused):
        confirm_authenticator(staff=officer, code="000000", actor=SOMEBODY, now=now)
    assert factor_of(officer) is None
    codes = confirm_authenticator(staff=officer, code=app(told, now), actor=SOMEBODY, now=now)
    assert factor_of(officer) is not None
    assert len(set(codes)) == 10


def test_the_address_of_an_offer_can_be_shown_again_until_it_is_in_force(officer: Staff, now: datetime) -> None:
    told = offer_authenticator(staff=officer, now=now)
    assert offered_address(officer) == told
    confirm_authenticator(staff=officer, code=app(told, now), actor=SOMEBODY, now=now)
    assert offered_address(officer) is None
    with pytest.raises(Refused):
        offer_authenticator(staff=officer, now=now)


def test_the_secret_is_sealed(officer: Staff, address: str) -> None:
    secret = base64.b32decode(parse_qs(urlsplit(address).query)["secret"][0])
    assert secret not in bytes(SecondFactor.objects.get(staff=officer).secret_sealed)


def test_the_code_of_the_moment_is_taken(officer: Staff, address: str, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    assert prove(officer, app(address, later), later) == "totp"
    assert prove(officer, "{} {}".format(*(app(address, later + timedelta(minutes=1))[i : i + 3] for i in (0, 3))),
                 later + timedelta(minutes=1)) == "totp"  # fmt: skip


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_phone_may_be_half_a_minute_off(officer: Staff, address: str, now: datetime, seconds: int) -> None:
    later = now + timedelta(minutes=5)
    assert prove(officer, app(address, later + timedelta(seconds=seconds)), later) == "totp"


@pytest.mark.parametrize("seconds", [-90, 90])
def test_an_old_or_future_code_is_refused(officer: Staff, address: str, now: datetime, seconds: int) -> None:
    later = now + timedelta(minutes=5)
    with pytest.raises(Refused):
        prove(officer, app(address, later + timedelta(seconds=seconds)), later)


def test_no_code_works_twice(officer: Staff, address: str, now: datetime) -> None:
    with pytest.raises(Refused):
        prove(officer, app(address, now), now)
    later = now + timedelta(minutes=5)
    prove(officer, app(address, later), later)
    with pytest.raises(Refused) as refused:
        prove(officer, app(address, later), later)
    assert refused.value.codes == ("SECOND_FACTOR_WRONG",)


def test_an_older_code_is_refused_after_a_newer_one(officer: Staff, address: str, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    prove(officer, app(address, later + timedelta(seconds=30)), later)
    with pytest.raises(Refused):
        prove(officer, app(address, later), later)


def test_a_recovery_code_works_once(officer: Staff, now: datetime) -> None:
    told = offer_authenticator(staff=officer, now=now)
    first, *_ = confirm_authenticator(staff=officer, code=app(told, now), actor=SOMEBODY, now=now)
    assert first not in set(RecoveryCode.objects.values_list("code_index", flat=True))
    assert prove(officer, first.upper().replace("-", ""), now) == "recovery"
    with pytest.raises(Refused):
        prove(officer, first, now)


def test_the_recovery_code_of_another_is_worth_nothing(cast: Cast, officer: Staff, address: str, now: datetime) -> None:
    other = cast.lapas.staff["head"]
    told = offer_authenticator(staff=other, now=now)
    codes = confirm_authenticator(staff=other, code=app(told, now), actor=SOMEBODY, now=now)
    with pytest.raises(Refused):
        prove(officer, codes[0], now)


def test_failures_are_noted_and_tries_run_out(officer: Staff, address: str, now: datetime) -> None:
    later = now + timedelta(hours=1)
    for _ in range(6):
        with pytest.raises(Refused):
            prove(officer, "000000", later)
    with pytest.raises(Refused) as refused:
        prove(officer, app(address, later), later)
    assert refused.value.codes == ("TOO_MANY_TRIES",)
    failed = Entry.objects.filter(code="staff.sign_in_failed")
    assert {entry.data["how"] for entry in failed} == {"second_factor"}
    assert failed.count() == 6


@pytest.mark.parametrize("rubbish", ["", "x", "٠٠٠٠٠٠", "1" * 20])
def test_rubbish_is_refused(officer: Staff, address: str, now: datetime, rubbish: str) -> None:
    with pytest.raises(Refused):
        prove(officer, rubbish, now)
