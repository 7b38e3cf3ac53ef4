"""One order of locking, checked on every database."""

import pytest

from besuk.ground.kernel.locks import LockOrderError, Rank, lock, take_rank
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import current, is_open, unit

pytestmark = pytest.mark.django_db


def test_locks_are_taken_from_left_to_right() -> None:
    with unit():
        for rank in sorted(Rank):
            take_rank(rank)
        assert current().rank == Rank.CHAIN


@pytest.mark.parametrize(
    ("held", "asked"), [(Rank.VISIT, Rank.INMATE), (Rank.CALL, Rank.LEDGER), (Rank.CHAIN, Rank.CALL)]
)
def test_a_lock_left_of_those_held_is_refused(held: Rank, asked: Rank) -> None:
    with unit():
        take_rank(held)
        with pytest.raises(LockOrderError, match=f"{asked.name} asked for while {held.name} is held"):
            take_rank(asked)


def test_asking_again_for_what_is_held_is_fine() -> None:
    with unit():
        take_rank(Rank.VISIT)
        take_rank(Rank.VISIT)


def test_an_inner_unit_keeps_the_order_of_the_outer_one() -> None:
    with unit():
        take_rank(Rank.CALL)
        with unit(), pytest.raises(LockOrderError):
            take_rank(Rank.INMATE)


def test_a_new_unit_starts_anew() -> None:
    with unit():
        take_rank(Rank.CALL)
    with unit():
        take_rank(Rank.INMATE)


def test_a_lock_outside_a_unit_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        lock(Rank.VISIT, Facility.objects.all())
    assert not is_open()


def test_rows_come_fresh_and_by_primary_key() -> None:
    made = [Facility.objects.create(code=code, name=code) for code in ("c", "a", "b")]
    Facility.objects.filter(pk=made[0].pk).update(name="new")
    with unit():
        rows = lock(Rank.VISIT, Facility.objects.order_by("code"))
    assert [row.pk for row in rows] == sorted(one.pk for one in made)
    assert rows[0].name == "new"
