"""A running demo and three windows of real Chromium."""

from collections.abc import Iterator

import pytest

from besuk.testing import needs
from besuk.testing.browsers import Browsers, browsers
from besuk.testing.site import Site, running_demo


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo of its own for each file of tests."""
    needs.media_server()
    needs.chromium()
    with running_demo(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    """Opens windows; all are closed at the end of the file."""
    with browsers(tmp_path_factory.mktemp("devices")) as opened:
        yield opened
