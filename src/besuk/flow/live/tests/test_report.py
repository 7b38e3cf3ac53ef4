from datetime import datetime, timedelta

import pytest

from besuk.flow.live.actions import report
from besuk.flow.live.models import Call, Happening, Participation
from besuk.flow.live.queries import timeline
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.media.events import PartyJoined, PartyLeft, RoomOpened, TrackStarted
from besuk.ground.media.grants import Source
from besuk.ground.media.port import Kind


@pytest.fixture
def visitor_ref(call: Call) -> str:
    return Participation.objects.get(call=call, role="visitor").ref


def test_a_report_becomes_a_fact_of_its_call(call: Call, visitor_ref: str, now: datetime) -> None:
    earlier = now - timedelta(seconds=2)
    report(event=PartyJoined("EV_1", call.room, earlier, visitor_ref, False), actor=SYSTEM, now=now)
    fact = Happening.objects.get(call=call, code="server_joined")
    assert (fact.at, fact.side, fact.data) == (earlier, "visitor", {"who": visitor_ref})


def test_a_report_from_the_future_is_dated_now(call: Call, visitor_ref: str, now: datetime) -> None:
    report(event=PartyLeft("EV_1", call.room, now + timedelta(hours=1), visitor_ref, False), actor=SYSTEM, now=now)
    assert Happening.objects.get(call=call, code="server_left").at == now


def test_a_room_of_nobody_leaves_no_fact(call: Call, now: datetime) -> None:
    assert report(event=RoomOpened("EV_1", "canteen", now), actor=SYSTEM, now=now) is None


def test_only_besuk_itself_reports(call: Call, actors: dict[str, Actor], now: datetime) -> None:
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        report(event=RoomOpened("EV_1", call.room, now), actor=actors["officer"], now=now)


def test_reports_stand_in_the_timeline_for_staff_only(call: Call, visitor_ref: str, now: datetime) -> None:
    event = TrackStarted("EV_1", call.room, now, visitor_ref, "TR_1", Kind.VIDEO, Source.CAMERA)
    report(event=event, actor=SYSTEM, now=now)
    line = next(line for line in timeline(call.visit) if line.code == "server_track_started")
    assert line.sentence == "Layanan gambar: Pengunjung mulai mengirim (gambar)."
    assert not line.outward
