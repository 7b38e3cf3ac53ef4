"""Handing calls from one officer to another. Opening acts: on record first, then in memory and on both walls."""

from functools import partial

from besuk.flow.oversight import actions
from besuk.flow.oversight.acts.act import Act, Answer
from besuk.flow.oversight.acts.pin import must_know_pin
from besuk.flow.oversight.handovers import offer_of
from besuk.flow.oversight.models import Handover


async def offer(act: Act) -> Answer:
    """Offer one call (`call`) or all that the officer watches to the officer `to`."""
    refs = [ref] if (ref := act.text("call")) else []
    work = partial(actions.offer_handover, call_refs=refs, to=act.text("to"), actor=act.actor, now=act.now)
    rows = await act.conductor.record(work, "a handover is offered")
    mine, refs = act.actor.pk, [row.call.ref for row in rows]
    offers = act.conductor.studio.offers
    for one in [one for one in offers.values() if one.by_pk == mine and one.call_ref in refs]:
        del offers[one.pk]  # offered to somebody else before
    _keep(act, rows)
    return {}


async def accept(act: Act) -> Answer:
    """Take what `by` offers, with the PIN: a place beside them until this officer is seen to watch.

    Raises Refused(OWN_PIN_WRONG), (HANDOVER_GONE), (NO_SHIFT), (WALL_FULL).
    """
    await must_know_pin(act)
    act.conductor.attendants.vigilance.confirm(act.actor)
    work = partial(actions.accept_handover, by=act.text("by"), actor=act.actor, now=act.now)
    taken = await act.conductor.record(work, "a handover is accepted")
    for row, place in taken:
        if row.call.ref in act.conductor.studio.stages:
            act.conductor.officer_came(row.call.ref, place)
    _keep(act, [row for row, _ in taken])
    return {}


async def decline(act: Act) -> Answer:
    """Say no to what `by` offers."""
    work = partial(actions.decline_handover, by=act.text("by"), actor=act.actor, now=act.now)
    _forget(act, await act.conductor.record(work, "a handover is declined"))
    return {}


async def withdraw(act: Act) -> Answer:
    """Take back what was offered to `to`."""
    work = partial(actions.withdraw_handover, to=act.text("to"), actor=act.actor, now=act.now)
    _forget(act, await act.conductor.record(work, "a handover is withdrawn"))
    return {}


def _keep(act: Act, rows: list[Handover]) -> None:
    act.conductor.studio.offers.update({row.pk: offer_of(row) for row in rows})
    act.conductor.news.tell_walls()


def _forget(act: Act, rows: list[Handover]) -> None:
    for row in rows:
        act.conductor.studio.offers.pop(row.pk, None)
    act.conductor.news.tell_walls()
