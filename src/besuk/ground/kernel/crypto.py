"""Secrets: sealing values and files, blind indexes, signatures.

Keys come from the settings: `BESUK_MASTER_KEY` (32 bytes, base64). Sub-keys are derived by purpose with
HKDF, so that no key serves two ends. A sealed value carries its key id, so that a rotation can run while
both keys are in use.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed value does not open: changed, for another purpose, or under an unknown key."""


def master_keys() -> dict[str, bytes]:
    """Master keys by id; the first is the one that seals."""
    keys: dict[str, bytes] = settings.BESUK_MASTER_KEYS
    return keys


@cache
def _derived(master: bytes, purpose: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"besuk", info=purpose.encode())
    return kdf.derive(master)


def _sealing_key(purpose: str) -> tuple[str, bytes]:
    key_id, master = next(iter(master_keys().items()))
    return key_id, _derived(master, purpose)


def seal(plain: bytes, *, purpose: str, about: str) -> bytes:
    """Encrypt with AES-256-GCM, bound to `purpose` and to what it is `about` (row and field)."""
    key_id, key = _sealing_key(purpose)
    nonce = os.urandom(NONCE_BYTES)
    body = AESGCM(key).encrypt(nonce, plain, about.encode())
    return key_id.encode() + b":" + nonce + body


def unseal(sealed: bytes, *, purpose: str, about: str) -> bytes:
    """Decrypt what `seal` made. Raises SealBroken."""
    key_id, _, rest = bytes(sealed).partition(b":")
    master = master_keys().get(key_id.decode("ascii", "replace"))
    if master is None:
        raise SealBroken("sealed under an unknown key")
    try:
        key = _derived(master, purpose)
        return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"the seal of {about} is broken") from error


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed fingerprint by which equal values find each other and nobody can guess them back.

    A plain hash would not do: a NIK has too few possible values.
    """
    _, key = _sealing_key(f"index:{purpose}")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def sign_short(message: str, *, purpose: str) -> str:
    """A keyed tag for short-lived messages between our own parts (hex)."""
    _, key = _sealing_key(f"tag:{purpose}")
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


def audit_key() -> ed25519.Ed25519PrivateKey:
    """The key that signs audit checkpoints."""
    _, seed = _sealing_key("audit-checkpoint")
    return ed25519.Ed25519PrivateKey.from_private_bytes(seed)


@cache
def _sign_key(seed: bytes) -> ec.EllipticCurvePrivateKey:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    return ec.derive_private_key(int.from_bytes(seed, "big") % (order - 1) + 1, ec.SECP256R1())


def supervision_sign(message: str) -> str:
    """Sign the sign of supervision for stations: ECDSA P-256, raw r||s, base64url without padding."""
    _, seed = _sealing_key("supervision-sign")
    der = _sign_key(seed).sign(message.encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    return base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=").decode()


def supervision_public_key() -> dict[str, str]:
    """The public half as a JWK, for WebCrypto in the station's page."""
    _, seed = _sealing_key("supervision-sign")
    numbers = _sign_key(seed).public_key().public_numbers()
    x, y = (base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for n in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def public_bytes(key: ed25519.Ed25519PrivateKey) -> bytes:
    """The raw 32 bytes of the public half."""
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
