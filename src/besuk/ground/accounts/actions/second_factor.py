"""The authenticator app (TOTP, RFC 6238) and the recovery codes of staff."""

import os
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from besuk.ground.accounts.actions.sign_in_staff import note_everywhere
from besuk.ground.accounts.models import RecoveryCode, SecondFactor, Staff
from besuk.ground.accounts.queries import factor_of
from besuk.ground.accounts.rules import only_digits
from besuk.ground.kernel import crypto, rate
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.refs import new_ref
from besuk.ground.kernel.unit import unit

PURPOSE = "second-factor"
STEP_S = 30
DRIFT_STEPS = (0, -1, 1)
"""A phone's clock may be half a minute off."""
RECOVERY_CODES = 10
TRIES = rate.Limit(tries=6, per=timedelta(minutes=10))


def _totp(secret: bytes) -> TOTP:
    # Authenticator apps know SHA-1, six digits and 30 seconds; most ignore anything else.
    return TOTP(secret, 6, SHA1(), STEP_S)  # noqa: S303


def offer_authenticator(*, staff: Staff, now: datetime) -> str:
    """A new secret, not in force yet; returns the `otpauth://` address for the QR code.

    Asking again before the first code replaces the secret. Raises STATE_CHANGED when one is in force.
    """
    if factor_of(staff):
        raise refuse("STATE_CHANGED")
    secret = os.urandom(20)
    sealed = crypto.seal(secret, purpose=PURPOSE, about=staff.subject)
    fresh = {"secret_sealed": sealed, "created_at": now, "confirmed_at": None, "last_step": 0}
    with unit():
        SecondFactor.objects.update_or_create(staff=staff, defaults=fresh)
    return _totp(secret).get_provisioning_uri(staff.username, "Besuk")


def offered_address(staff: Staff) -> str | None:
    """The address of the secret that waits for its first code."""
    row = SecondFactor.objects.filter(staff=staff, confirmed_at__isnull=True).first()
    return _totp(_secret(row, staff)).get_provisioning_uri(staff.username, "Besuk") if row else None


def confirm_authenticator(*, staff: Staff, code: str, actor: Actor, now: datetime) -> list[str]:
    """Put the offered secret in force with its first code; returns the recovery codes, shown once.

    Raises SECOND_FACTOR_WRONG, TOO_MANY_TRIES.
    """
    rate.take(f"factor:{staff.pk}", TRIES, now)
    row = SecondFactor.objects.filter(staff=staff, confirmed_at__isnull=True).first()
    if row is None or not _take_code(row, staff, code, now):
        raise refuse("SECOND_FACTOR_WRONG")
    codes = [f"{new_ref(5)}-{new_ref(5)}" for _ in range(RECOVERY_CODES)]
    with unit():
        if SecondFactor.objects.filter(pk=row.pk, confirmed_at__isnull=True).update(confirmed_at=now) != 1:
            raise refuse("STATE_CHANGED")
        RecoveryCode.objects.filter(staff=staff).delete()
        RecoveryCode.objects.bulk_create([RecoveryCode(staff=staff, code_index=_index(one)) for one in codes])
        note_everywhere(staff, "staff.factor_enrolled", actor=actor, now=now)
    return codes


def prove_second_factor(*, staff: Staff, code: str, actor: Actor, now: datetime) -> str:
    """Take a code of the app or a recovery code; returns which ("totp", "recovery"). No code works twice.

    Raises SECOND_FACTOR_WRONG, TOO_MANY_TRIES.
    """
    rate.take(f"factor:{staff.pk}", TRIES, now)
    row = factor_of(staff)
    if row is not None and _take_code(row, staff, code, now):
        return "totp"
    if row is not None and _take_recovery(staff, code, now):
        return "recovery"
    note_everywhere(staff, "staff.sign_in_failed", actor=actor, now=now, how="second_factor")
    raise refuse("SECOND_FACTOR_WRONG")


def _secret(row: SecondFactor, staff: Staff) -> bytes:
    return crypto.unseal(bytes(row.secret_sealed), purpose=PURPOSE, about=staff.subject)


def _take_code(row: SecondFactor, staff: Staff, code: str, now: datetime) -> bool:
    totp, at = _totp(_secret(row, staff)), int(now.timestamp())
    digits = only_digits(code)
    if not (digits.isascii() and digits.isdigit()):
        return False
    for drift in DRIFT_STEPS:
        step = at // STEP_S + drift
        try:
            totp.verify(digits.encode(), step * STEP_S)
        except InvalidToken:
            continue
        newer = SecondFactor.objects.filter(pk=row.pk, last_step__lt=step)
        return newer.update(last_step=step) == 1
    return False


def _index(code: str) -> str:
    return crypto.blind_index(code.replace("-", "").strip().lower(), purpose="recovery-code")


def _take_recovery(staff: Staff, code: str, now: datetime) -> bool:
    unused = RecoveryCode.objects.filter(staff=staff, code_index=_index(code), used_at__isnull=True)
    return unused.update(used_at=now) == 1
