"""Addresses of the sockets."""

from typing import Any, cast

from django.urls import path

from besuk.web.door.control import PartyControl, WallControl
from besuk.web.door.door import door
from besuk.web.visitor.echo import Echo

routes: list[Any] = [
    path("control/wall", WallControl.as_asgi()),
    path("control/<str:participation>", PartyControl.as_asgi()),
    path("echo", Echo.as_asgi()),
    path("door/<str:participation>/rtc/v1", cast(Any, door)),
]
