"""Addresses of the sockets."""

from typing import Any

from django.urls import path

from besuk.web.door import control
from besuk.web.door.door import door

routes: list[Any] = [
    path("control/wall", control.walls()),
    path("control/<str:participation>", control.parties()),
    path("door/<str:participation>/rtc/v1", door),
]
