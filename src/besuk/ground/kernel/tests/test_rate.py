"""Tries run out and come back."""

from datetime import datetime, timedelta

import pytest

from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.rate import Limit, give_back, refilled, take

THREE = Limit(tries=3, per=timedelta(minutes=30))


@pytest.mark.django_db
def test_tries_run_out_and_come_back_one_by_one(now: datetime) -> None:
    for _ in range(3):
        take("k", THREE, now)
    with pytest.raises(Refused) as refused:
        take("k", THREE, now)
    assert refused.value.codes == ("TOO_MANY_TRIES",)
    assert refused.value.reasons[0].detail["minutes"] == 10
    take("k", THREE, now + timedelta(minutes=10))
    with pytest.raises(Refused):
        take("k", THREE, now + timedelta(minutes=19))
    take("k", THREE, now + timedelta(minutes=20))


@pytest.mark.django_db
def test_each_key_has_its_own_tries(now: datetime) -> None:
    for _ in range(3):
        take("one", THREE, now)
    take("other", THREE, now)


@pytest.mark.django_db
def test_given_back_all_tries_of_this_key_are_there_and_no_more(now: datetime) -> None:
    give_back("k", THREE, now)
    for key in ("k", "k", "k", "other", "other", "other"):
        take(key, THREE, now)
    give_back("k", THREE, now)
    for _ in range(3):
        take("k", THREE, now)
    for key in ("k", "other"):
        with pytest.raises(Refused):
            take(key, THREE, now)


def test_no_more_than_all_tries_come_back(now: datetime) -> None:
    assert refilled(1.0, now, now + timedelta(days=1), THREE) == 3.0


def test_a_clock_set_back_gives_nothing(now: datetime) -> None:
    assert refilled(1.0, now, now - timedelta(days=1), THREE) == 1.0
