"""A demo with its three windows, for benchmarks of calls."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from besuk.testing.browsers import browsers
from besuk.testing.scene import Scene
from besuk.testing.site import running_demo


@contextmanager
def scene() -> Iterator[Scene]:
    """A running site and its people's browsers, nobody in a call yet."""
    with (
        tempfile.TemporaryDirectory() as site_folder,
        tempfile.TemporaryDirectory() as devices,
        running_demo(Path(site_folder)) as site,
        browsers(Path(devices)) as opened,
    ):
        yield Scene(site, opened)


def live_call(stage: Scene) -> None:
    """Bring them into a call that began this minute, and admit."""
    stage.site.make_due()
    stage.gather()
    stage.admit()
    stage.family.page.wait_for_timeout(1500)
