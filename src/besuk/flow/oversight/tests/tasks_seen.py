"""What the tests of the task list share: hints of a browser, and the list as the wall shows it."""

from collections.abc import Collection, Mapping
from typing import cast

from besuk.flow.live.hints import Hint
from besuk.flow.live.presence import Counters, End
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight import acts
from besuk.flow.oversight.models import Task

FINE = Hint(light=120, contrast=90, motion=3, sound=0.2)
DARK = Hint(light=4, contrast=3, motion=0.1, sound=0.2)
SILENT = Hint(light=120, contrast=90, motion=3, sound=0.002)
STILL = Hint(light=120, contrast=90, motion=0.05, sound=0.002)


def listed(theatre: Theatre, role: str = "officer") -> list[Mapping[str, object]]:
    """The tasks as an officer's wall was told them last."""
    return cast(list[Mapping[str, object]], theatre.ears[role].last("wall")["tasks"])


def shown(theatre: Theatre, role: str = "officer") -> list[str]:
    """What the wall lists, without the call's name."""
    return [str(task["id"]).partition(":")[2] for task in listed(theatre, role)]


def rows(kind: str) -> list[Task]:
    return list(Task.objects.filter(kind=kind).select_related("owner", "facility", "call").order_by("pk"))


async def see(
    theatre: Theatre,
    seconds: float,
    hints: Mapping[End, Hint],
    *,
    visible: bool = True,
    frozen: Collection[End] = (),
) -> None:
    """Time goes on, and each second the officer's browser says what it measured."""
    assert theatre.wall is not None
    ends: tuple[End, End] = ("inmate", "visitor")
    for _ in range(round(seconds)):
        for end in ends:
            theatre.frames[end] += end not in frozen
        counters = {end: Counters(theatre.frames[end], theatre.frames[end]) for end in ends}
        beats, said = {theatre.call.ref: counters}, {theatre.call.ref: hints}
        theatre.conductor.wall_beat(theatre.wall, visible, beats, said)
        await theatre.pass_by(1, beats=False)


async def act_as(theatre: Theatre, role: str, act: str, **body: object) -> object:
    """One act of any officer."""
    actor = theatre.actors[role]
    return await acts.perform(act, call_ref=theatre.call.ref, body=body, actor=actor, now=theatre.clock.now())


async def meet(theatre: Theatre) -> None:
    """The call is live, and the officer has nothing to do."""
    theatre.open_wall()
    await theatre.go_live()
    await theatre.pass_by(2)
    assert shown(theatre) == []
