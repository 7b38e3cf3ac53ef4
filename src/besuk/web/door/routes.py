"""Addresses of the sockets."""

from typing import Any

routes: list[Any] = []
