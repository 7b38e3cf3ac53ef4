"""What real tests need on the machine. They fail without it: a test that is left out quietly shows nothing."""

from pathlib import Path

import pytest

from besuk.ground.media.server import binary_path
from besuk.testing.browsers import CHROMIUM


def media_server() -> Path:
    """The media server's program; fails the test where set-up has not built it."""
    binary = binary_path()
    if binary is None:
        pytest.fail("there is no media server: run `make setup`", pytrace=False)
    return binary


def chromium() -> None:
    """Fails the test where Debian's Chromium is not installed."""
    if not Path(CHROMIUM).exists():
        pytest.fail("there is no Chromium: run `make setup`", pytrace=False)
