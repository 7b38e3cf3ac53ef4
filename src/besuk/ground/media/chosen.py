"""The media server that this process talks to: LiveKit or the stub, as the settings say."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from besuk.ground.media.livekit import LiveKitServer
from besuk.ground.media.port import MediaCluster, MediaServer
from besuk.ground.media.stub import StubServer

_installed: MediaServer | None = None


def media() -> MediaServer:
    """The one media server of this process, made on first use."""
    global _installed  # noqa: PLW0603  one a process is the point
    if _installed is None:
        _installed = _from_settings()
    return _installed


def cluster() -> MediaCluster:
    """Where the settings say the media server is."""
    return MediaCluster(settings.BESUK_MEDIA_URL, settings.BESUK_MEDIA_API_KEY, settings.BESUK_MEDIA_API_SECRET)


@contextmanager
def installed(server: MediaServer) -> Iterator[None]:
    """Use `server` inside the block (tests)."""
    global _installed  # noqa: PLW0603
    before = _installed
    _installed = server
    try:
        yield
    finally:
        _installed = before


def _from_settings() -> MediaServer:
    return StubServer() if settings.BESUK_MEDIA == "stub" else LiveKitServer(cluster())
