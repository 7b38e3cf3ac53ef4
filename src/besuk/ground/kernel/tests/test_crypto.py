"""What is sealed opens only for its purpose, its row and its key."""

import base64
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from besuk.ground.kernel import crypto

OLD, NEW = b"o" * 32, b"n" * 32
NIK = "9971014501900001"


def test_what_is_sealed_opens_again() -> None:
    sealed = crypto.seal(NIK.encode(), purpose="nik", about="row 1")
    assert NIK.encode() not in sealed
    assert crypto.unseal(sealed, purpose="nik", about="row 1") == NIK.encode()


def test_the_same_value_never_looks_the_same() -> None:
    assert len({crypto.seal(b"x", purpose="nik", about="row 1") for _ in range(20)}) == 20


@pytest.mark.parametrize(("purpose", "about"), [("photo", "row 1"), ("nik", "row 2")])
def test_it_does_not_open_for_another_purpose_or_row(purpose: str, about: str) -> None:
    sealed = crypto.seal(b"x", purpose="nik", about="row 1")
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(sealed, purpose=purpose, about=about)


def test_a_changed_seal_does_not_open() -> None:
    sealed = bytearray(crypto.seal(b"x", purpose="nik", about="row 1"))
    sealed[-1] ^= 1
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(bytes(sealed), purpose="nik", about="row 1")


@pytest.mark.parametrize("rubbish", [b"", b"x", b"test:", b"unknown:0123456789abcdef"])
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(rubbish, purpose="nik", about="row 1")


def test_while_keys_rotate_the_old_one_opens_and_the_new_one_seals(settings: Any) -> None:
    settings.BESUK_MASTER_KEYS = {"old": OLD}
    before = crypto.seal(b"x", purpose="nik", about="row 1")
    settings.BESUK_MASTER_KEYS = {"new": NEW, "old": OLD}
    after = crypto.seal(b"x", purpose="nik", about="row 1")
    assert crypto.unseal(before, purpose="nik", about="row 1") == b"x"
    settings.BESUK_MASTER_KEYS = {"new": NEW}
    assert crypto.unseal(after, purpose="nik", about="row 1") == b"x"
    with pytest.raises(crypto.SealBroken, match="unknown key"):
        crypto.unseal(before, purpose="nik", about="row 1")


def test_equal_values_find_each_other_by_a_blind_index() -> None:
    index = crypto.blind_index(NIK, purpose="nik")
    assert index == crypto.blind_index(NIK, purpose="nik")
    assert index != crypto.blind_index(NIK[:-1] + "2", purpose="nik")
    assert index != crypto.blind_index(NIK, purpose="phone")
    assert NIK not in index


def test_a_blind_index_depends_on_the_key(settings: Any) -> None:
    before = crypto.blind_index(NIK, purpose="nik")
    settings.BESUK_MASTER_KEYS = {"new": NEW}
    assert crypto.blind_index(NIK, purpose="nik") != before


def test_a_station_can_check_the_sign_of_supervision() -> None:
    message = "call|7|1700000000000"
    raw = base64.urlsafe_b64decode(crypto.supervision_sign(message) + "==")
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = crypto.supervision_public_key()
    x, y = (int.from_bytes(base64.urlsafe_b64decode(point[axis] + "=="), "big") for axis in ("x", "y"))
    numbers = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1())
    numbers.public_key().verify(der, message.encode(), ec.ECDSA(hashes.SHA256()))


def test_no_two_purposes_share_a_key() -> None:
    tags = {crypto.sign_short("x", purpose=purpose) for purpose in ("a", "b")}
    assert len(tags | {crypto.blind_index("x", purpose="a")}) == 3


def test_the_master_key_of_tests_says_that_it_is_none() -> None:
    settings_file = Path(crypto.__file__).parents[2] / "config" / "settings.py"
    assert b"not-a-secret" in settings_file.read_bytes()
