"""What the media server reports by webhook: evidence of a call. Nothing is decided by it."""

from datetime import datetime

from besuk.flow.live.actions.witness import happened
from besuk.flow.live.models import Call, Happening
from besuk.ground.accounts.capabilities import SYSTEM_RUN
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.unit import unit
from besuk.ground.media.events import (
    MediaEvent,
    PartyJoined,
    PartyLeft,
    RoomClosed,
    RoomOpened,
    TrackStarted,
    TrackStopped,
)

CODES: dict[type[MediaEvent], str] = {
    RoomOpened: "server_room_opened",
    RoomClosed: "server_room_closed",
    PartyJoined: "server_joined",
    PartyLeft: "server_left",
    TrackStarted: "server_track_started",
    TrackStopped: "server_track_stopped",
}


def report(*, event: MediaEvent, actor: Actor, now: datetime) -> Happening | None:
    """Keep a verified report as a fact of its call, dated as the media server dated it (never later than now).

    None for rooms that are no call's.
    """
    with unit():
        call = Call.objects.filter(room=event.room).first()
        if call is None or type(event) not in CODES:
            return None
        actor.must(SYSTEM_RUN, call.facility_id)
        identity = event.identity if isinstance(event, PartyJoined | PartyLeft | TrackStarted | TrackStopped) else ""
        seat = call.participations.filter(ref=identity).first() if identity else None
        data: dict[str, str | int | bool] = {"who": identity} if identity else {}
        if isinstance(event, TrackStarted):
            data["kind"] = event.kind.value
        side = seat.role if seat else ""
        return happened(call, CODES[type(event)], now=min(event.at, now), side=side, data=data)
