"""An officer's closing act that the database did not take outlives the process."""

import asyncio

import pytest

from besuk.flow.live import records
from besuk.flow.live.models import Call, Hold
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.live.unrecorded import Unrecorded
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.models import ServiceStop

SOON_S = 0.02


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long in tests."""
    monkeypatch.setattr(records, "NOTE_AFTER_S", SOON_S)
    for module in ("holding", "stopping", "microphones"):
        monkeypatch.setattr(f"besuk.flow.live.{module}.RECORD_PATIENCE_S", 0.1)


async def die_and_come_back(theatre: Theatre) -> None:
    """The process dies while the database is away; the next one finds it again."""
    theatre.database.down, theatre.database.hung = True, False
    await theatre.restart()
    theatre.database.down = False
    await theatre.pass_by(2, beats=False)


def noted(theatre: Theatre) -> int:
    return len(list(theatre.notes.glob("*")))


async def pause(theatre: Theatre) -> tuple[bool, bool]:
    return await theatre.conductor.pause(theatre.call.ref, "other", theatre.actors["officer"])


async def test_a_pause_stands_after_the_restart_though_the_officer_is_back(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    assert await pause(theatre) == (True, False)
    assert noted(theatre) == 1
    await die_and_come_back(theatre)
    assert Hold.objects.get(cause="supervisor").lifted_at is None
    assert "supervisor" in theatre.stage.holds
    await theatre.come_in("visitor")
    await theatre.come_in("inmate")
    await theatre.watch()
    await theatre.pass_by(3)
    assert theatre.stage.holds == {"supervisor"}
    assert not theatre.is_open
    assert noted(theatre) == 0


async def test_a_database_that_hangs_is_no_excuse_either(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.hung = True
    await pause(theatre)
    assert noted(theatre) == 1
    await die_and_come_back(theatre)
    assert "supervisor" in theatre.stage.holds


async def test_an_end_stays_an_end(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    ended_at = theatre.clock.now()
    await theatre.conductor.end(theatre.call.ref, theatre.actors["officer"], reason="nudity")
    theatre.clock.move(seconds=20)
    await die_and_come_back(theatre)
    call = Call.objects.get(pk=theatre.call.pk)
    assert (call.state, call.outcome, call.ended_at) == ("ended", "ended_by_supervisor", ended_at)
    assert theatre.call.ref not in theatre.conductor.studio.stages


async def test_a_stop_of_all_stands_and_its_calls_are_over(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    facility = theatre.call.facility_id
    await theatre.conductor.stopping.stop_all(facility, theatre.actors["officer2"])
    await die_and_come_back(theatre)
    assert theatre.conductor.studio.stops.now == {facility}
    assert ServiceStop.objects.get().by_id == theatre.actors["officer2"].pk
    assert Call.objects.get(pk=theatre.call.pk).outcome == "cancelled_by_facility"
    assert Entry.objects.filter(code="service.stopped").count() == 1


async def test_a_muted_side_stays_muted(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    await theatre.conductor.mute(theatre.call.ref, "visitor", theatre.actors["officer"])
    await die_and_come_back(theatre)
    side = theatre.stage.side("visitor")
    assert side is not None
    assert side.muted


async def test_what_is_recorded_in_time_or_late_leaves_no_note(theatre: Theatre) -> None:
    await theatre.go_live()
    assert await pause(theatre) == (True, True)
    await asyncio.sleep(2 * SOON_S)
    assert noted(theatre) == 0
    await theatre.conductor.resume(theatre.call.ref, theatre.actors["officer"])
    theatre.database.down = True
    await pause(theatre)
    assert noted(theatre) == 1
    theatre.database.down = False
    await theatre.quiet()
    assert noted(theatre) == 0


async def test_what_besuk_holds_by_itself_is_not_noted(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    await theatre.pass_by(4, beats=False)
    await asyncio.sleep(2 * SOON_S)
    assert "no_supervisor" in theatre.stage.holds
    assert noted(theatre) == 0


async def test_while_the_database_is_still_away_nothing_is_taken_up_or_forgotten(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    await pause(theatre)
    await theatre.restart()
    await theatre.pass_by(2, beats=False)
    assert theatre.conductor.studio.stages == {}
    assert noted(theatre) == 1
    theatre.database.down = False
    await theatre.pass_by(2, beats=False)
    assert "supervisor" in theatre.stage.holds
    assert noted(theatre) == 0


async def test_a_note_that_cannot_be_read_stops_nothing(theatre: Theatre) -> None:
    theatre.notes.mkdir(exist_ok=True)
    (theatre.notes / "1.json").write_text("{torn")
    (theatre.notes / "2.json").write_text('{"act": "admit", "actor": {"may": {}}}')
    await theatre.restart()
    assert theatre.call.ref in theatre.conductor.studio.stages
    assert [path.name for path in sorted(theatre.notes.glob("*"))] == ["1.bad", "2.bad"]


async def test_a_folder_that_takes_no_note_does_not_keep_a_floor_open(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.notes.write_text("a file where the folder should be")
    theatre.database.down = True
    assert await pause(theatre) == (True, False)
    assert not theatre.is_open
    assert Unrecorded(theatre.notes / "none").work_off() == 0


async def test_a_note_that_fits_no_record_keeps_nobody_from_the_rest(theatre: Theatre) -> None:
    """A database restored from a backup does not know the call any more; a torn file is no act at all."""
    await theatre.go_live()
    theatre.database.down = True
    assert await pause(theatre) == (True, False)
    good = next(theatre.notes.glob("*.json"))
    lost = good.read_text(encoding="utf-8").replace(theatre.call.ref, "unknown-call")
    (theatre.notes / "00000000000.000-1-000000.json").write_text(lost, encoding="utf-8")
    (theatre.notes / "00000000000.000-1-000001.json").write_text("{", encoding="utf-8")
    await die_and_come_back(theatre)
    assert "supervisor" in theatre.stage.holds
    assert [path.suffix for path in sorted(theatre.notes.glob("*"))] == [".bad", ".bad"]


async def test_a_note_that_cannot_be_read_now_is_not_forgotten(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    assert await pause(theatre) == (True, False)
    theatre.database.down = False
    note = next(theatre.notes.glob("*.json"))
    hidden = note.rename(note.with_suffix(".hidden"))
    note.mkdir()
    with pytest.raises(OSError):  # noqa: PT011  whatever the disk says
        Unrecorded(theatre.notes).work_off()
    note.rmdir()
    hidden.rename(note)
    assert note.exists()
