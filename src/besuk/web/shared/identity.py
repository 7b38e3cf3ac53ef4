"""Who is at the other end of a request or socket: staff, visitor, station, or nobody."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from besuk.ground.accounts.actors import staff_actor, visitor_actor
from besuk.ground.accounts.models import Staff, Visitor
from besuk.ground.facilities.actors import station_actor, station_of
from besuk.ground.kernel import clock
from besuk.ground.kernel.actor import NOBODY, Actor

VISITOR_KEY = "visitor"
STATION_COOKIE = "besuk_station"
Session = Mapping[str, Any]


def staff_in(session: Session) -> Staff | None:
    """The active member of staff signed in with this session."""
    if SESSION_KEY not in session or BACKEND_SESSION_KEY not in session:
        return None
    staff = Staff.objects.filter(pk=session[SESSION_KEY], is_active=True).first()
    if staff is None:
        return None
    current = constant_time_compare(session.get(HASH_SESSION_KEY, ""), staff.get_session_auth_hash())
    return staff if current else None


def visitor_in(session: Session) -> Visitor | None:
    """The visitor signed in with this session, unless barred."""
    if VISITOR_KEY not in session:
        return None
    return Visitor.objects.filter(pk=session[VISITOR_KEY], barred_at__isnull=True).first()


def visitor_as(session: Session, *, request_id: str = "", address: str = "") -> Actor:
    """The acting visitor, or NOBODY."""
    visitor = visitor_in(session)
    return visitor_actor(visitor, request_id=request_id, address=address) if visitor else NOBODY


def staff_as(session: Session, *, request_id: str = "", address: str = "") -> Actor:
    """The acting member of staff, or NOBODY."""
    staff = staff_in(session)
    return staff_actor(staff, clock.now(), request_id=request_id, address=address) if staff else NOBODY


def station_as(cookies: Mapping[str, str], *, request_id: str = "", address: str = "") -> Actor:
    """The acting station, or NOBODY."""
    station = station_of(cookies.get(STATION_COOKIE, ""))
    return station_actor(station, request_id=request_id, address=address) if station else NOBODY
