"""Who may do what in a room: one function per role, and no other way to make a grant.

The table is media.md, "Grants". A grant is always complete: the media server replaces the whole
permission, so a half one would take away or give something unsaid.
"""

from dataclasses import InitVar, dataclass
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """As what somebody is in a room."""

    VISITOR = "visitor"
    INMATE = "inmate"
    INTERPRETER = "interpreter"
    SUPERVISOR = "supervisor"
    ONLOOKER = "onlooker"
    OFFICER_SPEAKING = "officer_speaking"
    ADDRESSED = "addressed"
    RECORDER = "recorder"


class Source(StrEnum):
    """What may be published. Screens and data are not on the list."""

    CAMERA = "camera"
    MICROPHONE = "microphone"


class Privilege(StrEnum):
    """Whether a call is protected from being watched, and why."""

    NONE = "none"
    LAWYER = "lawyer"
    CONSUL = "consul"
    OMBUDSMAN = "ombudsman"


@dataclass(frozen=True)
class SupervisedCall:
    """Proof that a call may be watched. `flow.live` builds it; a privileged call cannot become one.

    The type checker refuses any privilege but `Privilege.NONE`, and so does the constructor.
    """

    ref: str
    room: str
    privilege: Literal[Privilege.NONE]

    def __post_init__(self) -> None:
        if self.privilege is not Privilege.NONE:
            raise ValueError(f"call {self.ref} is privileged ({self.privilege}): nobody may watch it")


_SEAL = object()
BOTH = frozenset({Source.CAMERA, Source.MICROPHONE})
SEEN_ONLY = frozenset({Source.CAMERA})
"""What somebody publishes whose microphone an officer has turned off."""
NOTHING: frozenset[Source] = frozenset()


@dataclass(frozen=True)
class Grant:
    """The complete permission of one party. Made only by the functions below."""

    role: Role
    can_publish_sources: frozenset[Source]
    can_subscribe: bool
    hidden: bool = False
    agent: bool = False
    """Hidden alone still raises the number of people that the others see; with agent it does not."""
    recorder: bool = False
    only_room: str | None = None
    """The room this grant is for; None where the role is harmless in any room."""
    can_publish_data: Literal[False] = False
    can_update_metadata: Literal[False] = False
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("grants are made by the functions of besuk.ground.media.grants")

    @property
    def can_publish(self) -> bool:
        return bool(self.can_publish_sources)

    def fits(self, room: str) -> bool:
        """Whether this grant may be used for `room`: a watcher's only for the call it was made for."""
        return self.only_room is None or self.only_room == room


def visitor(*, floor_open: bool, muted: bool = False) -> Grant:
    """The family: shows itself always, sees and hears only while the floor is open, is heard unless muted."""
    return Grant(Role.VISITOR, SEEN_ONLY if muted else BOTH, floor_open, seal=_SEAL)


def inmate(*, floor_open: bool, muted: bool = False) -> Grant:
    """The inmate at the station: as the visitor."""
    return Grant(Role.INMATE, SEEN_ONLY if muted else BOTH, floor_open, seal=_SEAL)


def interpreter(*, floor_open: bool) -> Grant:
    """Somebody named at booking who translates: as the visitor."""
    return Grant(Role.INTERPRETER, BOTH, floor_open, seal=_SEAL)


def supervisor(call: SupervisedCall) -> Grant:
    """Sees and hears all of a supervised call, unseen and uncounted, and publishes nothing."""
    return Grant(Role.SUPERVISOR, NOTHING, True, hidden=True, agent=True, only_room=_room_of(call), seal=_SEAL)


def onlooker(call: SupervisedCall, *, floor_open: bool) -> Grant:
    """The head of prison: what the two parties exchange, and nothing else; unseen, uncounted, publishing nothing."""
    room = _room_of(call)
    return Grant(Role.ONLOOKER, NOTHING, floor_open, hidden=True, agent=True, only_room=room, seal=_SEAL)


def officer_speaking() -> Grant:
    """An officer's voice in the call's second room: heard, and hearing nothing there."""
    return Grant(Role.OFFICER_SPEAKING, frozenset({Source.MICROPHONE}), False, seal=_SEAL)


def addressed() -> Grant:
    """Somebody an officer speaks to, in the call's second room: hears, and publishes nothing there to anybody."""
    return Grant(Role.ADDRESSED, NOTHING, True, seal=_SEAL)


def recorder(call: SupervisedCall) -> Grant:
    """The recorder of a supervised call whose policy says so."""
    return Grant(Role.RECORDER, NOTHING, True, hidden=True, recorder=True, only_room=_room_of(call), seal=_SEAL)


def _room_of(call: SupervisedCall) -> str:
    """Look again, at run time, that this is a supervised call: the caller may not be type checked."""
    unchecked: object = call
    if not isinstance(unchecked, SupervisedCall):
        raise TypeError("only a SupervisedCall may be watched")
    return unchecked.room
