"""Writing down what happened in a call: its evidence, and the timeline that everybody reads."""

from collections.abc import Mapping
from datetime import datetime

from besuk.flow.live.models import Call, Happening
from besuk.ground.accounts.capabilities import SYSTEM_RUN
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.unit import current, unit

Fact = Mapping[str, str | int | bool]


def happened(call: Call, code: str, *, now: datetime, side: str = "", data: Fact | None = None) -> Happening:
    """Add a fact to the evidence inside the open unit (for actions of this step and those to its right)."""
    current()
    return Happening.objects.create(call=call, at=now, code=code, side=side, data=dict(data or {}))


def witness(
    *, call_ref: str, code: str, actor: Actor, now: datetime, side: str = "", data: Fact | None = None
) -> Happening:
    """Note what the keeper saw or the media server reported. Raises Call.DoesNotExist."""
    call = Call.objects.get(ref=call_ref)
    actor.must(SYSTEM_RUN, call.facility_id)
    with unit():
        return happened(call, code, now=now, side=side, data=data)
