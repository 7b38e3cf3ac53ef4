"""The same form sent twice does its work once."""

from datetime import datetime, timedelta

import pytest

from besuk.ground.kernel import idempotency
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused, refuse
from besuk.ground.kernel.models import IdempotencyKey
from besuk.ground.kernel.unit import unit

pytestmark = pytest.mark.django_db

SITI = Actor("visitor", 1, "subject-of-siti", "Siti")
BUDI = Actor("visitor", 2, "subject-of-budi", "Budi")


def send(now: datetime, *, actor: Actor = SITI, action: str = "confirm", key: str = "k1", body: str = "b") -> str:
    """An action that answers with the first answer, or a new one."""
    with unit():
        row = idempotency.once(actor, action, key, body, now)
        if not row.result:
            idempotency.answered(row, f"answer {IdempotencyKey.objects.count()}")
        return row.result


def test_the_second_sending_gets_the_first_answer(now: datetime) -> None:
    assert send(now) == send(now) == "answer 1"


@pytest.mark.parametrize("other", [{"actor": BUDI}, {"action": "cancel"}, {"key": "k2"}])
def test_another_person_action_or_key_is_another_form(now: datetime, other: dict[str, str]) -> None:
    send(now)
    assert send(now, **other) == "answer 2"  # type: ignore[arg-type]


def test_the_same_key_with_another_body_is_refused(now: datetime) -> None:
    send(now)
    with pytest.raises(Refused) as refused:
        send(now, body="other")
    assert refused.value.codes == ("SENT_BEFORE_DIFFERENTLY",)


@pytest.mark.parametrize("key", ["", "x" * 65])
def test_a_form_without_a_usable_key_is_refused(now: datetime, key: str) -> None:
    with pytest.raises(Refused) as refused:
        send(now, key=key)
    assert refused.value.codes == ("FORM_INCOMPLETE",)


def test_a_refusal_is_not_stored(now: datetime) -> None:
    def refused_action() -> None:
        with unit():
            idempotency.once(SITI, "confirm", "k1", "b", now)
            raise refuse("HOLD_EXPIRED")

    with pytest.raises(Refused):
        refused_action()
    assert send(now) == "answer 1"


def test_keys_are_kept_seven_days(now: datetime) -> None:
    send(now)
    assert idempotency.sweep(now + timedelta(days=7)) == 0
    assert idempotency.sweep(now + timedelta(days=7, seconds=1)) == 1
