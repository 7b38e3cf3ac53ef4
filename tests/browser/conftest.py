"""A running demo and three windows of real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from besuk.ground.media.server import binary_path
from besuk.testing.browsers import CHROMIUM, Browsers, browsers
from besuk.testing.site import Site, running_demo


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo of its own for each file of tests."""
    if binary_path() is None or not Path(CHROMIUM).exists():
        pytest.skip("needs the media server and Chromium: run `make setup`")
    with running_demo(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    """Opens windows; all are closed at the end of the file."""
    with browsers(tmp_path_factory.mktemp("devices")) as opened:
        yield opened
