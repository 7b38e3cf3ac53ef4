"""Somebody outside opens an account."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from besuk.ground.accounts.models import Visitor
from besuk.ground.accounts.queries import NIK
from besuk.ground.accounts.rules import check_name, check_nik, check_pin, normal_name, normal_phone, only_digits
from besuk.ground.kernel import crypto, rate
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, because
from besuk.ground.kernel.idempotency import answered, once
from besuk.ground.kernel.refs import new_subject
from besuk.ground.kernel.unit import unit

BY_ADDRESS = rate.Limit(tries=20, per=timedelta(hours=1))
"""Generous: a whole village may sit behind one address."""


def register_visitor(
    *,
    name: str,
    honorific: str,
    phone: str,
    nik: str,
    pin: str,
    language: str = "id",
    zone: str = "Asia/Jakarta",
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Visitor:
    """Open an account. Open to everybody, so it asks for no capability; an account alone allows nothing.

    A NIK that is known already gets the same answer as a new one: a form must not tell who has relatives
    in prison. The new row points to the first one, and the desk decides. With a `key` the form sent twice
    opens one account. Raises Refused with everything that is wrong in the form, or TOO_MANY_TRIES.
    """
    number = _checked(name, honorific, phone, nik, pin)
    if actor.address:
        rate.take(f"register:{actor.address}", BY_ADDRESS, now)
    digits, subject = only_digits(nik), new_subject()
    index = crypto.blind_index(digits, purpose=NIK)
    visitor = Visitor(
        subject=subject,
        name=normal_name(name),
        honorific=honorific,
        phone=number,
        pin_hash=make_password(pin),
        nik_sealed=crypto.seal(digits.encode(), purpose=NIK, about=subject),
        nik_index=index,
        nik_last4=digits[-4:],
        language=language,
        zone=zone,
        created_at=now,
        duplicate_of=_first(index),
    )
    # A keyed fingerprint: the row is kept for a week, and a plain hash would give a NIK or a PIN away.
    said = crypto.blind_index(f"{visitor.name}|{honorific}|{number}|{digits}|{pin}", purpose="registration")
    with unit():
        first = once(actor, "visitor.register", key, said, now) if key else None
        if first is not None and first.result:
            return Visitor.objects.get(ref=first.result)
        _save(visitor)
        if first is not None:
            answered(first, visitor.ref)
    return visitor


def _checked(name: str, honorific: str, phone: str, nik: str, pin: str) -> str:
    """The normal phone number. Raises Refused with all reasons at once."""
    reasons = [*check_name(name), *check_nik(nik), *check_pin(pin)]
    if honorific not in Visitor.Honorific.values:
        reasons.append(because("FORM_INCOMPLETE"))
    number = ""
    try:
        number = normal_phone(phone)
    except Refused as refused:
        reasons.extend(refused.reasons)
    if reasons:
        raise Refused(reasons)
    return number


def _first(index: str) -> Visitor | None:
    return Visitor.objects.filter(nik_index=index, duplicate_of__isnull=True).first()


def _save(visitor: Visitor) -> None:
    """Save; when the same NIK came in at the same moment, the later one becomes the duplicate."""
    try:
        with transaction.atomic():
            visitor.save(force_insert=True)
    except IntegrityError:
        visitor.duplicate_of = _first(visitor.nik_index)
        visitor.save(force_insert=True)
