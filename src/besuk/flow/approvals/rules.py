"""Who may talk to whom. Pure."""

from dataclasses import dataclass
from datetime import date

from besuk.ground.kernel.errors import Refusal, because

PRIVILEGED = frozenset({"lawyer", "consul", "ombudsman"})
"""Nobody may hear these. Until that can be kept, no such call is made."""

REFUSAL_REASONS = (
    "name_does_not_match", "inmate_not_found", "relation_not_shown", "id_not_readable", "not_suitable",
)  # fmt: skip
MISSING_THINGS = ("clearer_id_photo", "family_card", "inmate_name", "permit")


@dataclass(frozen=True)
class TieFacts:
    """What is known of a tie when somebody asks whether its people may talk. `today` is local."""

    state: str
    relation: str
    expires_on: date | None
    is_remand: bool
    permit_expires_on: date | None
    has_permit: bool
    inmate_is_here: bool
    visitor_is_barred: bool


def may_talk(facts: TieFacts, *, today: date) -> list[Refusal]:
    """Everything that speaks against this tie's people talking on `today`; nothing: they may.

    A tahanan's visitors need the permission of the detaining authority (PP 58/1999 art. 37(3)); that
    never applies to privileged roles.
    """
    found = [
        _privileged(facts),
        _state(facts),
        because("TIE_EXPIRED") if facts.expires_on is not None and facts.expires_on < today else None,
        _permit(facts, today),
        None if facts.inmate_is_here else because("INMATE_NOT_HERE"),
        because("VISITOR_BARRED") if facts.visitor_is_barred else None,
    ]
    return [one for one in found if one is not None]


def _privileged(facts: TieFacts) -> Refusal | None:
    return because("PRIVILEGED_NOT_YET") if facts.relation in PRIVILEGED else None


def _state(facts: TieFacts) -> Refusal | None:
    if facts.state == "suspended":
        return because("TIE_SUSPENDED")
    return None if facts.state == "approved" else because("TIE_NOT_APPROVED")


def _permit(facts: TieFacts, today: date) -> Refusal | None:
    if not facts.is_remand or facts.relation in PRIVILEGED:
        return None
    if not facts.has_permit:
        return because("PERMIT_MISSING")
    expired = facts.permit_expires_on is not None and facts.permit_expires_on < today
    return because("PERMIT_EXPIRED") if expired else None
