"""A call from the first join to its end, as the media server saw it."""

from datetime import timedelta

import pytest

from besuk.flow.live.models import Call, Happening, Heartbeat, Hold
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.kernel.errors import Refused


async def test_before_admit_both_publish_and_neither_hears(theatre: Theatre) -> None:
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.look()
    assert theatre.stage.both_seen()
    assert not theatre.is_open


async def test_admit_opens_the_floor_of_both(theatre: Theatre) -> None:
    await theatre.go_live()
    assert theatre.hears("visitor")
    assert theatre.hears("inmate")
    call = Call.objects.get(pk=theatre.call.pk)
    assert (call.state, call.admitted_at) == ("live", theatre.clock.now())
    assert call.ends_at == theatre.clock.now() + timedelta(minutes=15)
    assert not Hold.objects.filter(call=call, lifted_at__isnull=True).exists()


async def test_admit_is_refused_until_both_faces_are_seen(theatre: Theatre) -> None:
    await theatre.come_in("visitor")
    await theatre.watch()
    await theatre.look()
    with pytest.raises(Refused, match="BOTH_SIDES_NOT_SEEN"):
        await theatre.act("admit")
    assert Call.objects.get(pk=theatre.call.pk).state == "prepared"


async def test_admit_is_refused_without_a_heartbeat(theatre: Theatre) -> None:
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.look()
    await theatre.pass_by(3, beats=False)
    with pytest.raises(Refused, match="NO_SUPERVISOR"):
        await theatre.act("admit")


async def test_a_pause_closes_and_resume_opens(theatre: Theatre) -> None:
    await theatre.go_live()
    answer = await theatre.act("pause", reason="rules")
    assert answer["confirmed"] is True
    assert not theatre.is_open
    await theatre.act("resume")
    assert theatre.hears("visitor")
    assert theatre.hears("inmate")


