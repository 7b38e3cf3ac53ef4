"""The answer to a client library whose connection failed: try again, or never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from livekit.protocol import rtc

from besuk.flow.live.models import Participation
from besuk.ground.kernel import clock
from besuk.ground.media.tests.test_join_request import wrapped
from besuk.testing.builders import approved_tie, booked_visit, call_ready

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.django_db

QUERY = {"join_request": wrapped(rtc.JoinRequest().SerializeToString()), "access_token": "home-made"}


def ask(client: Client, ref: str, query: dict[str, str] = QUERY) -> int:
    return client.get(f"/door/{ref}/rtc/v1/validate", query).status_code


@pytest.fixture
def place(cast: Cast, clock_at: FixedClock) -> Participation:
    call = call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))
    clock_at.at = call.visit.starts_at
    return Participation.objects.get(call=call, role="visitor")


@pytest.fixture
def siti(cast: Cast, client: Client) -> Client:
    session = client.session
    session["visitor"] = cast.siti.pk
    session.save()
    return client


def test_whoever_may_be_in_the_call_may_try_again(siti: Client, place: Participation) -> None:
    assert ask(siti, place.ref) == 200


def test_whoever_was_put_out_may_not(siti: Client, place: Participation) -> None:
    Participation.objects.filter(pk=place.pk).update(ejected_at=clock.now())
    assert ask(siti, place.ref) == 403


def test_a_stranger_and_an_unknown_place_may_not_and_never_read_not_found(place: Participation) -> None:
    assert ask(Client(), place.ref) == 403
    assert ask(Client(), "v-nobody") == 403


def test_a_request_that_breaks_the_rules_is_final(siti: Client, place: Participation) -> None:
    assert ask(siti, place.ref, {"join_request": "%%%"}) == 403
    assert ask(siti, place.ref, {}) == 403
