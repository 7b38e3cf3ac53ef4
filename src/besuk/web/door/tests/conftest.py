"""The theatre of `live`, reached through the real ASGI application."""

from besuk.flow.live.tests.conftest import actors, call, connection, theatre

__all__ = ["actors", "call", "connection", "theatre"]
