"""The fixtures of tests at a running demo, for a conftest: `home, site, chromium = at_a_running_demo("module")`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from besuk.testing import needs
from besuk.testing.browsers import Browsers, browsers
from besuk.testing.site import Site, running_demo


def at_a_running_demo(scope: Literal["module", "package"]) -> tuple[Any, Any, Any]:
    """`home` (where the demo keeps its data), `site` (the demo), `chromium` (opens windows): once for each `scope`."""

    @pytest.fixture(scope=scope)
    def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("site")

    @pytest.fixture(scope=scope)
    def site(home: Path) -> Iterator[Site]:
        needs.media_server()
        needs.chromium()
        with running_demo(home) as running:
            yield running

    @pytest.fixture(scope=scope)
    def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
        with browsers(tmp_path_factory.mktemp("devices")) as opened:
            yield opened

    return home, site, chromium
