"""Time has one source, and two kinds."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import besuk
from besuk.ground.kernel import clock
from besuk.testing.clock import THURSDAY, FixedClock

READS_TIME = re.compile(r"datetime\.now\(|timezone\.now\(|time\.time\(|date\.today\(|\bnow\(\)\s*#|utcnow\(")


def test_the_machine_says_now_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_demo_may_play_another_date() -> None:
    with clock.installed(clock.MachineClock(timedelta(days=9))):
        ahead = clock.now()
    assert timedelta(days=8) < ahead - clock.now() <= timedelta(days=9)


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    fixed = FixedClock()
    with clock.installed(fixed):
        assert clock.now() == clock.now() == THURSDAY
        before = clock.monotonic()
        fixed.move(minutes=2)
        assert clock.now() == THURSDAY + timedelta(minutes=2)
        assert clock.monotonic() - before == 120


def test_an_administrator_may_set_the_clock_back_and_durations_do_not_notice() -> None:
    fixed = FixedClock()
    before = fixed.monotonic()
    fixed.jump(hours=-1)
    assert fixed.now() < THURSDAY
    assert fixed.monotonic() == before


def test_the_former_clock_comes_back_after_an_error() -> None:
    try:
        with clock.installed(FixedClock()):
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert clock.now() != THURSDAY


def test_rules_actions_and_queries_of_the_ground_do_not_read_time() -> None:
    ground = Path(besuk.__file__).parent / "ground"
    readers = [
        path.name
        for path in ground.rglob("*.py")
        if "tests" not in path.parts and path.name != "clock.py" and READS_TIME.search(path.read_text())
    ]
    assert readers == []
