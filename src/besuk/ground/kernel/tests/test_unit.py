"""Half an action is never kept."""

import pytest

from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.unit import current, is_open, unit

pytestmark = pytest.mark.django_db


def make(code: str) -> None:
    """A row to be kept or not."""
    Facility.objects.create(code=code, name=code)


def test_what_is_to_be_done_before_the_commit_is_done_at_the_end_of_the_outermost() -> None:
    done: list[str] = []
    with unit():
        with unit() as inner:
            inner.before_commit.append(lambda: done.append("finished"))
        assert done == []
    assert done == ["finished"]


def test_nothing_is_finished_after_a_failure() -> None:
    done: list[str] = []

    def fails() -> None:
        with unit() as one:
            one.before_commit.append(lambda: done.append("finished"))
            make("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert done == []
    assert not Facility.objects.exists()
    assert not is_open()


@pytest.mark.django_db(transaction=True)
def test_a_failure_inside_takes_the_outer_work_along_even_when_it_is_caught() -> None:
    def inner() -> None:
        with unit():
            make("inner")
            raise ZeroDivisionError

    def outer() -> None:
        with unit():
            make("outer")
            with pytest.raises(ZeroDivisionError):
                inner()

    outer()
    assert not Facility.objects.exists()


def test_outside_there_is_no_current_unit() -> None:
    with pytest.raises(RuntimeError, match="unit of work"):
        current()
