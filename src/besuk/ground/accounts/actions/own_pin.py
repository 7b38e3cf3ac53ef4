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
    """Check the PIN of `actor`, who is signed in. Right and wrong are both noted; only wrong ones use up tries.

    A try is taken before it is looked at, so that many at once cannot be more than there are; the right PIN gives
    all of them back.

    Raises OWN_PIN_WRONG, OWN_PIN_MISSING (none was ever set), TOO_MANY_TRIES, NOT_ALLOWED for anybody but staff.
    """
    if actor.kind != "staff":
        raise refuse("NOT_ALLOWED")
    tries = f"own-pin:{actor.pk}"
    rate.take(tries, BY_OFFICER, now)
    staff = Staff.objects.get(pk=actor.pk)
    if not staff.pin_hash:
        make_password(pin)
        raise refuse("OWN_PIN_MISSING")
    right = check_password(pin, staff.pin_hash)
    note_everywhere(staff, "staff.pin_proved" if right else "staff.pin_failed", actor=actor, now=now)
    if right:
        rate.give_back(tries, BY_OFFICER, now)
    else:
        raise refuse("OWN_PIN_WRONG")
