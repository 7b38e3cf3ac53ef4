"""A demo with its three windows, for benchmarks of calls."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from besuk.testing.browsers import browsers
from besuk.testing.networks import Network
from besuk.testing.scene import Scene, lines_of
from besuk.testing.site import running_demo


@contextmanager
def scene(net: Network | None = None) -> Iterator[Scene]:
    """A running site and its people's browsers, nobody in a call yet; each with a line of its own on a network."""
    with (
        tempfile.TemporaryDirectory() as site_folder,
        tempfile.TemporaryDirectory() as devices,
        running_demo(Path(site_folder), inside=net.inside if net else ()) as site,
        browsers(Path(devices)) as opened,
    ):
        yield Scene(site, opened, lines_of(net) if net else None)


def live_call(stage: Scene) -> None:
    """Bring them into a call that began this minute, and admit."""
    stage.site.make_due()
    stage.gather()
    stage.admit()
    stage.family.page.wait_for_timeout(1500)
