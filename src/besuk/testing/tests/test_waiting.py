import pytest

from besuk.testing.waiting import until, within


def test_it_looks_again_until_it_is_so() -> None:
    answers = iter([False, False, True])
    assert within(5, lambda: next(answers))
    answers = iter([False, True])
    assert 0 < until(lambda: next(answers)) < 5


def test_what_does_not_happen_is_told() -> None:
    assert not within(0.1, lambda: False)
    with pytest.raises(AssertionError, match="did not happen"):
        until(lambda: False, 0.1)
