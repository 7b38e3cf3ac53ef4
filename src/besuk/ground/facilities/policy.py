"""Policy of a facility as one frozen value. Defaults: ../shared field notes, written out in docs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True)
class Policy:
    """Everything a prison may decide for itself, with the defaults of common practice."""

    slot_minutes: int = 15
    buffer_minutes: int = 5
    visits_per_inmate_a_week: int = 1
    visits_per_tie_a_week: int = 1
    most_people: int = 4
    most_adults: int = 3
    book_from_days: int = 1
    book_until_days: int = 14
    cancel_until_hours: int = 4
    hold_minutes: int = 10
    late_minutes: int = 5
    check_in_opens_minutes: int = 30
    calls_per_supervisor: int = 4
    attention_minutes: int = 10
    shift_past_session_minutes: int = 30
    """So long after its session a visit may still end when the rest of the session is shifted."""
    longest_extension_minutes: int = 15
    unit_back_below_percent: int = 50
    """Whoever had less of a visit than this, by our fault, gets it whole again; else the minutes."""
    choice_for_a_return: int = 3
    """A returned unit counts for a week with at least so many free slots."""
    tie_valid_months: int = 24
    companion: str = ""
    """Code of the officer who is told when somebody needs support (pendamping). Empty: whoever has that role."""
    complaint_days: int = 30
    """So long after a visit it can be complained of here."""
    shift_head: str = ""
    """Code of the officer who is told when a call is due and nobody is there for it. Empty: the prison's head."""
    complaint_channel: str = "SP4N-LAPOR!"
    announcement: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The policy with a facility's own `values`; unknown names raise ValueError, wrong types too."""
        known = {f.name: f.type for f in fields(cls)}
        unknown = set(values) - set(known)
        if unknown:
            raise ValueError(f"unknown policy: {', '.join(sorted(unknown))}")
        for name, value in values.items():
            kind = int if known[name] in (int, "int") else str
            if not isinstance(value, kind) or isinstance(value, bool):
                raise ValueError(f"policy {name} must be {kind.__name__}")
        return cls(**values)
