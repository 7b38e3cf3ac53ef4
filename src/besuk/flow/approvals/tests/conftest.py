"""Pictures and ties that several tests of vetting use."""

import io
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from besuk.flow.approvals.models import Tie
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.kernel.actor import Actor
from besuk.testing.builders import tie
from besuk.testing.cast import Cast


def painted(kind: str = "JPEG", size: tuple[int, int] = (800, 500), **how: Any) -> bytes:
    """A picture with a red left half, so that turning it shows."""
    picture = Image.new("RGB", size, (20, 90, 60))
    picture.paste((250, 0, 0), (0, 0, size[0] // 2, size[1]))
    stream = io.BytesIO()
    picture.save(stream, kind, **how)
    return stream.getvalue()


@pytest.fixture
def desk(cast: Cast, now: datetime) -> Actor:
    return cast.lapas.actor("desk", now)


@pytest.fixture
def siti(cast: Cast) -> Actor:
    return visitor_actor(cast.siti)


@pytest.fixture
def applied(cast: Cast) -> Tie:
    """Siti has applied to see the first inmate; nobody has matched him yet."""
    one = tie(cast.siti, cast.lapas.convicted, state="submitted")
    Tie.objects.filter(pk=one.pk).update(inmate=None)
    one.refresh_from_db()
    return one
