"""A member of staff signs in: password first, then the second factor; both leave a mark."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from besuk.ground.accounts.models import Staff
from besuk.ground.accounts.queries import facilities_of
from besuk.ground.audit import actions as audit
from besuk.ground.kernel import rate
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.unit import unit

BY_NAME = rate.Limit(tries=8, per=timedelta(minutes=15))
BY_ADDRESS = rate.Limit(tries=60, per=timedelta(minutes=15))


def prove_password(*, username: str, password: str, actor: Actor, now: datetime) -> Staff:
    """The member of staff whose password this is; not signed in yet (`note_sign_in` comes last).

    An unknown name and a wrong password get the same Refused(STAFF_SIGN_IN_FAILED) after the same work.
    Raises TOO_MANY_TRIES.
    """
    name = username.strip().lower()
    rate.take(f"staff:{name}", BY_NAME, now)
    if actor.address:
        rate.take(f"staff-address:{actor.address}", BY_ADDRESS, now)
    staff = Staff.objects.filter(username__iexact=name, is_active=True).first()
    if staff is None:
        make_password(password)
        raise refuse("STAFF_SIGN_IN_FAILED")
    if not staff.check_password(password):
        note_everywhere(staff, "staff.sign_in_failed", actor=actor, now=now, how="password")
        raise refuse("STAFF_SIGN_IN_FAILED")
    return staff


def note_sign_in(*, staff: Staff, how: str, actor: Actor, now: datetime) -> None:
    """Note at each facility where this person works that they are in; `how`: password, totp, recovery, pin."""
    note_everywhere(staff, "staff.signed_in", actor=actor, now=now, how=how)


def note_sign_out(*, staff: Staff, actor: Actor, now: datetime) -> None:
    """Note that this person left."""
    note_everywhere(staff, "staff.signed_out", actor=actor, now=now)


def note_everywhere(staff: Staff, code: str, *, actor: Actor, now: datetime, how: str = "") -> None:
    """One entry about `staff` in the chain of each facility where they work now.

    A unit of its own: what failed must stay noted although the caller then refuses.
    """
    with unit():
        for facility_id in facilities_of(staff, now):
            data = {"how": how} if how else {}
            audit.record(code, facility_id=facility_id, actor=actor, about=staff, now=now, data=data)
