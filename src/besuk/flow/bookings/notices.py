"""What the family reads in its inbox about a visit."""

from datetime import datetime

from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.ground.notices.actions import notify


def tell_booked(visit: Visit, now: datetime) -> None:
    """The visit stands: when, and with whom."""
    _tell(visit, "visit_booked", {"inmate": visit.inmate.call_name}, now)


def tell_shifted(visit: Visit, was_at: str, now: datetime) -> None:
    """It begins later that day: the new time and the old."""
    _tell(visit, "visit_shifted", {"was_at": was_at, "inmate": visit.inmate.call_name}, now)


def tell_cancelled(visit: Visit, outcome: str, now: datetime) -> None:
    """It will not take place; the outward reason only (promise 6)."""
    _tell(visit, "visit_cancelled", {"outcome": OUTCOMES[outcome].outward}, now)


def tell_concluded(visit: Visit, outcome: str, now: datetime) -> None:
    """What became of it, in the outward words."""
    _tell(visit, "visit_concluded", {"outcome": OUTCOMES[outcome].outward}, now)


def tell_corrected(visit: Visit, outcome: str, now: datetime) -> None:
    """Its outcome was corrected, in the outward words."""
    _tell(visit, "visit_corrected", {"outcome": OUTCOMES[outcome].outward}, now)


def tell_under_review(visit: Visit, now: datetime) -> None:
    """Something touches the visit; nothing is cancelled yet, and no reason is told."""
    _tell(visit, "visit_under_review", {}, now)


def _tell(visit: Visit, template: str, values: dict[str, str | int], now: datetime) -> None:
    """To the host of the visit. Nobody is told of a visit without one."""
    host = visit.host
    if host is None or host.visitor is None:
        return
    when = {"starts_at": visit.starts_at.isoformat(), "zone": visit.facility.zone}
    notify(
        facility_id=visit.facility_id,
        recipient_subject=host.visitor.subject,
        template=template,
        values={**when, **values},
        now=now,
        language=host.visitor.language,
    )
