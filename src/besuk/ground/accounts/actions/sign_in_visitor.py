"""A visitor signs in with a phone number and a PIN."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password

from besuk.ground.accounts.models import Visitor
from besuk.ground.accounts.queries import people_with_phone
from besuk.ground.accounts.rules import normal_phone
from besuk.ground.kernel import rate
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse

BY_PHONE = rate.Limit(tries=6, per=timedelta(minutes=15))
BY_ADDRESS = rate.Limit(tries=60, per=timedelta(minutes=15))
LEAST_WORK = 2
"""So many hashes are computed whatever the number is, so that time does not tell whether it is known."""


def who_knows(*, phone: str, pin: str, actor: Actor, now: datetime) -> list[Visitor]:
    """The people behind this number whose PIN this is: usually one, several if they chose the same PIN.

    Names are shown only after this. An unknown number, a wrong PIN and a barred person get the same
    Refused(SIGN_IN_FAILED). Raises TOO_MANY_TRIES.
    """
    number = normal_phone(phone)
    rate.take(f"visitor:{number}", BY_PHONE, now)
    if actor.address:
        rate.take(f"visitor-address:{actor.address}", BY_ADDRESS, now)
    people = list(people_with_phone(number))
    right = [one for one in people if check_password(pin, one.pin_hash) and one.barred_at is None]
    for _ in range(len(people), LEAST_WORK):
        make_password(pin)
    if not right:
        raise refuse("SIGN_IN_FAILED")
    return right


def sign_in_visitor(*, phone: str, visitor_ref: str = "", pin: str, actor: Actor, now: datetime) -> Visitor:
    """The one visitor who signs in. Without `visitor_ref` the PIN alone must point to one person.

    Raises Refused(SIGN_IN_FAILED), PHONE_INVALID, TOO_MANY_TRIES, and CHOOSE_PERSON when several people
    behind this number have the same PIN and none was chosen.
    """
    right = who_knows(phone=phone, pin=pin, actor=actor, now=now)
    chosen = [one for one in right if one.ref == visitor_ref] if visitor_ref else right
    if not chosen:
        raise refuse("SIGN_IN_FAILED")
    if len(chosen) > 1:
        raise refuse("CHOOSE_PERSON")
    return chosen[0]
