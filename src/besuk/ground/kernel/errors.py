"""Refusals: always the list of everything that stands in the way, never a bare no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Detail = str | int


@dataclass(frozen=True)
class Refusal:
    """One reason, by code (see `refusals.CODES`), with the values its sentences need."""

    code: str
    detail: Mapping[str, Detail] = field(default_factory=lambda: MappingProxyType({}))

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.detail.items()))))


def because(code: str, **detail: Detail) -> Refusal:
    """A refusal by `code`; `detail` fills the sentence ("free at {time}")."""
    return Refusal(code, MappingProxyType(dict(detail)))


class Refused(Exception):
    """What was asked may not be done, for all of `reasons`. Nothing was changed."""

    def __init__(self, reasons: Iterable[Refusal | str]) -> None:
        self.reasons = tuple(Refusal(r) if isinstance(r, str) else r for r in reasons)
        if not self.reasons:
            raise ValueError("a refusal needs a reason")
        super().__init__(", ".join(reason.code for reason in self.reasons))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)


def refuse(code: str, **detail: Detail) -> Refused:
    """The exception for a single reason: `raise refuse("HOLD_EXPIRED")`."""
    return Refused([because(code, **detail)])
