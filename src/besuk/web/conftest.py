"""Browsers of tests of pages, signed in as somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from besuk.ground.accounts.models import Staff, Visitor

    Browse = Callable[["Visitor | Staff | str"], Client]


@pytest.fixture
def browse_as() -> Browse:
    """A browser signed in as a visitor or a member of staff, or paired as a station (by its device key)."""
    from django.test import Client

    from besuk.ground.accounts.models import Staff
    from besuk.web.shared.identity import STATION_COOKIE, VISITOR_KEY

    def browser(who: Visitor | Staff | str) -> Client:
        client = Client()
        if isinstance(who, str):
            client.cookies[STATION_COOKIE] = who
        elif isinstance(who, Staff):
            client.force_login(who)
        else:
            session = client.session
            session[VISITOR_KEY] = who.pk
            session.save()
        return client

    return browser
