"""More minutes: how many, until when, who is told, what stands on record."""

from datetime import timedelta

import pytest

from besuk.flow.live.models import Call, Extension, Happening
from besuk.flow.live.queries import live_now
from besuk.flow.live.tests.theatre import Theatre
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.models import FacilityPolicy
from besuk.ground.kernel.errors import Refused
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast


def left(theatre: Theatre) -> timedelta:
    found = theatre.stage.left(theatre.clock.now())
    assert found is not None
    return found


async def extend(theatre: Theatre, minutes: int, reason: str = "technical") -> None:
    await theatre.act("extend", minutes=minutes, reason=reason)


async def test_added_minutes_count_for_both_and_are_on_record(theatre: Theatre) -> None:
    await theatre.go_live()
    before = left(theatre)
    visitor = await theatre.listen_in("visitor")
    await extend(theatre, 5)
    assert left(theatre) == before + timedelta(minutes=5)
    row = Extension.objects.get(call=theatre.call)
    assert (row.minutes, row.reason, row.by_id) == (5, "technical", theatre.actors["officer"].pk)
    assert visitor.last("reminder_minutes")["text"] == "Petugas menambah 5 menit."
    assert visitor.last("state")["call"]["remaining_s"] == left(theatre).total_seconds()  # type: ignore[index]
    assert Entry.objects.get(code="call.extend").data["minutes"] == 5
    call = Call.objects.get(pk=theatre.call.pk)
    assert call.ends_at == theatre.clock.now() + left(theatre)
    assert live_now(call.facility, theatre.clock.now())[0].minutes_left == round(left(theatre).total_seconds() / 60)


async def test_the_call_ends_with_the_added_minutes_and_not_before(theatre: Theatre) -> None:
    await theatre.go_live()
    await extend(theatre, 2)
    await theatre.skip(16 * 60)
    assert Call.objects.get(pk=theatre.call.pk).state == "live"
    await theatre.skip(62)
    assert Call.objects.get(pk=theatre.call.pk).state == "ended"


async def test_the_last_minutes_are_announced_again(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.skip(10 * 60 + 30)
    assert Happening.objects.filter(code="reminded", data__minutes=5).count() == 1
    await extend(theatre, 5)
    await theatre.skip(5 * 60)
    assert Happening.objects.filter(code="reminded", data__minutes=5).count() == 2


async def test_a_restart_keeps_added_minutes(theatre: Theatre) -> None:
    await theatre.go_live()
    await extend(theatre, 5)
    before = left(theatre)
    await theatre.restart()
    assert left(theatre) == before


async def test_a_pause_after_an_extension_keeps_both(theatre: Theatre) -> None:
    await theatre.go_live()
    await extend(theatre, 5)
    before = left(theatre)
    await theatre.act("pause", reason="rules")
    await theatre.skip(60)
    await theatre.act("resume")
    assert left(theatre) == before
    assert Call.objects.get(pk=theatre.call.pk).ends_at == theatre.clock.now() + before


async def test_all_extensions_of_a_call_stay_within_policy(theatre: Theatre, cast: Cast) -> None:
    FacilityPolicy.objects.create(facility=cast.lapas.facility, values={"longest_extension_minutes": 10})
    await theatre.go_live()
    await extend(theatre, 4)
    with pytest.raises(Refused, match="EXTENSION_TOO_LONG") as refused:
        await extend(theatre, 7)
    assert refused.value.reasons[0].detail["longest"] == 6
    await extend(theatre, 6)
    with pytest.raises(Refused, match="NO_MORE_MINUTES"):
        await extend(theatre, 1)


async def test_nothing_is_added_into_the_next_booking(theatre: Theatre, cast: Cast) -> None:
    """The next one begins five minutes after the slot: what is left of these is the nearest miss."""
    await theatre.go_live()
    visit = Call.objects.select_related("visit").get(pk=theatre.call.pk).visit
    free = visit.starts_at + timedelta(minutes=20)
    booked_visit(approved_tie(cast.outsider, cast.lapas.remand), starts_at=free)
    room = int((free - theatre.clock.now() - left(theatre)).total_seconds() // 60)
    with pytest.raises(Refused, match="EXTENSION_TOO_LONG") as refused:
        await extend(theatre, 14)
    assert refused.value.reasons[0].detail["longest"] == room
    assert not Extension.objects.exists()


async def test_nothing_is_added_that_cannot_be_recorded(theatre: Theatre) -> None:
    await theatre.go_live()
    before = left(theatre)
    theatre.database.down = True
    with pytest.raises(Refused, match="MEDIA_UNAVAILABLE"):
        await extend(theatre, 5)
    assert left(theatre) == before


@pytest.mark.parametrize("minutes", [0, -5])
async def test_no_minutes_are_no_extension(theatre: Theatre, minutes: int) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="MINUTES_MISSING"):
        await extend(theatre, minutes)


async def test_before_admit_there_is_nothing_to_extend(theatre: Theatre) -> None:
    await theatre.watch()
    with pytest.raises(Refused, match="STATE_CHANGED"):
        await extend(theatre, 5)


@pytest.mark.parametrize("body", [{"minutes": "5"}, {"minutes": True}, {}])
async def test_minutes_are_a_number(theatre: Theatre, body: dict[str, object]) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="MINUTES_MISSING"):
        await theatre.act("extend", reason="technical", **body)


async def test_a_reason_is_one_of_the_list(theatre: Theatre) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="REASON_MISSING"):
        await extend(theatre, 5, reason="a present")
