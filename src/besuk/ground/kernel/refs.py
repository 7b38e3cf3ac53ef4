"""Names for things that people and addresses use."""

import secrets

ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
"""No vowels (no accidental words), nothing that looks like something else on a bad print."""


def new_ref(length: int = 12) -> str:
    """A random name for an address or a slip: 12 characters are 57 bits, not to be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_subject() -> str:
    """A random id under which a person enters the audit chain: it says nothing about them."""
    return secrets.token_hex(16)
