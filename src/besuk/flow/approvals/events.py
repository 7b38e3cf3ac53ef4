"""News of ties."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class TieDecided:
    """A tie was approved, refused, sent back, suspended, restored or revoked (`verb`)."""

    topic: ClassVar[str] = "tie.decided"
    tie_ref: str
    verb: str
