"""An officer proves with the personal PIN that it is really them: at a wall that was left alone, at a handover."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password

from besuk.ground.accounts.actions.office_computer import BY_OFFICER
from besuk.ground.accounts.actions.sign_in_staff import note_everywhere
from besuk.ground.accounts.models import Staff
from besuk.ground.kernel import rate
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse


def prove_own_pin(*, pin: str, actor: Actor, now: datetime) -> None:
    """Check the PIN of `actor`, who is signed in. Right and wrong are both noted.

    Raises OWN_PIN_WRONG, OWN_PIN_MISSING (none was ever set), TOO_MANY_TRIES, NOT_ALLOWED for anybody but staff.
    """
    if actor.kind != "staff":
        raise refuse("NOT_ALLOWED")
    rate.take(f"own-pin:{actor.pk}", BY_OFFICER, now)
    staff = Staff.objects.get(pk=actor.pk)
    if not staff.pin_hash:
        make_password(pin)
        raise refuse("OWN_PIN_MISSING")
    right = check_password(pin, staff.pin_hash)
    note_everywhere(staff, "staff.pin_proved" if right else "staff.pin_failed", actor=actor, now=now)
    if not right:
        raise refuse("OWN_PIN_WRONG")
