from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import Client

from besuk.flow.live import reach
from besuk.flow.live.conductor import Conductor
from besuk.flow.live.models import Call, Participation
from besuk.flow.live.records import OwnThread
from besuk.flow.oversight.models import Note
from besuk.ground.kernel import clock
from besuk.ground.media.stub import StubServer
from besuk.testing.builders import approved_tie, booked_visit, call_ready, on_duty

if TYPE_CHECKING:
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse


@pytest.fixture
def call(cast: Cast) -> Call:
    on_duty(cast.lapas.staff["supervisor"], cast.lapas.facility)
    return call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)))


class Keeper:
    """A conductor with the stub of the media server, in an event loop of its own as in `besuk serve`.

    Its database thread works on the test's own connection, so that the test's end takes everything back.
    """

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        database = OwnThread()
        self.conductor = Conductor(StubServer(), database, now=clock.now, monotonic=clock.monotonic)
        shared = connections["default"]
        shared.inc_thread_sharing()
        self.run(database.run(lambda: connections.__setitem__("default", shared)))
        self.run(self.conductor.start())

    def run(self, work: Coroutine[object, object, object]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(5)

    def settled(self) -> None:
        """Wait until everything is on record: the connection is shared."""
        self.run(self.conductor.studio.records.settled())

    def stop(self) -> None:
        self.run(self.conductor.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()
        connections["default"].dec_thread_sharing()


@pytest.fixture
def keeper(call: Call, clock_at: FixedClock) -> Iterator[Keeper]:
    running = Keeper()
    reach.install(running.conductor)
    yield running
    reach.install(None)
    running.stop()


def do(client: Client, ref: str, act: str, body: object = None) -> tuple[int, dict[str, Any]]:
    """Send an act as the wall does; (status, answer)."""
    text = body if isinstance(body, str) else json.dumps(body or {})
    answer = client.post(f"/wall/calls/{ref}/{act}", text, content_type="application/json")
    return answer.status_code, answer.json()


def codes(answer: dict[str, Any]) -> list[str]:
    return [one["code"] for one in answer["refusals"]]


@pytest.mark.django_db
class TestBeforeAnythingIsDone:
    def test_an_unknown_act_does_not_exist(self, cast: Cast, call: Call, browse_as: Browse) -> None:
        status, answer = do(browse_as(cast.lapas.staff["supervisor"]), call.ref, "fly", {"key": "k"})
        assert (status, codes(answer)) == (404, ["NOT_FOUND"])

    def test_an_unknown_call_does_not_exist(self, cast: Cast, call: Call, browse_as: Browse) -> None:
        status, _ = do(browse_as(cast.lapas.staff["supervisor"]), "nothing", "watch")
        assert status == 404

    def test_another_prisons_call_does_not_exist(self, cast: Cast, call: Call, browse_as: Browse) -> None:
        status, answer = do(browse_as(cast.rutan.staff["supervisor"]), call.ref, "watch")
        assert (status, codes(answer)) == (404, ["NOT_FOUND"])

    @pytest.mark.parametrize("role", ["desk", "head", "regional", "inspector"])
    def test_only_supervisors_act(self, cast: Cast, call: Call, browse_as: Browse, role: str) -> None:
        client = browse_as(cast.lapas.staff[role])
        answer = client.post(f"/wall/calls/{call.ref}/end", "{}", content_type="application/json")
        assert answer.status_code == 403

    @pytest.mark.parametrize("body", ["{", "[]", "3", "[" * 4000, '"x"', "x" * 5000])
    def test_broken_bodies_are_refused_in_words(self, cast: Cast, call: Call, browse_as: Browse, body: str) -> None:
        status, answer = do(browse_as(cast.lapas.staff["supervisor"]), call.ref, "watch", body)
        assert (status, codes(answer)) == (400, ["FORM_INCOMPLETE"])
        assert answer["refusals"][0]["sentence"] == "Formulir ini belum lengkap."

    @pytest.mark.parametrize(
        "act", ["admit", "refuse", "warn", "pause", "resume", "mute", "unmute", "extend", "incident", "end", "note"]
    )
    def test_what_decides_needs_a_key(self, cast: Cast, call: Call, browse_as: Browse, act: str) -> None:
        status, answer = do(browse_as(cast.lapas.staff["supervisor"]), call.ref, act, {"reason": "rules"})
        assert (status, codes(answer)) == (400, ["FORM_INCOMPLETE"])

    def test_another_sites_script_cannot_act(self, cast: Cast, call: Call, browse_as: Browse) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browse_as(cast.lapas.staff["supervisor"]).cookies
        answer = strict.post(f"/wall/calls/{call.ref}/watch", "{}", content_type="application/json")
        assert answer.status_code == 403
        assert not Participation.objects.filter(role="supervisor").exists()

    def test_reading_an_act_is_no_act(self, cast: Cast, call: Call, browse_as: Browse) -> None:
        assert browse_as(cast.lapas.staff["supervisor"]).get(f"/wall/calls/{call.ref}/watch").status_code == 405

    def test_without_a_keeper_it_says_so(self, cast: Cast, call: Call, browse_as: Browse) -> None:
        status, answer = do(browse_as(cast.lapas.staff["supervisor"]), call.ref, "watch")
        assert (status, codes(answer)) == (503, ["MEDIA_UNAVAILABLE"])


@pytest.mark.django_db
class TestWithAKeeper:
    def test_watching_gives_a_place_and_a_door(self, cast: Cast, call: Call, keeper: Keeper, browse_as: Browse) -> None:
        status, answer = do(browse_as(cast.lapas.staff["supervisor"]), call.ref, "watch")
        seat = Participation.objects.get(role="supervisor")
        assert status == 200
        assert answer == {"ok": True, "participation": seat.ref, "door": f"/door/{seat.ref}"}

    def test_what_stands_in_the_way_comes_in_words(
        self, cast: Cast, call: Call, keeper: Keeper, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["supervisor"])
        status, answer = do(client, call.ref, "admit", {"key": "1"})
        assert (status, codes(answer)) == (409, ["NOT_WATCHING"])
        do(client, call.ref, "watch")
        status, answer = do(client, call.ref, "admit", {"key": "2"})
        assert status == 409
        assert "BOTH_SIDES_NOT_SEEN" in codes(answer)
        assert all(one["sentence"] and one["next"] for one in answer["refusals"])
        call.refresh_from_db()
        assert call.state == "prepared"

    def test_the_same_key_does_its_work_once(self, cast: Cast, call: Call, keeper: Keeper, browse_as: Browse) -> None:
        client = browse_as(cast.lapas.staff["supervisor"])
        do(client, call.ref, "watch")
        for _ in range(2):
            status, answer = do(client, call.ref, "note", {"key": "once", "text": "Cahaya kurang"})
            assert (status, answer["ok"]) == (200, True)
        assert [note.text for note in Note.objects.all()] == ["Cahaya kurang"]
        do(client, call.ref, "note", {"key": "another", "text": "Lagi"})
        assert Note.objects.count() == 2

    def test_refusing_an_identity_ends_the_call(
        self, cast: Cast, call: Call, keeper: Keeper, browse_as: Browse
    ) -> None:
        client = browse_as(cast.lapas.staff["supervisor"])
        do(client, call.ref, "watch")
        status, answer = do(client, call.ref, "refuse", {"key": "r", "reason": "other_person"})
        assert (status, answer["outcome"]) == (200, "visitor_failed_identity")
        keeper.settled()
        call.refresh_from_db()
        assert (call.state, call.outcome) == ("ended", "visitor_failed_identity")

    def test_a_reason_must_be_one_of_the_list(self, cast: Cast, call: Call, keeper: Keeper, browse_as: Browse) -> None:
        client = browse_as(cast.lapas.staff["supervisor"])
        do(client, call.ref, "watch")
        status, answer = do(client, call.ref, "end", {"key": "e", "reason": "I feel like it"})
        assert (status, codes(answer)) == (400, ["REASON_MISSING"])
