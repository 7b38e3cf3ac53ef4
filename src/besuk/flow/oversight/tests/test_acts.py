"""Each button of the wall: who may press it, what it does to the media, what stands on record."""

import pytest

from besuk.flow.live.models import Happening, Participation
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight import acts
from besuk.flow.oversight.models import Listening, Note
from besuk.flow.oversight.models import Warning as Caution
from besuk.flow.oversight.warnings import END_REASONS, PAUSE_REASONS, WARNINGS
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast

BODIES: dict[str, dict[str, object]] = {
    "warn": {"code": "dress", "formal": True, "for": "both"},
    "pause": {"reason": "rules"},
    "mute": {"side": "inmate"},
    "extend": {"minutes": 5, "reason": "technical"},
    "incident": {"kind": "threat"},
    "unmute": {"side": "inmate"},
    "end": {"reason": "finished"},
    "refuse": {"reason": "other_person"},
    "note": {"text": "Semua tertib."},
    "take": {"task": "help_visitor"},
    "done": {"task": "help_visitor"},
    "count_people": {"count": 1},
}


def audit(code: str) -> int:
    return Entry.objects.filter(code=code).count()


async def act_as(theatre: Theatre, act: str, actor: Actor) -> None:
    await acts.perform(act, call_ref=theatre.call.ref, body=BODIES.get(act, {}), actor=actor, now=theatre.clock.now())


@pytest.mark.parametrize("act", sorted(acts.ACTS))
@pytest.mark.parametrize("who", ["visitor", "inmate", "outsider"])
async def test_no_act_is_anybodys_but_an_officers(theatre: Theatre, act: str, who: str) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="NOT_FOUND"):
        await act_as(theatre, act, theatre.actors[who])
    assert theatre.is_open


@pytest.mark.parametrize("act", sorted(acts.ACTS))
async def test_an_officer_of_another_prison_finds_no_call(theatre: Theatre, cast: Cast, act: str) -> None:
    await theatre.go_live()
    foreign = cast.rutan.actor("supervisor", theatre.clock.now())
    with pytest.raises(Refused, match="NOT_FOUND"):
        await act_as(theatre, act, foreign)
    assert theatre.is_open


WATCHERS_ONLY = [
    "admit",
    "refuse",
    "warn",
    "pause",
    "resume",
    "mute",
    "unmute",
    "extend",
    "end",
    "listen",
    "count_people",
]


@pytest.mark.parametrize("act", WATCHERS_ONLY)
async def test_an_officer_who_does_not_watch_acts_on_nothing(theatre: Theatre, act: str) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="NOT_WATCHING"):
        await act_as(theatre, act, theatre.actors["officer2"])
    assert theatre.is_open


async def test_watching_is_on_record_from_beginning_to_end(theatre: Theatre) -> None:
    await theatre.watch()
    assert audit("call.watch") == 1
    await theatre.act("unwatch")
    assert audit("call.unwatch") == 1
    assert Participation.objects.get(call=theatre.call, role="supervisor").until == theatre.clock.now()
    assert theatre.conductor.studio.stages[theatre.call.ref].watches == {}


async def test_watching_twice_is_one_place(theatre: Theatre) -> None:
    await theatre.act("watch")
    await theatre.act("watch")
    assert Participation.objects.filter(call=theatre.call, role="supervisor").count() == 1


async def test_giving_up_a_live_call_closes_it_at_once(theatre: Theatre) -> None:
    await theatre.go_live()
    passage = theatre.passages["officer"]
    await theatre.act("unwatch")
    assert not theatre.is_open
    assert passage.shut.is_set()


async def test_the_wall_is_full_at_the_limit(theatre: Theatre, cast: Cast) -> None:
    from besuk.ground.facilities.models import FacilityPolicy

    FacilityPolicy.objects.create(facility=cast.lapas.facility, values={"calls_per_supervisor": 0})
    with pytest.raises(Refused, match="WALL_FULL") as refused:
        await theatre.act("watch")
    assert refused.value.reasons[0].detail["limit"] == 0


