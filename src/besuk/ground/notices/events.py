"""News of notices."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class NoticeWritten:
    """A notice stands in the inbox; the channels may carry word of it."""

    topic: ClassVar[str] = "notices.written"
    notice_id: int
