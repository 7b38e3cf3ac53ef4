from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from besuk.flow.live import reach
from besuk.flow.live.models import Call
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.kernel.actor import Actor
from besuk.testing.builders import approved_tie, booked_visit, call_ready, on_duty
from besuk.testing.cast import Cast, as_visitor
from besuk.testing.clock import FixedClock


@pytest.fixture
def call(cast: Cast) -> Call:
    """A prepared call of the Lapas: both sides are ready, nobody has joined."""
    return call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))


@pytest.fixture
def connection(db: None) -> BaseDatabaseWrapper:
    """The test's own connection, whose work is undone at its end."""
    return connections["default"]


@pytest.fixture
def actors(cast: Cast, clock_at: FixedClock) -> dict[str, Actor]:
    """Everybody of the call, and one who is not. The officers are on duty."""
    for role in ("supervisor", "second_supervisor"):
        on_duty(cast.lapas.staff[role], cast.lapas.facility, now=clock_at.now())
    return {
        "visitor": as_visitor(cast.siti),
        "inmate": cast.lapas.station(1),
        "officer": cast.lapas.actor("supervisor", clock_at.now()),
        "officer2": cast.lapas.actor("second_supervisor", clock_at.now()),
        "head": cast.lapas.actor("head", clock_at.now()),
        "outsider": as_visitor(cast.outsider),
    }


@pytest.fixture
async def theatre(
    call: Call,
    actors: dict[str, Actor],
    clock_at: FixedClock,
    connection: BaseDatabaseWrapper,
    monkeypatch: pytest.MonkeyPatch,
    *,
    tmp_path: Path,
) -> AsyncIterator[Theatre]:
    """The call with a running conductor. The database is asked in this thread, so everything has its order."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    connections["default"] = connection
    stage = Theatre(call, actors, clock_at, connection, tmp_path / "unrecorded")
    await stage.start()
    reach.install(stage.conductor)
    yield stage
    reach.install(None)
    stage.database.down = False
    await stage.conductor.stop()
