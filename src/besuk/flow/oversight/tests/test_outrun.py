"""Ways in which supervision was once outrun, or an officer told more than was so. Each was found by a reviewer."""

import asyncio

import pytest
from django.db import connections

from besuk.flow.bookings.actions import cancel_by_facility
from besuk.flow.live import reach
from besuk.flow.live.actions import enter
from besuk.flow.live.holding import OPENING_PATIENCE_S
from besuk.flow.live.hub import NOT_YOURS
from besuk.flow.live.models import Hold
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight.acts import perform
from besuk.flow.oversight.models import Listening, Note
from besuk.flow.oversight.warnings import REFUSE_REASONS
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast

REASON = next(iter(REFUSE_REASONS))
pytestmark = [pytest.mark.django_db, pytest.mark.asyncio]


async def test_a_site_that_stops_closes_every_open_floor_and_says_so(theatre: Theatre) -> None:
    await theatre.go_live()
    assert theatre.is_open
    await theatre.conductor.stop()
    assert not theatre.is_open
    assert Hold.objects.filter(call=theatre.call, cause="no_supervisor", lifted_at__isnull=True).exists()


async def test_an_officer_who_sees_nothing_cannot_admit_though_another_watches(theatre: Theatre) -> None:

    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.look()
    blind = theatre.actors["officer2"]
    await perform("watch", call_ref=theatre.call.ref, body={}, actor=blind, now=theatre.clock.now())
    with pytest.raises(Refused, match="NO_SUPERVISOR"):
        await perform("admit", call_ref=theatre.call.ref, body={}, actor=blind, now=theatre.clock.now())
    assert not theatre.is_open


async def test_an_opening_act_whose_turn_comes_too_late_opens_nothing(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    resume = theatre.conductor.holding.in_time(lambda: "opened")
    theatre.clock.move(seconds=OPENING_PATIENCE_S + 0.1)
    with pytest.raises(Refused, match="MEDIA_UNAVAILABLE"):
        resume()


async def test_a_pause_and_a_warning_say_whether_they_are_on_record(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("besuk.flow.live.holding.RECORD_PATIENCE_S", 0.05)
    monkeypatch.setattr("besuk.flow.live.conductor.RECORD_PATIENCE_S", 0.05)
    await theatre.go_live()
    assert (await theatre.act("warn", code="dress"))["recorded"] is True
    theatre.database.hung = True
    assert (await theatre.act("warn", code="dress"))["recorded"] is False
    answer = await theatre.act("pause", reason="rules")
    theatre.database.hung = False
    assert (answer["confirmed"], answer["recorded"]) == (True, False)
    await theatre.quiet()
    assert Hold.objects.filter(call=theatre.call, cause="supervisor", lifted_at__isnull=True).exists()


async def test_the_same_act_sent_while_the_first_is_under_way_is_done_once(theatre: Theatre) -> None:

    await theatre.go_live()
    theatre.database.hung = True
    both = [asyncio.ensure_future(theatre_note(theatre, "Tenang.", "k")) for _ in range(2)]
    await asyncio.sleep(0.02)
    theatre.database.hung = False
    answers = await asyncio.gather(*both)
    assert answers[0] == answers[1]
    assert Note.objects.filter(call=theatre.call).count() == 1
    with pytest.raises(Refused, match="SENT_BEFORE_DIFFERENTLY"):
        await theatre_note(theatre, "Lain.", "k")


async def theatre_note(theatre: Theatre, text: str, key: str) -> object:

    body = {"text": text, "key": key}
    return await perform(
        "note", call_ref=theatre.call.ref, body=body, actor=theatre.actors["officer"], now=theatre.clock.now()
    )


async def test_a_visit_that_the_desk_cancels_ends_its_call_like_any_other(theatre: Theatre, cast: Cast) -> None:
    await theatre.go_live()
    await theatre.act("listen")
    connections["default"] = theatre.database._connection
    cancel_by_facility(
        visit_ref=theatre.call.visit.ref,
        outcome="cancelled_by_facility",
        reason="listrik padam",
        key="k",
        actor=cast.lapas.actor("desk", theatre.clock.now()),
        now=theatre.clock.now(),
    )
    assert Listening.objects.get(call=theatre.call).until == theatre.clock.now()
    reach.hint_over(theatre.call.ref, "cancelled_by_facility")  # what the commit does
    await theatre.quiet()
    await theatre.quiet()
    assert not theatre.is_open
    assert theatre.call.ref not in theatre.conductor.studio.stages


async def test_who_comes_in_while_the_call_ends_is_put_out(theatre: Theatre) -> None:
    await theatre.go_live()
    passage = await theatre.conductor.doors.enter(theatre.ref("visitor"), theatre.actors["visitor"])
    theatre.stage.ending = True
    await theatre.conductor.doors.joined(passage)
    assert passage.shut.is_set()


async def test_the_door_asks_for_the_capability_too(theatre: Theatre) -> None:
    powerless = theatre.actors["visitor"]
    stripped = Actor(powerless.kind, powerless.pk, powerless.subject, powerless.label)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        enter(participation_ref=theatre.ref("visitor"), actor=stripped, now=theatre.clock.now())


async def test_who_is_dismissed_barred_or_signed_out_leaves_within_seconds(theatre: Theatre) -> None:
    still: dict[str, Actor] = dict(theatre.actors)
    await theatre.come_in("visitor", again=lambda: still["visitor"])
    await theatre.come_in("inmate", again=lambda: still["inmate"])
    await theatre.watch()
    officer = await theatre.come_in("officer", again=lambda: still["officer"])
    assert theatre.wall is not None
    theatre.wall.again = lambda: still["officer"]
    wall = theatre.ears["officer"]
    await theatre.pass_by(4)
    await theatre.act("admit")
    assert (theatre.is_open, officer.shut.is_set(), wall.code) == (True, False, None)
    still["officer"] = NOBODY
    await theatre.pass_by(4)
    assert officer.shut.is_set()
    assert wall.code == NOT_YOURS
    assert not theatre.is_open


async def test_a_barred_visitor_is_put_out_of_the_room(theatre: Theatre) -> None:
    still: dict[str, Actor] = dict(theatre.actors)
    passage = await theatre.come_in("visitor", again=lambda: still["visitor"])
    still["visitor"] = NOBODY
    await theatre.pass_by(4, beats=False)
    assert passage.shut.is_set()
    assert await theatre.media.participants(theatre.call.room) == []


async def test_another_device_after_admit_sees_nobody_until_an_officer_has_looked(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.come_in("visitor", browser="own phone")
    assert theatre.is_open
    await theatre.come_in("visitor", browser="own phone")
    assert theatre.is_open, "the same browser may reload as often as it likes"
    await theatre.come_in("visitor", browser="another")
    assert "identity" in theatre.stage.holds
    assert not theatre.is_open
    await theatre.look()
    await theatre.act("admit")
    assert theatre.is_open
    assert not Hold.objects.filter(call=theatre.call, cause="identity", lifted_at__isnull=True).exists()


async def test_the_wrong_face_on_another_device_ends_the_call(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.come_in("visitor", browser="own phone")
    with pytest.raises(Refused, match="STATE_CHANGED"):
        await theatre.act("refuse", reason=REASON)
    await theatre.come_in("visitor", browser="another")
    assert (await theatre.act("refuse", reason=REASON))["outcome"] == "visitor_failed_identity"
    assert not theatre.is_open
