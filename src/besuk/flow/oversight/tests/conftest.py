"""The same theatre as in `live`, with an officer at the wall."""

from besuk.flow.live.tests.conftest import actors, call, connection, theatre

__all__ = ["actors", "call", "connection", "theatre"]
