"""What is left out at somebody's own machine is not left out quietly where everything must be tried."""

import os

import pytest

from besuk.testing import needs


@pytest.mark.parametrize(("ci", "user", "fails"), [("", 1000, False), ("true", 1000, True), ("", 0, True)])
def test_only_a_person_at_their_own_machine_may_lack_something(
    monkeypatch: pytest.MonkeyPatch, *, ci: str, user: int, fails: bool
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with pytest.raises(pytest.fail.Exception if fails else pytest.skip.Exception, match="a disk"):
        needs.left_out("a disk")


def test_root_is_asked_for_only_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    needs.root()
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.fail.Exception, match="root"):
        needs.root()
