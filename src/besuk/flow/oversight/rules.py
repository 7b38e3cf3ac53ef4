"""What an officer may do with a call. Pure; codes come from the tables in `warnings.py`."""

from collections.abc import Collection, Sequence

from besuk.ground.kernel.errors import Refusal, because

LONGEST_NOTE = 500
MOST_PEOPLE = 20
"""More than anybody sees in one picture."""


def may_watch(*, on_duty: bool, watching: int, limit: int, watches_already: bool) -> list[Refusal]:
    """Whether the officer is on duty, and one more call fits on their wall."""
    reasons = [] if on_duty else [because("NO_SHIFT")]
    return reasons if watches_already or watching < limit else [*reasons, because("WALL_FULL", limit=limit)]


def may_hand_over(officer: str, *, on_duty: bool, watches: bool, calls: int, room: int) -> list[Refusal]:
    """Whether an officer can be given so many calls more: on duty here, not watching one of them, with room for all."""
    if not on_duty:
        return [because("HANDOVER_NOT_ON_DUTY")]
    reasons = [because("HANDOVER_WATCHES_ALREADY", officer=officer)] if watches else []
    return reasons if calls <= room else [*reasons, because("HANDOVER_NO_ROOM", officer=officer, room=room)]


def without_cover(due: Sequence[tuple[str, int]], room: Sequence[int]) -> list[str]:
    """Which of the due calls (name, officers needed), in order, the officers on duty have no room for.

    `room`: how many more calls each of them may watch. Whoever has most room gets the next.
    """
    left, bare = list(room), []
    for name, needed in due:
        left.sort(reverse=True)
        if len(left) < needed or left[needed - 1] < 1:
            bare.append(name)
            continue
        left[:needed] = [one - 1 for one in left[:needed]]
    return bare


def known_reason(code: str, known: Collection[str]) -> list[Refusal]:
    """A reason has to be one of the list."""
    return [] if code in known else [because("REASON_MISSING")]


def note_fits(text: str) -> list[Refusal]:
    """A note has words, and not too many."""
    return [] if 0 < len(text.strip()) <= LONGEST_NOTE else [because("FORM_INCOMPLETE")]


def may_read_support(staff_pk: int, *, named: int | None, received_by: int | None) -> bool:
    """Whether this officer may read what was written: the one it was given to, and whoever took it on."""
    given_to_all = named is None and received_by is None
    return given_to_all or staff_pk in {named, received_by}


def may_take(*, owner: str, is_here: bool) -> list[Refusal]:
    """Whether a task is free: nobody's, or that of somebody who has left their wall."""
    return [because("TASK_TAKEN", officer=owner)] if owner and is_here else []


def may_finish(*, by_hand: bool, watches: bool, is_owner: bool) -> list[Refusal]:
    """Whether this officer's word ends a task: they watch the call or took the task, and a word is enough for it."""
    reasons = [] if by_hand else [because("TASK_ENDS_ITSELF")]
    return reasons if watches or is_owner else [*reasons, because("TASK_NOT_YOURS")]


def countable(count: int) -> list[Refusal]:
    """A count of people in a picture is a small whole number."""
    return [] if 0 <= count <= MOST_PEOPLE else [because("COUNT_UNCLEAR", most=MOST_PEOPLE)]
