"""A running demo and three windows of real Chromium."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from besuk.testing import faults, needs
from besuk.testing.browsers import Browsers
from besuk.testing.running import at_a_running_demo
from besuk.testing.scene import Scene
from besuk.testing.site import Site

DISK_MB = 64
home, site, chromium = at_a_running_demo("module")


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of its own, small enough to be filled. Only for whoever may mount one."""
    folder = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        needs.left_out(
            f"a disk of its own wants the right to mount one (root, CAP_SYS_ADMIN): {mounted.stderr.strip()}"
        )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers) -> Scene:
    """A visit that began this minute, both sides in the call and admitted."""
    built = Scene.live(site, chromium)
    faults.seconds_until_passing(built, 20)
    return built