async def test_a_pause_closes_the_floor_while_the_database_is_down(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    await theatre.act("pause", reason="rules")
    assert not theatre.is_open
    theatre.database.down = False
    await theatre.quiet()
    assert Hold.objects.get(call=theatre.call, cause="supervisor").lifted_at is None


async def test_presence_lost_closes_the_floor_while_the_database_is_down(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    await theatre.pass_by(3, beats=False)
    assert not theatre.is_open


async def test_resume_does_not_open_what_cannot_be_recorded(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    theatre.database.down = True
    with pytest.raises(Refused, match="MEDIA_UNAVAILABLE"):
        await theatre.act("resume")
    assert not theatre.is_open


async def test_a_closed_wall_holds_the_call_after_the_grace(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.close_wall()
    await theatre.pass_by(0.5)
    assert theatre.is_open
    await theatre.pass_by(0.5)
    assert not theatre.is_open
    assert "no_supervisor" in theatre.stage.holds


@pytest.mark.parametrize("frozen", [{"inmate"}, {"visitor"}, {"inmate", "visitor"}])
async def test_a_frozen_picture_of_either_end_holds_the_call(theatre: Theatre, frozen: set[str]) -> None:
    """Also the defence against an end that shuts the officer out and keeps its door open."""
    await theatre.go_live()
    for _ in range(3):
        theatre.clock.move(seconds=1)
        theatre.beat(frozen=frozen)
        await theatre.conductor.tick()
    await theatre.quiet()
    assert not theatre.is_open


async def test_coming_back_resumes_with_the_minutes_kept(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.close_wall()
    await theatre.pass_by(60, beats=False)
    left = theatre.stage.left(theatre.clock.now())
    theatre.open_wall()
    theatre.beat()
    await theatre.quiet()
    assert theatre.hears("inmate")
    assert left is not None
    assert left > timedelta(minutes=14, seconds=55)
    ends_at = Call.objects.get(pk=theatre.call.pk).ends_at
    assert ends_at == theatre.clock.now() + left


async def test_an_officers_pause_survives_leaving_and_coming_back(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    theatre.close_wall()
    await theatre.pass_by(5, beats=False)
    assert theatre.stage.holds == {"supervisor", "no_supervisor"}
    theatre.open_wall()
    theatre.beat()
    await theatre.quiet()
    assert theatre.stage.holds == {"supervisor"}
    assert not theatre.is_open


async def test_resume_does_not_open_while_nobody_watches(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    theatre.close_wall()
    await theatre.pass_by(5, beats=False)
    await theatre.act("resume")
    assert not theatre.is_open


async def test_presence_alone_lifts_no_supervisor(theatre: Theatre) -> None:
    """A resume, an admit or a rejoin never does."""
    await theatre.go_live()
    theatre.close_wall()
    await theatre.pass_by(2, beats=False)
    await theatre.go("visitor")
    await theatre.come_in("visitor")
    await theatre.act("resume")
    assert "no_supervisor" in theatre.stage.holds
    assert not theatre.is_open


async def test_who_joins_during_a_pause_stays_closed(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.go("visitor")
    await theatre.act("pause", reason="rules")
    await theatre.come_in("visitor")
    assert not theatre.is_open


async def test_a_side_that_is_gone_longer_than_the_grace_holds_the_call_and_keeps_the_minutes(
    theatre: Theatre,
) -> None:
    await theatre.go_live()
    await theatre.go("visitor")
    await theatre.pass_by(1.5)
    assert theatre.is_open
    await theatre.pass_by(1)
    assert theatre.stage.holds == {"technical"}
    assert not theatre.is_open
    await theatre.pass_by(30)
    await theatre.come_in("visitor")
    assert not theatre.is_open, "the officer has nothing of them yet"
    await theatre.pass_by(1)
    assert theatre.hears("visitor")
    assert theatre.hears("inmate")


async def test_an_end_that_is_gone_is_not_the_officers_absence(theatre: Theatre) -> None:
    """The media server lists a killed browser for 21 seconds more; its picture stands still for the officer."""
    await theatre.go_live()
    await theatre.go("inmate")
    for _ in range(5):
        theatre.clock.move(seconds=1)
        theatre.beat(frozen={"inmate"})
        await theatre.conductor.tick()
        await theatre.quiet()
    assert theatre.stage.holds == {"technical"}
    assert not theatre.is_open


async def test_the_end_of_the_minutes_ends_the_call(theatre: Theatre) -> None:
    await theatre.go_live()
    room = theatre.call.room
    await theatre.skip(15 * 60 - 2)
    assert theatre.is_open
    await theatre.pass_by(3)
    call = Call.objects.get(pk=theatre.call.pk)
    assert (call.state, call.outcome, call.minutes_lost) == ("ended", "completed", 0)
    assert call.visit.state == "concluded"
    assert room not in theatre.media._rooms
    assert theatre.leases.dropped == [room]
    assert theatre.call.ref not in theatre.conductor.studio.stages


async def test_both_sides_are_warned_at_five_and_one_minute(theatre: Theatre) -> None:
    visitor, inmate = await theatre.listen_in("visitor"), await theatre.listen_in("inmate")
    await theatre.go_live()
    await theatre.skip(15 * 60 - 10)
    for ear in (visitor, inmate):
        minutes = [message["minutes"] for message in ear.said if message["t"] == "reminder_minutes"]
        assert minutes == [5, 1]
    assert visitor.last("reminder_minutes")["text"] == "Sisa 1 menit."


async def test_what_cannot_be_given_back_counts_as_lost(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.close_wall()
    await theatre.pass_by(1, beats=False)
    theatre.clock.move(minutes=46)
    await theatre.pass_by(2, beats=False)
    call = Call.objects.get(pk=theatre.call.pk)
    assert (call.state, call.outcome, call.minutes_lost) == ("ended", "no_supervisor", 15)
    assert call.visit.ledger.filter(kind="returned").exists()


async def test_an_officer_ends_with_a_reason(theatre: Theatre) -> None:
    visitor = await theatre.listen_in("visitor")
    await theatre.go_live()
    answer = await theatre.act("end", reason="rules_broken")
    assert answer["outcome"] == "ended_by_supervisor"
    assert theatre.call.room not in theatre.media._rooms
    await theatre.pass_by(1)
    assert visitor.last("ended")["outcome"] == "ended_by_supervisor"
    assert visitor.last("ended")["message"] == "Dihentikan petugas"
    assert visitor.code is not None


async def test_an_end_silences_first_and_is_recorded_when_the_database_is_back(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    stage = theatre.stage
    await theatre.conductor.holding.end(stage, "officer", theatre.actors["officer"], reason="x")
    assert theatre.call.room not in theatre.media._rooms
    assert Call.objects.get(pk=theatre.call.pk).state == "live"
    theatre.database.down = False
    await theatre.quiet()
    await theatre.pass_by(1)
    assert Call.objects.get(pk=theatre.call.pk).state == "ended"


async def test_nobody_comes_back_after_the_end(theatre: Theatre) -> None:
    await theatre.go_live()
    ref = theatre.ref("visitor")
    await theatre.act("end", reason="finished")
    await theatre.pass_by(1)
    with pytest.raises(Refused, match="CALL_ENDED"):
        await theatre.conductor.doors.enter(ref, theatre.actors["visitor"])


async def test_a_refused_identity_ends_before_the_inmate_was_seen(theatre: Theatre) -> None:
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.look()
    answer = await theatre.act("refuse", reason="other_person")
    assert answer["outcome"] == "visitor_failed_identity"
    assert Call.objects.get(pk=theatre.call.pk).outcome == "visitor_failed_identity"


@pytest.mark.parametrize(
    ("role", "outcome"), [("visitor", "completed_early_by_visitor"), ("inmate", "completed_early_by_inmate")]
)
async def test_each_side_may_end_a_live_call(theatre: Theatre, role: str, outcome: str) -> None:
    await theatre.listen_in(role)
    await theatre.go_live()
    caller = theatre.conductor.studio.hub.callers[theatre.ref(role)]
    await theatre.conductor.parties.says(theatre.ref(role), caller, "end")
    await theatre.quiet()
    assert Call.objects.get(pk=theatre.call.pk).outcome == outcome


async def test_a_party_cannot_end_a_call_before_admit(theatre: Theatre) -> None:
    await theatre.listen_in("visitor")
    caller = theatre.conductor.studio.hub.callers[theatre.ref("visitor")]
    await theatre.conductor.parties.says(theatre.ref("visitor"), caller, "end")
    await theatre.quiet()
    assert Call.objects.get(pk=theatre.call.pk).state == "prepared"


async def test_a_second_browser_replaces_the_first(theatre: Theatre) -> None:
    first = await theatre.listen_in("visitor")
    passage = await theatre.come_in("visitor")
    second = await theatre.listen_in("visitor")
    assert first.said[-1]["t"] == "replaced"
    assert first.code is not None
    assert passage.shut.is_set()
    assert second.said[0]["t"] == "state"


async def test_a_replaced_page_does_not_come_back(theatre: Theatre) -> None:
    await theatre.listen_in("visitor", page=7)
    second = await theatre.listen_in("visitor", page=8)
    third = await theatre.listen_in("visitor", page=7)
    assert third.said[-1]["t"] == "replaced"
    assert second.code is None


async def test_the_same_page_on_a_new_socket_keeps_its_door(theatre: Theatre) -> None:
    await theatre.listen_in("visitor", page=7)
    passage = await theatre.come_in("visitor")
    await theatre.listen_in("visitor", page=7)
    assert not passage.shut.is_set()


async def test_a_stranger_hears_nothing(theatre: Theatre) -> None:
    ref = theatre.ref("visitor")
    with pytest.raises(Refused, match="NOT_IN_THIS_CALL"):
        await theatre.conductor.parties.hello(ref, theatre.actors["outsider"], theatre.open_wall(), 1)
    with pytest.raises(Refused, match="NOT_IN_THIS_CALL"):
        await theatre.conductor.doors.enter(ref, theatre.actors["outsider"])


async def test_the_other_sides_address_opens_no_door(theatre: Theatre) -> None:
    with pytest.raises(Refused, match="NOT_IN_THIS_CALL"):
        await theatre.conductor.doors.enter(theatre.ref("inmate"), theatre.actors["visitor"])


async def test_who_is_ejected_does_not_return(theatre: Theatre) -> None:
    await theatre.go_live()
    ref = theatre.ref("visitor")
    passage = theatre.passages["visitor"]
    await theatre.conductor.eject(theatre.call.ref, ref, "threat", theatre.actors["officer"])
    await theatre.quiet()
    assert passage.shut.is_set()
    assert not theatre.hears("visitor")
    with pytest.raises(Refused, match="EJECTED"):
        await theatre.conductor.doors.enter(ref, theatre.actors["visitor"])


async def test_heartbeats_of_parties_are_saved_in_one_batch(theatre: Theatre) -> None:
    await theatre.listen_in("visitor")
    for _ in range(3):
        theatre.conductor.parties.beat(theatre.ref("visitor"), {"visible": True, "quality_rtt_ms": 80})
    await theatre.pass_by(5.5)
    assert Heartbeat.objects.count() == 1


async def test_help_reaches_the_wall(theatre: Theatre) -> None:
    wall = theatre.open_wall()
    await theatre.listen_in("inmate")
    caller = theatre.conductor.studio.hub.callers[theatre.ref("inmate")]
    await theatre.conductor.parties.says(theatre.ref("inmate"), caller, "help")
    await theatre.pass_by(0.5)
    tasks = wall.last("wall")["tasks"]
    assert isinstance(tasks, list)
    assert tasks[0]["title"] == "Warga binaan minta bantuan"


async def test_what_happened_is_told_in_order(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("pause", reason="rules")
    await theatre.act("resume")
    await theatre.act("end", reason="finished")
    codes = list(Happening.objects.filter(call=theatre.call).order_by("pk").values_list("code", flat=True))
    wanted = ["prepared", "admitted", "held_supervisor", "lifted_supervisor", "ended"]
    assert [code for code in codes if code in wanted] == wanted


async def test_the_wall_reads_how_good_each_line_is(theatre: Theatre) -> None:
    await theatre.go_live()
    ear, beat = theatre.open_wall(), theatre.conductor.parties.beat
    beat(theatre.ref("visitor"), {"quality_line": "weak"})
    beat(theatre.ref("inmate"), {"quality_line": "<b>"})
    await theatre.look()
    assert ear.last("wall")["calls"][0]["lines"] == {"visitor": "weak", "inmate": "unknown"}  # type: ignore[index]
    await theatre.go("visitor")
    await theatre.look()
    assert ear.last("wall")["calls"][0]["lines"]["visitor"] == "unknown"  # type: ignore[index]