async def test_listening_is_on_record_before_the_first_sound(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("listen")
    assert audit("call.listen") == 1
    assert Listening.objects.get(call=theatre.call).until is None
    await theatre.act("unlisten")
    assert audit("call.unlisten") == 1
    assert Listening.objects.get(call=theatre.call).until == theatre.clock.now()


async def test_listening_without_a_record_does_not_happen(theatre: Theatre) -> None:
    await theatre.go_live()
    theatre.database.down = True
    with pytest.raises(Refused, match="MEDIA_UNAVAILABLE"):
        await theatre.act("listen")
    assert theatre.stage.sign(theatre.clock.monotonic()) == "watching"


async def test_leaving_a_call_ends_listening_to_it(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("listen")
    await theatre.act("unwatch")
    assert Listening.objects.get(call=theatre.call).until is not None


@pytest.mark.parametrize(
    ("addressed", "reached"), [("both", {"visitor", "inmate"}), ("visitor", {"visitor"}), ("inmate", {"inmate"})]
)
async def test_a_warning_reaches_whom_it_is_for(theatre: Theatre, addressed: str, reached: set[str]) -> None:
    ears = {role: await theatre.listen_in(role) for role in ("visitor", "inmate")}
    await theatre.go_live()
    await theatre.act("warn", code="dress", formal=True, **{"for": addressed})
    assert {role for role, ear in ears.items() if ear.heard("warning")} == reached
    row = Caution.objects.get(call=theatre.call)
    assert (row.code, row.formal, row.addressed) == ("dress", True, addressed)
    entry = Entry.objects.get(code="call.warn")
    assert set(entry.data["shown_to"]) == reached


async def test_help_is_ticked_off_on_record_and_asked_for_anew(theatre: Theatre) -> None:
    wall, inmate = theatre.open_wall(), theatre.stage.side("inmate")
    await theatre.go_live()
    assert inmate is not None
    inmate.help_wanted = True
    await theatre.act("done", task="help_visitor")
    assert inmate.help_wanted, "the other side's request stays"
    assert audit("call.help_answered") == 0
    await theatre.act("done", task="help_inmate")
    await theatre.look()
    assert not inmate.help_wanted
    assert wall.last("wall")["tasks"] == []
    assert Entry.objects.get(code="call.help_answered").data == {"kind": "help", "side": "inmate"}


async def test_help_that_cannot_be_recorded_stays_a_task(theatre: Theatre) -> None:
    await theatre.go_live()
    side = theatre.stage.side("visitor")
    assert side is not None
    side.help_wanted = True
    theatre.database.down = True
    with pytest.raises(Exception, match="RECORD_BEHIND"):
        await theatre.act("done", task="help_visitor")
    assert side.help_wanted


async def test_a_warning_is_said_in_the_listeners_words(theatre: Theatre) -> None:
    ear = await theatre.listen_in("visitor")
    await theatre.go_live()
    await theatre.act("warn", code="dress", formal=False)
    warning = ear.last("warning")
    assert warning["text"] == "Mohon berpakaian sopan selama kunjungan."
    assert warning["for"] == "both"
    assert warning["formal"] is False


async def test_a_warning_is_shown_while_the_database_is_down_and_recorded_after(theatre: Theatre) -> None:
    ear = await theatre.listen_in("visitor")
    await theatre.go_live()
    theatre.database.down = True
    await theatre.act("warn", code="dress", formal=True)
    assert ear.heard("warning") == 1
    theatre.database.down = False
    await theatre.quiet()
    assert Caution.objects.count() == 1


@pytest.mark.parametrize("act", ["warn", "pause", "end", "refuse"])
async def test_an_unknown_reason_is_refused_and_nothing_happens(theatre: Theatre, act: str) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="REASON_MISSING"):
        await theatre.act(act, reason="because", code="because")
    assert theatre.is_open


async def test_an_outcome_that_is_not_an_officers_to_say_is_refused_before_anything_ends(theatre: Theatre) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="REASON_MISSING"):
        await theatre.act("end", reason="finished", outcome="visitor_absent")
    assert theatre.is_open


@pytest.mark.parametrize(("reason", "outcome"), [(reason, outcome) for reason, (_, outcome) in END_REASONS.items()])
async def test_each_reason_to_end_has_its_outcome(theatre: Theatre, reason: str, outcome: str) -> None:
    await theatre.go_live()
    assert (await theatre.act("end", reason=reason))["outcome"] == outcome
    theatre.call.refresh_from_db()
    assert (theatre.call.outcome, theatre.call.end_reason) == (outcome, reason)


async def test_a_pause_has_its_reason_on_record(theatre: Theatre) -> None:
    await theatre.go_live()
    for reason in PAUSE_REASONS:
        await theatre.act("pause", reason=reason)
        await theatre.act("resume")
    data = Entry.objects.filter(code="call.hold", data__cause="supervisor").values_list("data", flat=True)
    assert [one["reason"] for one in data] == list(PAUSE_REASONS)


async def test_the_identity_is_refused_only_before_admit(theatre: Theatre) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match="STATE_CHANGED"):
        await theatre.act("refuse", reason="other_person")
    assert theatre.is_open


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
async def test_a_note_has_words_and_not_too_many(theatre: Theatre, text: str) -> None:
    await theatre.watch()
    with pytest.raises(Refused, match="FORM_INCOMPLETE"):
        await theatre.act("note", text=text)
    assert not Note.objects.exists()


async def test_a_note_stands_beside_the_chain(theatre: Theatre) -> None:
    await theatre.watch()
    await theatre.act("note", text="Anak kecil ikut melambaikan tangan.")
    entry = Entry.objects.get(code="call.note")
    assert entry.text.words == "Anak kecil ikut melambaikan tangan."
    assert "Anak" not in str(entry.data)


async def test_a_double_click_does_its_work_once(theatre: Theatre) -> None:
    await theatre.watch()
    first = await theatre.act("note", text="Satu", key="k1")
    second = await theatre.act("note", text="Satu", key="k1")
    assert first == second
    assert Note.objects.count() == 1


async def test_an_act_that_nobody_knows_does_not_exist(theatre: Theatre) -> None:
    with pytest.raises(Refused, match="NOT_FOUND"):
        await theatre.act("applaud")


async def test_every_warning_stands_in_the_timeline_in_words(theatre: Theatre) -> None:
    from besuk.flow.live.queries import timeline

    await theatre.go_live()
    for code in WARNINGS:
        await theatre.act("warn", code=code, formal=True)
    lines = [line.sentence for line in timeline(theatre.call.visit) if line.code == "warned"]
    assert len(lines) == len(WARNINGS)
    assert all(warning.text in line for warning, line in zip(WARNINGS.values(), lines, strict=True))


async def test_what_officers_do_is_evidence_of_the_call(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("warn", code="dress", formal=True)
    await theatre.act("listen")
    codes = set(Happening.objects.filter(call=theatre.call).values_list("code", flat=True))
    assert {"watched", "admitted", "warned", "listened"} <= codes
