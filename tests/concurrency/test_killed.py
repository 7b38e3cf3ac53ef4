"""The process that books is killed in the middle of its work (promise 10)."""

import pytest

from tests.concurrency.conftest import Arena

pytestmark = pytest.mark.slow
ENOUGH = 3
"""Of eight that there are to be had."""


def lines(out: str, word: str) -> dict[str, str]:
    """Turn -> what was said about it, for the lines that begin with `word`."""
    said = [line.split() for line in out.splitlines() if line.startswith(word)]
    return {parts[1]: parts[2] for parts in said if len(parts) == 3}


def test_what_was_acknowledged_survives_and_asking_again_books_nothing_twice(arena: Arena) -> None:
    process = arena.command("stream")
    assert process.stdout is not None
    acknowledged = ""
    while len(lines(acknowledged, "booked")) < ENOUGH:
        acknowledged += process.stdout.readline()
    process.kill()
    rest, _ = process.communicate(timeout=30)
    before = lines(acknowledged + rest, "booked")
    assert len(before) >= ENOUGH
    assert '"said"' not in rest, "the process was killed while it worked"

    again = arena.command("stream", again=True)
    out, complaints = again.communicate(timeout=120)
    after = lines(out, "booked")
    assert set(after.items()) >= set(before.items()), complaints[-2000:]
    assert len(set(after.values())) == len(after)
    assert '"most_of_a_slot": 1' in out
    assert '"held": 0' in out
