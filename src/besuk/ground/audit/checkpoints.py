"""Signed statements of all chain heads, for an outsider to keep: whoever has one can show that a tail was cut.

Pure but for the key: a file can be checked anywhere with nothing but the public key.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from besuk.ground.audit.chain import merkle_root
from besuk.ground.kernel.crypto import public_bytes


class Head(TypedDict):
    """Where one facility's chain ended."""

    facility: str
    number: int
    hash: str


class Statement(TypedDict):
    """A checkpoint as it stands in a file."""

    at: str
    heads: list[Head]
    root: str
    signature: str
    public_key: str


def root_of(heads: Sequence[Head]) -> str:
    """Merkle root over the heads in the order given."""
    return merkle_root([f"{head['facility']}|{head['number']}|{head['hash']}" for head in heads])


def signed(at: str, heads: list[Head], key: Ed25519PrivateKey) -> Statement:
    """The statement that these were the heads at that moment."""
    root = root_of(heads)
    signature = key.sign(_message(at, root)).hex()
    return Statement(at=at, heads=heads, root=root, signature=signature, public_key=public_bytes(key).hex())


def holds(statement: Statement) -> bool:
    """Whether the signature and the root fit. Says nothing about whose key it is: compare `public_key`."""
    if root_of(statement["heads"]) != statement["root"]:
        return False
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(statement["public_key"]))
    try:
        key.verify(bytes.fromhex(statement["signature"]), _message(statement["at"], statement["root"]))
    except InvalidSignature:
        return False
    return True


def as_text(statement: Mapping[str, object]) -> str:
    """The file."""
    return json.dumps(statement, indent=1, sort_keys=True) + "\n"


def _message(at: str, root: str) -> bytes:
    return f"besuk checkpoint|{at}|{root}".encode()
