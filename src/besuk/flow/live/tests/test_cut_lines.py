"""The line of one side is cut: its sockets stand for 20 seconds more, and nothing comes."""

from typing import Any, cast

from besuk.flow.live.presence import End
from besuk.flow.live.tests.theatre import Theatre


async def one_second(theatre: Theatre, *, spoke: tuple[str, ...], frozen: tuple[End, ...] = ()) -> None:
    """The officer's page beats and the pages of `spoke` speak; nothing comes of `frozen` ends."""
    unheard = {"visitor", "inmate"} - set(spoke)
    for _ in range(2):
        theatre.clock.move(seconds=0.5)
        await theatre.conductor.tick()
    theatre.beat(frozen=frozen, unheard=unheard)
    await theatre.quiet()


async def test_a_cut_line_holds_the_call_before_the_officer_seems_absent_and_lifts_by_itself(theatre: Theatre) -> None:
    """Sockets of a cut line stand for 20 seconds more: silence on both ways tells."""
    await theatre.go_live()
    await one_second(theatre, spoke=("visitor", "inmate"))
    await one_second(theatre, spoke=("inmate",), frozen=("visitor",))
    assert theatre.is_open
    await one_second(theatre, spoke=("inmate",), frozen=("visitor",))
    assert theatre.stage.holds == {"technical"}
    assert not theatre.is_open
    left = theatre.stage.left(theatre.clock.now())
    for _ in range(8):
        await one_second(theatre, spoke=("inmate",), frozen=("visitor",))
    assert theatre.stage.holds == {"technical"}, "the officer is there all along"
    assert theatre.stage.left(theatre.clock.now()) == left
    await one_second(theatre, spoke=("visitor", "inmate"), frozen=("visitor",))
    assert not theatre.is_open, "heard, but not yet seen"
    for _ in range(2):
        await one_second(theatre, spoke=("visitor", "inmate"))
    assert theatre.stage.holds == set()
    assert theatre.hears("visitor")
    assert theatre.hears("inmate")


async def test_a_page_that_is_only_silent_keeps_its_call_and_one_that_speaks_must_be_seen(theatre: Theatre) -> None:
    await theatre.go_live()
    for _ in range(6):
        await one_second(theatre, spoke=("inmate",))
    assert theatre.is_open
    for _ in range(4):
        await one_second(theatre, spoke=("visitor", "inmate"), frozen=("visitor",))
    assert theatre.stage.holds == {"no_supervisor"}, (
        "whoever keeps their picture from the officer is not merely cut off"
    )
    assert not theatre.is_open


async def test_a_cut_off_side_is_told_to_the_wall(theatre: Theatre) -> None:
    await theatre.go_live()
    wall = theatre.ears["officer"]
    await one_second(theatre, spoke=("visitor", "inmate"))
    for _ in range(3):
        await one_second(theatre, spoke=("inmate",), frozen=("visitor",))
    await theatre.conductor.tick()
    (call,) = cast("list[dict[str, Any]]", wall.last("wall")["calls"])
    assert call["lines"]["visitor"] == "lost"
    assert call["lines"]["inmate"] != "lost"
    assert call["attendance"]["inmate"] == "ready"


async def test_a_line_that_is_cut_right_after_its_owner_came_back_is_noticed_too(theatre: Theatre) -> None:
    """Their page has not spoken since: that they came through the door counts as being heard."""
    await theatre.go_live()
    await theatre.come_in("visitor")
    await one_second(theatre, spoke=("inmate",))
    for _ in range(2):
        await one_second(theatre, spoke=("inmate",), frozen=("visitor",))
    assert theatre.stage.holds == {"technical"}


async def be_cut_off(theatre: Theatre) -> None:
    await theatre.go_live()
    for _ in range(4):
        await one_second(theatre, spoke=("inmate",), frozen=("visitor",))
    assert theatre.stage.holds == {"technical"}


async def test_who_comes_back_through_the_door_waits_until_an_officer_sees_them(theatre: Theatre) -> None:
    """The media server still lists what they published before, and their new picture takes its time."""
    await be_cut_off(theatre)
    await theatre.come_in("visitor")
    for _ in range(5):
        await one_second(theatre, spoke=("visitor", "inmate"), frozen=("visitor",))
        assert theatre.stage.holds == {"technical"}, "not the officer's absence, and nothing passes unseen"
    for _ in range(2):
        await one_second(theatre, spoke=("visitor", "inmate"))
    assert theatre.is_open
    assert theatre.stage.holds == set()


async def test_so_does_who_was_gone_for_longer_than_the_grace(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.go("visitor")
    for _ in range(4):
        await one_second(theatre, spoke=("inmate",), frozen=("visitor",))
    assert theatre.stage.holds == {"technical"}
    await theatre.come_in("visitor")
    for _ in range(4):
        await one_second(theatre, spoke=("visitor", "inmate"), frozen=("visitor",))
        assert theatre.stage.holds == {"technical"}
    for _ in range(2):
        await one_second(theatre, spoke=("visitor", "inmate"))
    assert theatre.is_open


async def test_a_new_connection_within_the_grace_holds_nothing(theatre: Theatre) -> None:
    """The signalling of a weak line comes and goes while picture and sound go on."""
    await theatre.go_live()
    await theatre.go("visitor")
    await one_second(theatre, spoke=("inmate",))
    await theatre.come_in("visitor")
    await one_second(theatre, spoke=("visitor", "inmate"))
    assert theatre.is_open


async def test_who_comes_back_without_camera_and_microphone_is_not_waited_for(theatre: Theatre) -> None:
    await be_cut_off(theatre)
    passage = await theatre.come_in("visitor")
    grant = theatre.media.grant_of(passage.room, passage.participation_ref)
    theatre.media.put(passage.room, passage.participation_ref, grant)
    for _ in range(4):
        await one_second(theatre, spoke=("visitor", "inmate"), frozen=("visitor",))
    assert theatre.is_open


async def test_who_comes_back_and_whose_page_says_nothing_is_let_in_when_seen(theatre: Theatre) -> None:
    await be_cut_off(theatre)
    await theatre.come_in("visitor")
    for _ in range(4):
        await one_second(theatre, spoke=("inmate",), frozen=("visitor",))
    assert theatre.stage.holds == {"technical"}
    for _ in range(2):
        await one_second(theatre, spoke=("inmate",))
    assert theatre.is_open


async def test_who_comes_back_before_the_faces_are_checked_is_there_at_once(theatre: Theatre) -> None:
    """No officer may be watching yet."""
    await theatre.come_in("visitor")
    await theatre.go("visitor")
    await theatre.pass_by(5, beats=False)
    await theatre.come_in("visitor")
    (seat,) = (one for one in theatre.stage.parties() if one.role == "visitor")
    assert seat.here
