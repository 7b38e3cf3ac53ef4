"""What real tests need on the machine. They fail without it: a test that is left out quietly shows nothing.

Only what a person at their own machine may lack for good reason is skipped there, with the reason.
"""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from besuk.ground.media.server import binary_path
from besuk.testing.browsers import CHROMIUM


def media_server() -> Path:
    """The media server's program; fails the test where set-up has not built it."""
    binary = binary_path()
    if binary is None:
        pytest.fail("there is no media server: run `make setup`", pytrace=False)
    return binary


def root() -> None:
    """Leaves the test out for people without root, which making networks needs."""
    if os.geteuid() != 0:
        left_out("cutting network lines needs root: run it with sudo")


def left_out(why: str) -> NoReturn:
    """Skips the test at somebody's own machine, named in pytest's summary; in CI and for root it fails."""
    if os.environ.get("CI") or os.geteuid() == 0:
        pytest.fail(why, pytrace=False)
    # a person at their own machine may lack root; CI and root, who can do it, have failed above
    pytest.skip(why)


def chromium() -> None:
    """Fails the test where Debian's Chromium is not installed."""
    if not Path(CHROMIUM).exists():
        pytest.fail("there is no Chromium: run `make setup`", pytrace=False)
