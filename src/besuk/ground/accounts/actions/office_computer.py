"""A shared office PC: paired once, then officers switch by code and PIN, so that nobody works under another's name."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password

from besuk.ground.accounts.actions.sign_in_staff import note_everywhere
from besuk.ground.accounts.capabilities import COMPUTER_PAIR
from besuk.ground.accounts.models import OfficeComputer, Staff
from besuk.ground.accounts.queries import computer_with, facilities_of
from besuk.ground.accounts.rules import check_pin
from besuk.ground.audit import actions as audit
from besuk.ground.kernel import crypto, rate
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.unit import unit

BY_OFFICER = rate.Limit(tries=5, per=timedelta(minutes=15))
BY_COMPUTER = rate.Limit(tries=30, per=timedelta(minutes=15))


def pair_office_computer(*, facility_id: int, name: str, actor: Actor, now: datetime) -> tuple[OfficeComputer, str]:
    """Pair the PC at which `actor` sits; returns it and its key, which the web layer keeps in a cookie."""
    actor.must(COMPUTER_PAIR, facility_id)
    key = secrets.token_urlsafe(32)
    with unit():
        computer = OfficeComputer.objects.create(
            facility_id=facility_id,
            name=name.strip()[:60] or "PC",
            key_hash=crypto.blind_index(key, purpose="office-computer"),
            paired_by_id=actor.pk,
            paired_at=now,
        )
        audit.record("computer.paired", facility_id=facility_id, actor=actor, about=computer, now=now)
    return computer, key


def revoke_office_computer(*, computer: OfficeComputer, actor: Actor, now: datetime) -> None:
    """Take a PC's pairing back; officers can no longer switch on it. Raises STATE_CHANGED when it was already."""
    actor.must(COMPUTER_PAIR, computer.facility_id)
    with unit():
        paired = OfficeComputer.objects.filter(pk=computer.pk, revoked_at__isnull=True)
        if paired.update(revoked_at=now) != 1:
            raise refuse("STATE_CHANGED")
        audit.record("computer.revoked", facility_id=computer.facility_id, actor=actor, about=computer, now=now)


def set_staff_pin(*, staff: Staff, pin: str, actor: Actor, now: datetime) -> None:
    """An officer sets the own personal PIN. Raises NOT_ALLOWED for somebody else's, PIN_WEAK."""
    if actor.kind != "staff" or actor.pk != staff.pk:
        raise refuse("NOT_ALLOWED")
    if reasons := check_pin(pin):
        raise Refused(reasons)
    with unit():
        Staff.objects.filter(pk=staff.pk).update(pin_hash=make_password(pin))
        note_everywhere(staff, "staff.pin_set", actor=actor, now=now)


def switch_staff_by_pin(*, computer_key: str, staff_code: str, pin: str, actor: Actor, now: datetime) -> Staff:
    """The officer who takes over this PC. The PC's key stands for the second factor.

    Raises COMPUTER_NOT_PAIRED, STAFF_PIN_FAILED (also for an officer of another facility), TOO_MANY_TRIES.
    """
    computer = computer_with(computer_key)
    if computer is None:
        raise refuse("COMPUTER_NOT_PAIRED")
    code = staff_code.strip().upper()
    rate.take(f"switch:{computer.pk}:{code}", BY_OFFICER, now)
    rate.take(f"switch:{computer.pk}", BY_COMPUTER, now)
    staff = Staff.objects.filter(code__iexact=code, is_active=True).first()
    works_here = staff is not None and computer.facility_id in facilities_of(staff, now)
    if staff is None or not works_here or not staff.pin_hash:
        make_password(pin)
        raise refuse("STAFF_PIN_FAILED")
    right = check_password(pin, staff.pin_hash)
    with unit():
        done = "staff.signed_in" if right else "staff.sign_in_failed"
        data: audit.Data = {"how": "pin", "computer": computer.pk}
        audit.record(done, facility_id=computer.facility_id, actor=actor, about=staff, now=now, data=data)
    if not right:
        raise refuse("STAFF_PIN_FAILED")
    return staff
