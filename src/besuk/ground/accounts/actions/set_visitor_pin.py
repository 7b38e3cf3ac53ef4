"""The counter gives a visitor a new PIN."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from besuk.ground.accounts.capabilities import VETTING
from besuk.ground.accounts.models import Visitor
from besuk.ground.accounts.rules import check_pin
from besuk.ground.audit import actions as audit
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit


def set_visitor_pin(*, visitor: Visitor, pin: str, facility_id: int, actor: Actor, now: datetime) -> None:
    """Set a new PIN for a visitor who stands at the counter with an identity card. Raises PIN_WEAK."""
    actor.must(VETTING, facility_id)
    if reasons := check_pin(pin):
        raise Refused(reasons)
    with unit():
        (mine,) = lock(Rank.VISITOR, Visitor.objects.filter(pk=visitor.pk))
        mine.pin_hash = make_password(pin)
        mine.save(update_fields=["pin_hash"])
        audit.record("visitor.pin_set", facility_id=facility_id, actor=actor, about=mine, now=now)


def set_visitor_language(*, visitor: Visitor, language: str) -> None:
    """Remember the language the person chose, for messages."""
    Visitor.objects.filter(pk=visitor.pk).update(language=language)
