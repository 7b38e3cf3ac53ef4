"""Lifecycles as tables: a move not listed does not exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change of state, named by its verb."""

    sources: frozenset[str]
    target: str


def move(*sources: str, to: str) -> Move:
    """The move from any of `sources` to `to`."""
    return Move(frozenset(sources), to)


@dataclass(frozen=True)
class Lifecycle:
    """States and moves of one kind of thing; checked for sense when it is made."""

    name: str
    initial: tuple[str, ...]
    moves: Mapping[str, Move]
    words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        reachable = self.states
        for verb, step in self.moves.items():
            unknown = step.sources - reachable
            if unknown:
                raise ValueError(f"{self.name}.{verb} starts from {sorted(unknown)}, which nothing reaches")

    @property
    def states(self) -> frozenset[str]:
        """Every state something can be in."""
        return frozenset(self.initial) | {step.target for step in self.moves.values()}

    @property
    def final(self) -> frozenset[str]:
        """States that nothing leaves."""
        return self.states - {source for step in self.moves.values() for source in step.sources}

    def allows(self, verb: str, state: str) -> bool:
        """Whether `verb` may be done in `state`. Raises KeyError for an unknown verb."""
        return state in self.moves[verb].sources
