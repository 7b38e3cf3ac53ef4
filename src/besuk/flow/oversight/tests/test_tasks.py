"""The task list fills itself, is taken and ticked off, and stands on record."""

import asyncio
import time
from datetime import timedelta
from typing import cast

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from besuk.flow.bookings.models import Visit
from besuk.flow.live.tests.theatre import CAMERA, MICROPHONE, Theatre
from besuk.flow.oversight import actions, acts
from besuk.flow.oversight.actions.tasks import Which
from besuk.flow.oversight.models import Task
from besuk.flow.oversight.queries import old_tasks
from besuk.flow.oversight.tests.tasks_seen import DARK, FINE, act_as, listed, meet, rows, see, shown
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.asyncio]


async def test_a_side_that_is_cut_off_is_a_task_until_it_is_back(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.go("visitor")
    await theatre.pass_by(3)
    assert shown(theatre) == ["technical_visitor"]
    assert listed(theatre)[0]["title"] == "Keluarga: sambungan terputus"
    await theatre.come_in("visitor")
    await theatre.pass_by(2)
    assert shown(theatre) == []
    (row,) = rows("technical")
    assert (row.side, row.done_at) == ("visitor", None)
    assert row.cleared_at is not None
    codes = Entry.objects.filter(code__startswith="task.", data__kind="technical").order_by("pk")
    assert [entry.code for entry in codes] == ["task.raise", "task.clear"]


async def test_a_line_that_is_cut_while_its_sockets_stand_is_the_same_task(theatre: Theatre) -> None:
    await meet(theatre)
    theatre.speak("visitor", "inmate")
    await see(theatre, 1, {})
    for _ in range(6):
        theatre.speak("inmate")
        await see(theatre, 1, {}, frozen=["visitor"])
    assert theatre.stage.holds == {"technical"}
    assert shown(theatre) == ["technical_visitor"]


async def test_a_side_that_never_came_is_late_from_its_time_on(theatre: Theatre) -> None:
    theatre.open_wall()
    await theatre.come_in("inmate")
    await theatre.watch()
    theatre.stage.starts_at = theatre.clock.now() + timedelta(seconds=30)
    await theatre.pass_by(88)
    assert shown(theatre) == [], "nobody is late in the first minute"
    await theatre.pass_by(4)
    assert shown(theatre) == ["late_visitor"]
    await theatre.come_in("visitor")
    await theatre.pass_by(2)
    assert shown(theatre) == ["identity"]


async def test_a_call_that_is_due_and_has_no_officer_is_a_task_of_everybody(theatre: Theatre) -> None:
    theatre.open_wall("officer2")
    theatre.wall = None
    theatre.stage.starts_at = theatre.clock.now() + timedelta(seconds=5)
    await theatre.pass_by(4)
    assert shown(theatre, "officer2") == [], "before its time nobody has to watch"
    await theatre.pass_by(2)
    assert shown(theatre, "officer2") == ["no_supervisor"]


async def test_a_live_call_whose_officer_is_gone_is_the_first_task(theatre: Theatre) -> None:
    await meet(theatre)
    theatre.open_wall("officer2")
    theatre.wall = None
    await theatre.pass_by(4, beats=False)
    assert shown(theatre, "officer2") == ["no_supervisor"]


async def test_a_second_officer_who_is_missing_is_said_as_that(theatre: Theatre) -> None:
    await meet(theatre)
    Visit.objects.filter(ref=theatre.stage.visit_ref).update(sensitive=True)
    await theatre.pass_by(3)
    assert shown(theatre) == ["second"]


async def test_identity_is_due_until_the_officer_admits(theatre: Theatre) -> None:
    theatre.open_wall()
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.look()
    assert shown(theatre) == ["identity"]
    await theatre.act("admit")
    await theatre.look()
    assert shown(theatre) == []


async def test_a_recorder_that_is_down_is_a_task(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.conductor.hold(theatre.call.ref, "recorder")
    await theatre.pass_by(1)
    assert shown(theatre) == ["recorder"]
    await theatre.conductor.lift(theatre.call.ref, "recorder")
    await theatre.pass_by(1)
    assert shown(theatre) == []


async def test_no_picture_is_a_task_after_five_seconds(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.come_in("inmate", MICROPHONE)
    await theatre.pass_by(4)
    assert shown(theatre) == []
    await theatre.pass_by(3)
    assert shown(theatre) == ["no_picture_inmate"]
    await theatre.come_in("inmate", CAMERA, MICROPHONE)
    await theatre.pass_by(2)
    assert shown(theatre) == []


async def test_what_is_urgent_stands_first_and_what_is_done_last(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.go("inmate")
    await theatre.pass_by(3)
    visitor = theatre.stage.side("visitor")
    assert visitor is not None
    visitor.help_wanted = True
    await theatre.pass_by(1)
    assert shown(theatre) == ["help_visitor", "technical_inmate"]
    await see(theatre, 12, {"visitor": DARK})
    await theatre.act("done", task="dark_visitor")
    await see(theatre, 1, {"visitor": DARK})
    assert shown(theatre) == ["help_visitor", "technical_inmate", "dark_visitor"]


async def test_what_is_done_does_not_come_back_while_it_lasts_and_says_whose_word_it_was(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    await theatre.act("done", task="dark_visitor")
    await see(theatre, 300, {"visitor": DARK})
    (task,) = listed(theatre)
    assert task["done_by"] == theatre.actors["officer"].label
    assert (task["can_take"], task["can_finish"]) == (False, False)
    assert len(rows("dark")) == 1
    assert Entry.objects.filter(code="task.done").count() == 1


async def test_a_short_light_makes_it_no_new_one_and_ten_seconds_do(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    await theatre.act("done", task="dark_visitor")
    await see(theatre, 6, {"visitor": FINE})
    await see(theatre, 20, {"visitor": DARK})
    assert len(rows("dark")) == 1
    await see(theatre, 12, {"visitor": FINE})
    assert shown(theatre) == []
    await see(theatre, 12, {"visitor": DARK})
    assert [row.done_at is None for row in rows("dark")] == [False, True]
    assert listed(theatre)[0]["done_by"] is None


async def test_help_that_is_asked_for_again_is_a_new_task_at_once(theatre: Theatre) -> None:
    await meet(theatre)
    inmate = theatre.stage.side("inmate")
    assert inmate is not None
    for _ in range(2):
        inmate.help_wanted = True
        await theatre.act("done", task="help_inmate")
        assert not inmate.help_wanted
    first, second = rows("help")
    assert first.cleared_at is not None
    assert second.done_by_id == theatre.actors["officer"].pk


async def test_of_two_officers_at_once_one_has_the_task(theatre: Theatre) -> None:
    await meet(theatre)
    theatre.open_wall("officer2")
    theatre.wall = theatre.conductor.studio.hub.callers[f"wall:{theatre.actors['officer'].pk}"]
    await see(theatre, 12, {"visitor": DARK})
    both = [act_as(theatre, role, "take", task="dark_visitor") for role in ("officer", "officer2")]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert [isinstance(one, Refused) for one in answers] == [False, True]
    assert "TASK_TAKEN" in cast(Refused, answers[1]).codes
    (row,) = rows("dark")
    assert row.owner_id == theatre.actors["officer"].pk
    await theatre.pass_by(0.5)
    (mine,), (theirs,) = listed(theatre), listed(theatre, "officer2")
    assert (mine["mine"], mine["can_finish"]) == (True, True)
    assert (theirs["mine"], theirs["owner"], theirs["can_take"], theirs["can_finish"]) == (
        False, theatre.actors["officer"].label, False, False,
    )  # fmt: skip
    assert Entry.objects.filter(code="task.take").count() == 1


async def test_taking_again_is_harmless_and_who_took_it_may_tick_it_off(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    with pytest.raises(Refused, match="TASK_NOT_YOURS"):
        await act_as(theatre, "officer2", "done", task="dark_visitor")
    for _ in range(2):
        await act_as(theatre, "officer2", "take", task="dark_visitor")
    await act_as(theatre, "officer2", "done", task="dark_visitor")
    (row,) = rows("dark")
    assert row.owner_id == row.done_by_id == theatre.actors["officer2"].pk
    assert Entry.objects.filter(code="task.take").count() == 1


async def test_the_task_of_somebody_who_left_the_wall_is_free_again(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    await act_as(theatre, "officer2", "take", task="dark_visitor")
    await see(theatre, 1, {"visitor": DARK})
    assert listed(theatre)[0]["can_take"] is True
    await theatre.act("take", task="dark_visitor")
    (row,) = rows("dark")
    assert row.owner_id == theatre.actors["officer"].pk


@pytest.mark.parametrize("task", ["dark_visitor", "coffee", "help", ""])
async def test_what_is_no_task_cannot_be_taken(theatre: Theatre, task: str) -> None:
    await meet(theatre)
    with pytest.raises(Refused, match="TASK_GONE"):
        await theatre.act("take", task=task)


async def test_a_word_does_not_end_what_has_to_be_done(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.conductor.hold(theatre.call.ref, "recorder")
    await theatre.pass_by(1)
    with pytest.raises(Refused, match="TASK_ENDS_ITSELF"):
        await theatre.act("done", task="recorder")
    assert listed(theatre)[0]["can_finish"] is False


async def test_another_number_of_people_than_booked_is_a_task_until_it_is_right(theatre: Theatre) -> None:
    await meet(theatre)
    assert await theatre.act("count_people", count=3) == {"booked": 1, "fits": False}
    assert shown(theatre) == ["people"]
    assert await theatre.act("count_people", count=1) == {"booked": 1, "fits": True}
    assert shown(theatre) == []
    counts = [entry.data for entry in Entry.objects.filter(code="call.count_people").order_by("pk")]
    assert counts == [{"count": 3, "booked": 1}, {"count": 1, "booked": 1}]


async def test_another_wrong_number_is_another_task_and_the_same_is_not(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.act("count_people", count=2)
    await theatre.act("done", task="people")
    await theatre.act("count_people", count=2)
    await theatre.pass_by(30)
    assert len(rows("people")) == 1
    await theatre.act("count_people", count=4)
    assert [row.done_at is None for row in rows("people")] == [False, True]


@pytest.mark.parametrize("count", [-1, 21, "2", True, None, 1.5])
async def test_a_count_is_a_small_number(theatre: Theatre, count: object) -> None:
    await meet(theatre)
    with pytest.raises(Refused, match="COUNT_UNCLEAR"):
        await theatre.act("count_people", count=count)


@pytest.mark.parametrize("act", ["take", "done", "count_people"])
async def test_while_the_record_is_stuck_nobody_waits(theatre: Theatre, act: str) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    theatre.database.down = True
    theatre.conductor.record_later(lambda: None, "something that insists")
    began = time.monotonic()
    with pytest.raises(Refused, match="RECORD_BEHIND"):
        await asyncio.wait_for(theatre.act(act, task="dark_visitor", count=3), 5)
    assert time.monotonic() - began < 1
    theatre.database.down = False
    await theatre.quiet()
    (row,) = rows("dark")
    assert (row.owner, row.done_at, theatre.stage.counted) == (None, None, None), "nor is it done later"


async def test_a_database_that_never_answers_is_given_up_after_two_seconds(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    theatre.database.hung = True
    began = time.monotonic()
    with pytest.raises(Refused, match="RECORD_BEHIND"):
        await acts.perform(
            "take", call_ref=theatre.call.ref, body={"task": "dark_visitor"}, actor=theatre.actors["officer"],
            now=theatre.clock.now(),
        )  # fmt: skip
    assert 1.5 < time.monotonic() - began < 4
    theatre.database.hung = False
    await theatre.quiet()
    assert rows("dark")[0].owner is None


async def test_a_dead_database_keeps_no_task_off_the_wall_and_the_record_follows(theatre: Theatre) -> None:
    await meet(theatre)
    theatre.database.down = True
    await see(theatre, 12, {"visitor": DARK})
    assert shown(theatre) == ["dark_visitor"]
    assert theatre.is_open
    await see(theatre, 5, {"visitor": FINE})
    assert shown(theatre) == []
    theatre.database.down = False
    await theatre.quiet()
    (row,) = rows("dark")
    assert row.cleared_at is not None
    assert row.raised_at < row.cleared_at, "dated when it was, not when it could be written"


async def test_the_end_of_a_call_closes_what_was_to_be_done(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    await theatre.act("end", reason="finished")
    assert rows("dark")[0].cleared_at is not None
    assert not Task.objects.filter(cleared_at__isnull=True).exists()
    assert Entry.objects.filter(code="task.clear", data__kind="dark").count() == 1
    await theatre.look()
    assert shown(theatre) == []


async def test_what_the_record_answers_needs_no_further_question(
    theatre: Theatre, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The conductor's loop may not ask the database: officers come with their rows."""
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    which, actor, now = Which(theatre.call.ref, "dark", "visitor"), theatre.actors["officer"], theatre.clock.now()
    taken = actions.take_task(which=which, at_walls=(), actor=actor, now=now)
    done = actions.finish_task(which=which, actor=actor, now=now)
    with django_assert_num_queries(0):
        assert taken.owner is not None
        assert done is not None
        assert done.done_by is not None


async def test_the_database_keeps_one_row_a_fact(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    (row,) = rows("dark")
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.create(
            facility=row.facility, call=row.call, kind="dark", side="visitor", raised_at=theatre.clock.now()
        )


async def test_a_restart_keeps_whose_a_task_is(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.go("visitor")
    await theatre.pass_by(3)
    await theatre.act("take", task="technical_visitor")
    await theatre.restart()
    theatre.open_wall()
    await theatre.pass_by(1)
    mine = {str(task["id"]).partition(":")[2]: task["mine"] for task in listed(theatre)}
    assert mine["technical_visitor"] is True


async def test_a_restart_brings_nothing_back_that_was_done(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.act("count_people", count=2)
    await theatre.act("done", task="people")
    await theatre.restart()
    theatre.open_wall()
    await theatre.pass_by(15)
    assert theatre.stage.counted == 2
    people = [task for task in listed(theatre) if task["kind"] == "people"]
    assert [task["done_by"] for task in people] == [theatre.actors["officer"].label]
    assert len(rows("people")) == 1


async def test_a_task_from_before_a_restart_whose_fact_is_gone_goes_within_seconds(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 12, {"visitor": DARK})
    await theatre.restart()
    theatre.open_wall()
    await theatre.pass_by(1)
    assert "dark_visitor" in shown(theatre)
    await theatre.pass_by(14)
    assert "dark_visitor" not in shown(theatre)
    (row,) = rows("dark")
    assert row.cleared_at is not None


async def test_the_head_of_prison_sees_what_waits_for_more_than_five_minutes(theatre: Theatre) -> None:
    await meet(theatre)
    await see(theatre, 300, {"visitor": DARK})
    assert old_tasks(theatre.call.facility, theatre.clock.now()) == []
    await see(theatre, 20, {"visitor": DARK})
    assert [task.kind for task in old_tasks(theatre.call.facility, theatre.clock.now())] == ["dark"]


async def test_somebody_on_another_device_is_looked_at_again(theatre: Theatre) -> None:
    await meet(theatre)
    await theatre.go("visitor")
    await theatre.come_in("visitor", browser="another")
    await theatre.conductor.holding.hold(theatre.stage, "identity", SYSTEM)
    await theatre.pass_by(2)
    assert shown(theatre) == ["identity"]
