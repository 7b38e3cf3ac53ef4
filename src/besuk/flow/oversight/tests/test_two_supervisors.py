"""A sensitive visit: its floor is open only while two different officers watch."""

import pytest

from besuk.flow.bookings.actions import mark_sensitive
from besuk.flow.bookings.models import Visit
from besuk.flow.live.hub import Caller
from besuk.flow.live.models import Call
from besuk.flow.live.presence import Counters
from besuk.flow.live.tests.theatre import Ear, Theatre
from besuk.flow.oversight.acts import perform
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast


def mark(theatre: Theatre, cast: Cast, *, sensitive: bool = True, reason: str = "Atas saran wali.") -> Visit:
    visit = Call.objects.select_related("visit").get(pk=theatre.call.pk).visit
    now = theatre.clock.now()
    desk = cast.lapas.actor("desk", now)
    return mark_sensitive(visit_ref=visit.ref, sensitive=sensitive, reason=reason, actor=desk, now=now)


class Second:
    """The second officer at a wall of their own."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre, self.ear = theatre, Ear()
        self.wall: Caller | None = None

    async def come(self) -> None:
        theatre, actor = self.theatre, self.theatre.actors["officer2"]
        self.wall = theatre.conductor.wall_hello(actor, self.ear, 900)
        await perform("watch", call_ref=theatre.call.ref, body={}, actor=actor, now=theatre.clock.now())
        await theatre.come_in("officer2")
        await self.beat()

    async def beat(self) -> None:
        theatre = self.theatre
        assert self.wall is not None
        seen = {end: Counters(count + 1, count + 1) for end, count in theatre.frames.items()}
        theatre.frames = {end: count + 1 for end, count in theatre.frames.items()}
        theatre.conductor.wall_beat(self.wall, True, {theatre.call.ref: seen})
        await theatre.quiet()

    def tile(self) -> dict[str, object]:
        return self.ear.last("wall")["calls"][0]  # type: ignore[index, no-any-return]


async def both_beat(theatre: Theatre, second: Second) -> None:
    theatre.beat()
    await second.beat()


async def gather(theatre: Theatre, cast: Cast) -> Second:
    """A sensitive visit with both sides and one officer there, and the other at hand."""
    mark(theatre, cast)
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.look()
    return Second(theatre)


async def test_one_officer_cannot_admit_and_two_can(theatre: Theatre, cast: Cast) -> None:
    second = await gather(theatre, cast)
    with pytest.raises(Refused, match="SECOND_SUPERVISOR_MISSING"):
        await theatre.act("admit")
    assert Call.objects.get(pk=theatre.call.pk).state == "prepared"
    await second.come()
    await theatre.act("admit")
    assert theatre.is_open


async def test_the_second_one_leaving_holds_the_call_and_coming_back_lets_it_go_on(
    theatre: Theatre, cast: Cast
) -> None:
    second = await gather(theatre, cast)
    await second.come()
    await theatre.act("admit")
    await theatre.pass_by(3)  # only the first one's heart beats
    assert not theatre.is_open
    assert theatre.stage.holds == {"no_supervisor"}
    await both_beat(theatre, second)
    assert theatre.is_open


async def test_everybody_reads_that_a_second_one_is_missing(theatre: Theatre, cast: Cast) -> None:
    second = await gather(theatre, cast)
    await second.come()
    await theatre.act("admit")
    family = await theatre.listen_in("visitor")
    await theatre.pass_by(3)
    assert second.tile()["second_needed"] is True
    assert second.tile()["marks"] == ["sensitive", "first_call"]
    told = family.last("state")["call"]["message"]  # type: ignore[index]
    assert told == "Menunggu petugas pengawas lain. Waktu Anda tidak berjalan. Tunggu sebentar."
    assert family.last("state")["call"]["sign"] == "watching"  # type: ignore[index]  # one does see them
    await both_beat(theatre, second)
    await theatre.conductor.tick()
    assert second.tile()["second_needed"] is False


async def test_a_mark_set_during_the_call_holds_it_at_once_and_taken_back_lets_it_go_on(
    theatre: Theatre, cast: Cast
) -> None:
    await theatre.go_live()
    mark(theatre, cast)
    await theatre.look()
    await theatre.look()
    assert not theatre.is_open
    mark(theatre, cast, sensitive=False)
    await theatre.look()
    await theatre.look()
    assert theatre.is_open


async def test_the_mark_survives_a_restart(theatre: Theatre, cast: Cast) -> None:
    second = await gather(theatre, cast)
    await second.come()
    await theatre.act("admit")
    await theatre.restart()
    assert theatre.stage.officers_needed == 2


async def test_marking_is_on_record_with_its_reason_beside_the_chain(theatre: Theatre, cast: Cast) -> None:
    mark(theatre, cast)
    mark(theatre, cast)
    entry = Entry.objects.get(code="visit.sensitive")
    assert "wali" not in str(entry.data)
    mark(theatre, cast, sensitive=False)
    assert Entry.objects.filter(code="visit.not_sensitive").count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
async def test_a_mark_needs_words(theatre: Theatre, cast: Cast, reason: str) -> None:
    with pytest.raises(Refused, match="WORDS_MISSING"):
        mark(theatre, cast, reason=reason)
    assert not Visit.objects.filter(sensitive=True).exists()


async def test_a_visit_that_is_over_is_not_marked(theatre: Theatre, cast: Cast) -> None:
    Visit.objects.update(state="concluded")
    with pytest.raises(Refused, match="STATE_CHANGED"):
        mark(theatre, cast)
