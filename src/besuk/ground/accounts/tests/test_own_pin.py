"""An officer proves with the PIN that it is really them: wrong ones run out, right ones never do."""

from datetime import datetime, timedelta

import pytest

from besuk.ground.accounts.actions import prove_own_pin
from besuk.ground.accounts.actions.office_computer import BY_OFFICER
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.accounts.models import Staff
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import PIN, Cast

pytestmark = pytest.mark.django_db
MANY = 4 * BY_OFFICER.tries


@pytest.fixture
def officer(cast: Cast, now: datetime) -> Actor:
    return cast.lapas.actor("supervisor", now)


def guess(officer: Actor, now: datetime, times: int, pin: str = "735291") -> None:
    for _ in range(times):
        with pytest.raises(Refused, match="OWN_PIN_WRONG"):
            prove_own_pin(pin=pin, actor=officer, now=now)


def test_the_right_pin_may_be_given_as_often_as_it_is_asked_for(officer: Actor, now: datetime) -> None:
    for _ in range(MANY):
        prove_own_pin(pin=PIN, actor=officer, now=now)
    assert Entry.objects.filter(code="staff.pin_proved").count() == MANY


def test_wrong_ones_run_out_and_then_the_right_one_does_not_help_either(officer: Actor, now: datetime) -> None:
    guess(officer, now, BY_OFFICER.tries)
    for pin in ("735291", PIN):
        with pytest.raises(Refused, match="TOO_MANY_TRIES"):
            prove_own_pin(pin=pin, actor=officer, now=now)
    prove_own_pin(pin=PIN, actor=officer, now=now + BY_OFFICER.per / BY_OFFICER.tries)


def test_the_right_pin_wipes_away_the_wrong_ones(officer: Actor, now: datetime) -> None:
    guess(officer, now, BY_OFFICER.tries - 1)
    prove_own_pin(pin=PIN, actor=officer, now=now)
    guess(officer, now + timedelta(seconds=1), BY_OFFICER.tries)
    with pytest.raises(Refused, match="TOO_MANY_TRIES"):
        prove_own_pin(pin=PIN, actor=officer, now=now)


def test_one_officers_pin_gives_nobody_else_tries(cast: Cast, officer: Actor, now: datetime) -> None:
    other = cast.lapas.actor("second_supervisor", now)
    guess(other, now, BY_OFFICER.tries)
    prove_own_pin(pin=PIN, actor=officer, now=now)
    with pytest.raises(Refused, match="TOO_MANY_TRIES"):
        prove_own_pin(pin=PIN, actor=other, now=now)


def test_whoever_never_set_a_pin_is_told_and_tries_run_out_as_well(officer: Actor, now: datetime) -> None:
    Staff.objects.filter(pk=officer.pk).update(pin_hash="")
    for _ in range(BY_OFFICER.tries):
        with pytest.raises(Refused, match="OWN_PIN_MISSING"):
            prove_own_pin(pin=PIN, actor=officer, now=now)
    with pytest.raises(Refused, match="TOO_MANY_TRIES"):
        prove_own_pin(pin=PIN, actor=officer, now=now)


def test_families_have_no_pin_of_an_officer(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        prove_own_pin(pin=PIN, actor=visitor_actor(cast.siti), now=now)
