"""One running demo and one call for the folder, with the real media server; files run in the order of their names."""

from collections.abc import Iterator

import pytest

from besuk.testing.browsers import Browsers
from besuk.testing.faults import seconds_until_passing
from besuk.testing.running import at_a_running_demo
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from tests.redteam.attack import Changed, Media, Record, cookies

LETTERS = """
window.__letters = 0;
const listen = (channel) => channel.addEventListener("message", () => { window.__letters += 1; });
const make = RTCPeerConnection.prototype.createDataChannel;
RTCPeerConnection.prototype.createDataChannel = function (...given) {
  const channel = make.apply(this, given);
  listen(channel);
  return channel;
};
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...given) {
    super(...given);
    this.addEventListener("datachannel", ({ channel }) => listen(channel));
  }
};
"""
"""Counts what comes to a page beside picture and sound."""


home, site, chromium = at_a_running_demo("package")


@pytest.fixture(scope="package")
def record(site: Site) -> Record:
    return Record(site)


@pytest.fixture(autouse=True)
def a_case_of_its_own(record: Record) -> None:
    record.begin()


@pytest.fixture(scope="package")
def scene(site: Site, chromium: Browsers, record: Record) -> Iterator[Scene]:
    """A call in which both see and hear each other, watched by an officer."""
    site.make_due()
    built = Scene(site, chromium)
    built.station.context.add_init_script(LETTERS)
    built.gather()
    built.admit()
    seconds_until_passing(built, 20)
    yield built
    for window in (built.family, built.station, built.officer):
        window.close()


@pytest.fixture(scope="package")
def call(scene: Scene, record: Record) -> str:
    return record.call()[0]


@pytest.fixture(scope="package")
def changed(site: Site, scene: Scene, record: Record) -> Changed:
    """The family's own page is left for a changed one, in the same browser."""
    return Changed(site, scene, record.place("visitor"))


@pytest.fixture(scope="package")
def media(site: Site, scene: Scene) -> Media:
    return Media(site)


@pytest.fixture(scope="package")
def stranger(site: Site, chromium: Browsers) -> str:
    """The cookie of an officer of another prison."""
    window = chromium.open()
    window.page.goto(f"{site.base}/demo/")
    window.press("enter-pengawas.teladan")
    window.page.wait_for_load_state()
    cookie = cookies(window)
    window.close()
    return cookie
