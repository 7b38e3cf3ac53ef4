"""What officers do about themselves, not about one call: their shift, and that they are still watching."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from besuk.flow.live.roster import OnDuty
from besuk.flow.oversight import actions
from besuk.flow.oversight.acts import handing
from besuk.flow.oversight.acts.act import Act, Answer
from besuk.flow.oversight.acts.pin import must_know_pin
from besuk.flow.oversight.roster import look_for_cover
from besuk.ground.kernel.errors import refuse


async def attention(act: Act) -> Answer:
    """One tap is enough in time; after a missed check the officer's PIN. Raises Refused(ATTENTION_MISSED)."""
    vigilance = act.conductor.attendants.vigilance
    if act.text("pin"):
        await must_know_pin(act)
        vigilance.confirm(act.actor)
    elif not vigilance.renew(act.actor.pk):
        raise refuse("ATTENTION_MISSED")
    act.conductor.tell_wall_of(act.actor)
    return {}


async def shift_start(act: Act) -> Answer:
    """Be on duty at this wall, with the PIN. Raises Refused(OWN_PIN_WRONG), (NOT_ALLOWED)."""
    facility_id = act.body.get("facility")
    if not isinstance(facility_id, int):
        raise refuse("FORM_INCOMPLETE")
    await must_know_pin(act)
    work = partial(actions.start_shift, facility_id=facility_id, wall=act.text("wall"), actor=act.actor, now=act.now)
    shift = await act.conductor.record(work, "a shift begins")
    code = act.actor.label
    act.conductor.studio.roster[act.actor.pk] = OnDuty(act.actor.pk, code, facility_id, shift.started_at, shift.wall)
    _tell_of_duty(act)
    return {}


async def shift_end(act: Act) -> Answer:
    """Be on duty no longer. Raises Refused(SHIFT_HAS_CALLS)."""
    await act.conductor.record(partial(actions.end_shift, actor=act.actor, now=act.now), "a shift ends")
    act.conductor.studio.roster.pop(act.actor.pk, None)
    _tell_of_duty(act)
    return {}


def _tell_of_duty(act: Act) -> None:
    """The walls first: what lacks an officer is read after it, and due again in ten seconds should that fail."""
    act.conductor.news.tell_walls()
    act.conductor.studio.spawn(_look_for_cover(act), "cover after a shift began or ended")


async def _look_for_cover(act: Act) -> None:
    await look_for_cover(act.conductor.studio)
    act.conductor.news.tell_walls()


DUTIES: Mapping[str, Callable[[Act], Awaitable[Answer]]] = {
    "attention": attention,
    "shift_start": shift_start,
    "shift_end": shift_end,
    "handover_offer": handing.offer,
    "handover_accept": handing.accept,
    "handover_decline": handing.decline,
    "handover_withdraw": handing.withdraw,
}
"""Act -> how. All want the capability to watch, somewhere."""
