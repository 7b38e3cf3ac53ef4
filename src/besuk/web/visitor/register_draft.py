"""What has been answered so far, kept in the session, sealed: a NIK lies nowhere in clear."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from besuk.ground.kernel import crypto

KEY = "registration"
Draft = dict[str, Any]
"""Answers by the name of the form that asked."""


def kept(session: SessionBase, handed_in: str = "") -> Draft:
    """The draft of this session; or that of the form itself, when a double click outlived its session."""
    return opened(str(session.get(KEY, ""))) or opened(handed_in)


def keep(session: SessionBase, draft: Mapping[str, Any]) -> None:
    """Keep the answers for the next page."""
    session[KEY] = sealed(draft)


def forget(session: SessionBase) -> None:
    """The application is filed; nothing of it stays here."""
    session.pop(KEY, None)


def sealed(draft: Mapping[str, Any]) -> str:
    """The answers as text that only we can read."""
    return crypto.seal(json.dumps(draft).encode(), purpose=KEY, about=KEY).hex()


def opened(text: str) -> Draft:
    """The answers in a sealed text; none, when it is not one of ours."""
    try:
        draft: Draft = json.loads(crypto.unseal(bytes.fromhex(text), purpose=KEY, about=KEY)) if text else {}
    except (ValueError, crypto.SealBroken):
        return {}
    return draft
