"""Addresses of the sockets."""

from typing import Any, cast

from django.urls import path, re_path

from besuk.web.door.control import LookControl, PartyControl, WallControl
from besuk.web.door.door import door, nowhere, voice
from besuk.web.visitor.echo import Echo

routes: list[Any] = [
    path("control/wall", WallControl.as_asgi()),
    path("control/look/<slug:participation>", LookControl.as_asgi()),
    path("control/<slug:participation>", PartyControl.as_asgi()),
    path("echo", Echo.as_asgi()),
    path("door/<slug:participation>/rtc/v1", cast(Any, door)),
    path("door/<slug:participation>/voice/rtc/v1", cast(Any, voice)),
    re_path("", cast(Any, nowhere)),
]
