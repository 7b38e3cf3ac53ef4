"""News of a call, for the steps to its right."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class CallWentLive:
    """Both sides see and hear each other from now on."""

    topic: ClassVar[str] = "live.went_live"
    call_ref: str
    visit_ref: str
    at: str
    """ISO 8601."""


@dataclass(frozen=True)
class CallPutOff:
    """The visit begins later than its prepared call: nobody is in it until it is prepared again."""

    topic: ClassVar[str] = "live.put_off"
    call_ref: str
    visit_ref: str


@dataclass(frozen=True)
class CallEnded:
    """The call is over, with this outcome."""

    topic: ClassVar[str] = "live.ended"
    call_ref: str
    visit_ref: str
    outcome: str
    minutes_lost: int
    at: str
