"""A running demo and three windows of real Chromium."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from besuk.testing import faults, needs
from besuk.testing.browsers import Browsers, browsers
from besuk.testing.scene import Scene
from besuk.testing.site import Site, running_demo

DISK_MB = 64


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo keeps its data."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of its own, small enough to be filled. Leaves the test out where nobody may mount one."""
    folder = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"a disk of its own wants the right to mount one (root, CAP_SYS_ADMIN): {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[Site]:
    """A demo of its own for each file of tests."""
    needs.media_server()
    needs.chromium()
    with running_demo(home) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    """Opens windows; all are closed at the end of the file."""
    with browsers(tmp_path_factory.mktemp("devices")) as opened:
        yield opened


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers) -> Scene:
    """A visit that began this minute, both sides in the call and admitted."""
    built = Scene(site, chromium)
    site.make_due()
    built.gather()
    built.admit()
    faults.seconds_until_passing(built, 20)
    return built
